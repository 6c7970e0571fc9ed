"""Which calls of AWS a message takes, in which order."""

from typing import Any, NamedTuple

import pytest

from tests.faults.injector import Injector
from tests.functions.certificate_signing.world import World, at
from vigie.results.codes import Outcome, Status

LOAD = ["Query", "GetItem"]
DRAFT = ["Decrypt", "GenerateMac"]
ISSUE = ["GetParameter", "Sign", "GenerateDataKey", "PutItem"]
CHECK, TELL = ["GetItem"], ["PublishBatch"]


class Scenario(NamedTuple):
    """What was delivered before, what is then stored, on which day, and the calls it takes."""

    earlier: dict[str, Any] | None
    current: dict[str, Any]
    day: int
    calls: list[str]


SCENARIOS = {
    "issue": Scenario(None, {}, 1, [*LOAD, *DRAFT, *ISSUE, *CHECK, *TELL]),
    "correct": Scenario(
        {},
        {"version": 2, "status": Status.CORRECTED, "testing_centre": "Laboratoire du Lac"},
        1,
        [*LOAD, *DRAFT, "UpdateItem", *ISSUE, *CHECK, *TELL],
    ),
    "withdraw": Scenario(
        {}, {"version": 2, "status": Status.WITHDRAWN}, 1, [*LOAD, "UpdateItem", *CHECK, *TELL]
    ),
    "defer": Scenario(None, {"outcome": Outcome.DETECTED}, 1, [*LOAD, *DRAFT, "PutItem", *CHECK]),
    "release": Scenario(
        {"outcome": Outcome.DETECTED},
        {"outcome": Outcome.DETECTED},
        11,
        [*LOAD, *DRAFT, *ISSUE, "DeleteItem", *CHECK, *TELL],
    ),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_message_takes_these_calls_and_no_more(world: World, name: str) -> None:
    scenario = SCENARIOS[name]
    world.now = at(0)
    if scenario.earlier is not None:
        world.result(**scenario.earlier)
        world.deliver()
    world.result(**scenario.current)
    world.now = at(scenario.day)
    injector = Injector()
    with injector.switched_on():
        assert world.deliver() == []
    assert injector.made == scenario.calls
