"""Delivering a batch until nothing of it is left, as a queue would."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tests.faults.injector import Crash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.faults.injector import Injector
    from tests.faults.scenario import Scenario

# Far more than any work takes.
_ROUNDS = 40


class Redelivery(StrEnum):
    """How messages come again after a fault.

    `REST`: those that went back, as one batch.
    `TWICE`: the whole batch, those that were done included, and once more.
    `OTHER_ORDER`: those that went back, one by one, the last first.
    """

    REST = "rest"
    TWICE = "twice"
    OTHER_ORDER = "other-order"

    def after(self, batch: Sequence[str], back: Sequence[str]) -> list[str]:
        """What is delivered again after a fault."""
        return list(batch if self is Redelivery.TWICE else back)

    def batches(self, bodies: Sequence[str]) -> list[list[str]]:
        """In which batches messages come."""
        if self is Redelivery.OTHER_ORDER:
            return [[body] for body in reversed(bodies)]
        return [list(bodies)] * (2 if self is Redelivery.TWICE else 1)


def run(
    scenario: Scenario, bodies: Iterable[str], injector: Injector, redelivery: Redelivery
) -> int:
    """Deliver as one batch until the fault, and then again until nothing waits.

    Returns:
        How many messages waited at once, at most.

    Raises:
        AssertionError: something is never done.
    """
    waiting, most = list(bodies), 0
    for _ in range(_ROUNDS):
        if not waiting:
            return most
        most = max(most, len(waiting))
        if injector.struck:
            back = _redelivered(scenario, waiting, injector, redelivery)
        else:
            back = _handed(scenario, waiting, injector)
            if injector.struck:
                back = redelivery.after(waiting, back)
        scenario.later()
        waiting = back + scenario.waiting()
    raise AssertionError("something was never done")


def _redelivered(
    scenario: Scenario, bodies: Sequence[str], injector: Injector, redelivery: Redelivery
) -> list[str]:
    back: dict[str, bool] = {}
    for batch in redelivery.batches(bodies):
        failed = _handed(scenario, batch, injector)
        back |= {body: body in failed for body in batch}
    return [body for body, goes_back in back.items() if goes_back]


def _handed(scenario: Scenario, batch: Sequence[str], injector: Injector) -> list[str]:
    try:
        with injector.switched_on():
            return scenario.deliver(batch)
    except Crash:
        return list(batch)
