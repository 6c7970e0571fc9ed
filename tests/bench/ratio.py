"""A measurement beside its reference, both in one run: machines differ, ratios travel."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 15
_SECONDS = 0.03


class Kind(Enum):
    """How a measurement is compared with its reference."""

    TIME = "times the time"
    SPEED = "times the speed"


@dataclass(frozen=True, slots=True)
class Target:
    """What is aimed at: no more than so many times the time, or so many times the speed."""

    kind: Kind
    value: float

    def __str__(self) -> str:
        sign = "≤" if self.kind is Kind.TIME else "≥"
        return f"{sign} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Ratio:
    """How long one thing takes beside another.

    Attributes:
        name: of what is measured.
        seconds: for one item.
        reference: name of what it is measured against.
        reference_seconds: for the same item.
        target: what is aimed at.
    """

    name: str
    seconds: float
    reference: str
    reference_seconds: float
    target: Target

    @property
    def value(self) -> float:
        """The ratio, as its target counts it."""
        if self.target.kind is Kind.TIME:
            return self.seconds / self.reference_seconds
        return self.reference_seconds / self.seconds

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        if self.target.kind is Kind.TIME:
            return self.value <= self.target.value
        return self.value >= self.target.value


def at_most(value: float) -> Target:
    """Aim at no more than `value` times the reference's time."""
    return Target(Kind.TIME, value)


def at_least(value: float) -> Target:
    """Aim at `value` times the reference's speed, or more."""
    return Target(Kind.SPEED, value)


def measure(  # noqa: PLR0913 - two things, their names, and how they are compared
    name: str,
    measured: Callable[[], object],
    reference_name: str,
    reference: Callable[[], object],
    target: Target,
    *,
    items: int = 1,
    rounds: int = _ROUNDS,
) -> Ratio:
    """Time two calls in turn, so that a machine whose speed drifts slows both.

    It is the processor's time that counts, and of each the fastest round: what else the
    machine does can only add to it.

    Args:
        name: of what is measured.
        measured: does it, for `items` items.
        reference_name: of what it is measured against.
        reference: does that, for the same items.
        target: what is aimed at.
        items: how many of what is counted a call does.
        rounds: how often each is timed.
    """
    pairs = [(_seconds_of(measured), _seconds_of(reference)) for _ in range(rounds)]
    seconds, reference_seconds = (min(column) / items for column in zip(*pairs, strict=True))
    return Ratio(name, seconds, reference_name, reference_seconds, target)


def _seconds_of(call: Callable[[], object]) -> float:
    calls, began = 0, time.process_time()
    while (passed := time.process_time() - began) < _SECONDS:
        call()
        calls += 1
    return passed / calls
