"""A fault at any call of AWS, of any function, then redelivery, ends as if nothing had been."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.account import Account
from tests.faults.injector import Fault, Injector
from tests.faults.redelivery import Redelivery, run
from tests.faults.registry import SCENARIOS
from tests.faults.scenario import SendUnknown
from tests.faults.summary import POINTS, SENT_TWICE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.scenario import Scenario

FUNCTIONS = Path(__file__).parents[2] / "functions"
SCENARIO = {
    f"{function}-{scenario.__name__}": scenario
    for function, scenarios in SCENARIOS.items()
    for scenario in scenarios
}
# A crash before a call is one after the call before it.
KINDS = (Fault.CRASH_AFTER, Fault.REFUSED, Fault.ANSWER_LOST)


def test_every_function_is_tried() -> None:
    folders = {path.parent.name for path in FUNCTIONS.glob("*/handler.py")}
    assert set(SCENARIOS) == folders


@pytest.mark.usefixtures("mocked_aws")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SCENARIO)
def test_a_fault_anywhere_and_redelivery_end_as_if_nothing_had_been(
    name: str, kind: Fault, record_property: Callable[[str, object], None]
) -> None:
    work = _Work(SCENARIO[name]())
    changed, twice = [], []
    points = work.points(kind)
    for place, redelivery in points:
        point = SendUnknown(place, work.calls[place], kind.takes_effect)
        for after in work.left(Injector(place, kind), redelivery):
            if _sent_twice(after, work.undisturbed):
                twice.append(point)
            elif after != work.undisturbed:
                changed.append((*point, redelivery))
    assert changed == []
    assert set(twice) == {
        point for point in work.send_unknown if point.takes_effect is kind.takes_effect
    }
    record_property(POINTS, len(points))
    record_property(SENT_TWICE, [f"{name} {kind} {point.operation}" for point in twice])


class _Work:
    """A scenario that is begun again for each try.

    Attributes:
        calls: the operation of each call of AWS, undisturbed.
        undisturbed: what is then left.
        send_unknown: as the scenario declares it.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._bodies = scenario.prepare()
        self._account = Account()
        self._most = 0
        self._alone = False
        counting = Injector()
        (self.undisturbed,) = self.left(counting, Redelivery.REST)
        self._counted = counting
        self.calls = counting.made
        self.send_unknown = scenario.send_unknown
        self._alone = self._most == len(counting.begun) == 1

    def points(self, kind: Fault) -> list[tuple[int, Redelivery]]:
        """The places for a kind of fault, with each way to deliver again."""
        return list(product(self._counted.places(kind), self._ways()))

    def left(self, injector: Injector, redelivery: Redelivery) -> Iterator[dict[str, object]]:
        """What is left when all is done, and when work of one message is delivered once more."""
        self._account.put_back()
        self._scenario.begin()
        self._most = run(self._scenario, self._bodies, injector, redelivery)
        yield self._scenario.everything()
        if self._alone:
            run(self._scenario, self._bodies, Injector(), redelivery)
            yield self._scenario.everything()

    def _ways(self) -> tuple[Redelivery, ...]:
        if self._alone:
            # Once more in any case.
            return (Redelivery.REST,)
        # One message has no order.
        return tuple(Redelivery) if self._most > 1 else (Redelivery.REST, Redelivery.TWICE)


def _sent_twice(after: dict[str, object], undisturbed: dict[str, object]) -> bool:
    """Whether all is as it should be, but that a provider was asked for the same again."""
    sent, expected = (each.get("sent", []) for each in (after, undisturbed))
    assert isinstance(sent, list)
    assert isinstance(expected, list)
    return (
        {**after, "sent": expected} == {**undisturbed, "sent": expected}
        and len(sent) > len(expected)
        and set(sent) == set(expected)
    )
