"""Only a laboratory of the register is let in, and what it sent before is not lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from result_intake import intake
from tests.functions.laboratories import register, suspend
from tests.functions.resources import items
from tests.functions.result_intake.samples import Sample, csv_of
from tests.functions.result_intake.world import LABORATORY
from vigie import aws
from vigie.acknowledgement import Acknowledger
from vigie.inbox import FileState
from vigie.inbox.file_record import from_item
from vigie.laboratories import LaboratoryState

if TYPE_CHECKING:
    from tests.functions.result_intake.world import World
    from vigie.inbox.file_summary import FileSummary

KEY = f"{LABORATORY}/a.csv"
MORNING = csv_of(Sample(), Sample(accession="A2"))


def states() -> list[tuple[FileState, bool]]:
    """The state of each file, and whether it is open."""
    return [(from_item(item).state, "open_shard" in item) for item in items("files")]


@pytest.mark.parametrize("state", ["unknown", "suspended", "removed"])
def test_a_file_of_who_is_not_let_in_is_refused_and_waits(world: World, state: str) -> None:
    if state == "unknown":
        aws.dynamodb().delete_item(TableName="laboratories", Key={"finess": {"S": LABORATORY}})
    else:
        register(LABORATORY, state=LaboratoryState(state))
    told = world.send("a.csv", MORNING)
    assert (told["state"], [rule["code"] for rule in told["rules"]]) == (
        "rejected",
        [f"laboratory-{state}"],
    )
    assert told["summary"]["items"] == 0
    assert (world.results(), world.events()) == ([], [])
    assert states() == [(FileState.REFUSED, False)]
    assert "file-not-let-in" in world.codes()


def test_a_file_that_waited_is_read_when_it_is_told_of_again(world: World) -> None:
    suspend(LABORATORY)
    said = world.upload(KEY, MORNING)
    assert world.deliver(said, said) == []
    register(LABORATORY)
    assert world.deliver(said) == []
    told = world.acknowledgement(KEY)
    assert (told["state"], told["rules"], told["summary"]["accepted"]) == ("complete", [], 2)
    assert len(world.results()) == 2
    assert states() == [(FileState.ACKNOWLEDGED, False)]


def test_who_is_let_in_while_a_file_is_refused_has_it_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspend(LABORATORY)
    refuse = Acknowledger.refuse

    def let_in_meanwhile(self: Acknowledger, *told: Any) -> FileSummary:  # noqa: ANN401 - as it is
        summary = refuse(self, *told)
        register(LABORATORY)
        return summary

    monkeypatch.setattr(Acknowledger, "refuse", let_in_meanwhile)
    assert world.send("a.csv", MORNING)["summary"]["accepted"] == 2
    assert states() == [(FileState.ACKNOWLEDGED, False)]


def test_a_file_that_waited_and_dies_when_it_is_read_is_open_for_the_sweep(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspend(LABORATORY)
    said = world.upload(KEY, MORNING)
    world.deliver(said)
    register(LABORATORY)

    def die(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(intake, "read_items", die)
    assert world.deliver(said) == ["0"]
    assert states() == [(FileState.RECEIVED, True)]


def test_a_part_that_is_on_its_way_is_finished(world: World) -> None:
    world.part_bytes = len(MORNING) // 4
    world.deliver(world.upload(KEY, MORNING))
    suspend(LABORATORY)
    assert world.deliver(*world.waiting()) == []
    assert world.acknowledgement(KEY)["summary"]["accepted"] == 2


def test_a_test_that_a_laboratory_may_not_report_costs_its_neighbours_nothing(
    world: World,
) -> None:
    register(LABORATORY, allowed=("covid-19/naat",))
    antigen = Sample(accession="A2", loinc="97097-0")
    told = world.send("a.csv", csv_of(Sample(), antigen, antigen.but(accession="A3", mode="T")))
    assert (told["summary"]["accepted"], told["summary"]["rejected"]) == (1, 2)
    for entry in told["entries"]:
        assert "test-not-allowed" in [rule["code"] for rule in entry["rules"]]
        assert entry["result_id"] is None
    assert len(world.results()) == 1


def test_what_was_reported_may_be_taken_back_whatever_is_allowed_now(world: World) -> None:
    world.send("a.csv", csv_of(Sample()))
    register(LABORATORY, allowed=("influenza",))
    told = world.send("b.csv", csv_of(Sample().at(13).but(status="W")))
    assert told["summary"]["withdrawn"] == 1


def test_the_name_and_contact_of_a_laboratory_are_not_logged(world: World) -> None:
    suspend(LABORATORY)
    world.send("a.csv", MORNING)
    for line in map(json.loads, world.log.getvalue().splitlines()):
        assert "lilas" not in json.dumps(line).lower()
