"""Waiting for what the deployed system does in its own time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Seen = TypeVar("Seen")
_DEADLINE_SECONDS = 120
_PAUSE_SECONDS = 0.5


def until(look: Callable[[], Seen | None]) -> Seen:
    """Look again and again until there is something, and give it.

    Raises:
        AssertionError: there was nothing in time.
    """
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < deadline:
        seen = look()
        if seen:
            return seen
        time.sleep(_PAUSE_SECONDS)
    raise AssertionError("it did not happen in time")
