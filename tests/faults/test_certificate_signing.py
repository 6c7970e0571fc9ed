"""A crash or an error at any call of AWS, then redelivery, ends as if nothing had been."""

from contextlib import suppress
from typing import Any, NamedTuple

import pytest

from tests.faults.injector import Crash, Fault, Injector
from tests.functions.certificate_signing.world import World, at
from vigie.certificates.recovery_due import RecoveryDue
from vigie.results.codes import Outcome, Status

LOAD = ["Query", "GetItem"]
DRAFT = ["Decrypt", "GenerateMac"]
ISSUE = ["GetParameter", "Sign", "GenerateDataKey", "PutItem"]
CHECK, TELL = ["GetItem"], ["PublishBatch"]


class Scenario(NamedTuple):
    """Work to interrupt: what was delivered before, what is then stored, the calls it takes."""

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
        [*LOAD, *DRAFT, "UpdateItem", *TELL, *ISSUE, *CHECK, *TELL],
    ),
    "withdraw": Scenario(
        {}, {"version": 2, "status": Status.WITHDRAWN}, 1, [*LOAD, "UpdateItem", *TELL, *CHECK]
    ),
    "defer": Scenario(None, {"outcome": Outcome.DETECTED}, 1, [*LOAD, *DRAFT, "PutItem", *CHECK]),
    "release": Scenario(
        {"outcome": Outcome.DETECTED},
        {"outcome": Outcome.DETECTED},
        11,
        [*LOAD, *DRAFT, *ISSUE, "DeleteItem", *CHECK, *TELL],
    ),
}


# A crash before a call leaves what a refusal of it leaves.
FAULTS = (Fault.CRASH_AFTER, Fault.REFUSED, Fault.ANSWER_LOST)


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def _prepare(world: World, scenario: Scenario, result_id: str) -> str:
    body = RecoveryDue(result_id=result_id).model_dump_json()
    world.now = at(0)
    if scenario.earlier is not None:
        world.result(result_id=result_id, **scenario.earlier)
        world.deliver(body)
    world.events()
    world.result(result_id=result_id, **scenario.current)
    world.now = at(scenario.day)
    return body


def _ended(world: World, result_id: str) -> tuple[object, ...]:
    """What is in the table of a result and was told of it, without what is random or its own."""
    certificates = [
        certificate.model_dump(exclude={"hcert", "result_id", "uvci_hash", "signature_hash"})
        for certificate in world.certificates()
        if certificate.result_id == result_id
    ]
    reminders = [
        row["due_on"]["S"].partition("#")[0]
        for row in world.rows()
        if row["result_id"]["S"] == result_id and "hcert" not in row
    ]
    told = {
        (event.type, event.certificate, event.occurred_at)  # type: ignore[union-attr]
        for event in world.events()
    }
    return certificates, reminders, told


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_interrupted_message_ends_as_one_that_was_not(world: World, name: str) -> None:
    scenario = SCENARIOS[name]
    body = _prepare(world, scenario, "reference")
    calls = Injector()
    with calls.switched_on():
        assert world.deliver(body) == []
    assert calls.made == scenario.calls
    reference = _ended(world, "reference")
    for place, call in enumerate(scenario.calls):
        for fault in FAULTS:
            result_id = f"{fault} {place}"
            body = _prepare(world, scenario, result_id)
            with suppress(Crash), Injector(place, fault).switched_on():
                assert world.deliver(body) == ["0"]
            assert world.deliver(body) == [], (fault, place, call)
            assert _ended(world, result_id) == reference, (fault, place, call)
    for certificate in world.certificates():
        assert world.verified(certificate).trusted
