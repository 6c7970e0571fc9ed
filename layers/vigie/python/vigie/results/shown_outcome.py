"""What the person whom a result is about is told of it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from vigie.results.codes import Outcome, Status

if TYPE_CHECKING:
    from vigie.results.stored_result import ResultDocument


class Standing(StrEnum):
    """How settled a result is, for the person whom it is about."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


_STANDINGS = {
    Status.PRELIMINARY: Standing.PRELIMINARY,
    Status.FINAL: Standing.FINAL,
    Status.AMENDED: Standing.CORRECTED,
    Status.CORRECTED: Standing.CORRECTED,
    Status.WITHDRAWN: Standing.WITHDRAWN,
    Status.NOT_OBTAINABLE: Standing.FINAL,
}
_WITHOUT_OUTCOME = frozenset({Standing.PRELIMINARY, Standing.WITHDRAWN})


def standing_of(result: ResultDocument) -> Standing:
    """How settled a result is."""
    return _STANDINGS[result.status]


def shown_outcome(result: ResultDocument) -> Outcome | None:
    """What a person is told that a test says; None while, or once, nothing is to be relied on."""
    if standing_of(result) in _WITHOUT_OUTCOME:
        return None
    return Outcome.NOT_OBTAINABLE if result.status is Status.NOT_OBTAINABLE else result.outcome
