"""A measurement beside its reference, both in one run: machines differ, ratios travel."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 5
_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Ratio:
    """How long one thing takes beside another.

    Attributes:
        name: of what is measured.
        seconds: for one, the median of the rounds.
        reference: name of what it is measured against.
        times: the median of its time over the reference's, round by round.
        target: what `times` must not exceed; None where none is set.
    """

    name: str
    seconds: float
    reference: str
    times: float
    target: float | None = None


def measure(
    name: str,
    measured: Callable[[], object],
    reference_name: str,
    reference: Callable[[], object],
    target: float | None = None,
) -> Ratio:
    """Time two calls in turn, so that a machine whose speed drifts slows both."""
    pairs = [(_seconds_of(measured), _seconds_of(reference)) for _ in range(_ROUNDS)]
    return Ratio(
        name=name,
        seconds=statistics.median(one for one, _ in pairs),
        reference=reference_name,
        times=statistics.median(one / other for one, other in pairs),
        target=target,
    )


def _seconds_of(call: Callable[[], object]) -> float:
    calls, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < _SECONDS:
        call()
        calls += 1
    return passed / calls
