"""What is put below `test/` is judged and answered with a score, and never stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.functions.resources import objects
from tests.functions.result_intake.samples import Sample, csv_of
from tests.functions.result_intake.world import LABORATORY

if TYPE_CHECKING:
    from tests.functions.result_intake.world import World

FILE = csv_of(
    *(Sample(accession=f"A{n}") for n in range(6)),
    Sample(accession="B1", email="no address"),
    Sample(accession="C1", birth_date="1969-14-14"),
)


@pytest.mark.parametrize("part_bytes", [10**6, 400])
def test_every_item_is_a_trial_and_the_file_has_a_score(world: World, part_bytes: int) -> None:
    world.part_bytes = part_bytes
    answer = world.send("test/first.csv", FILE)
    assert answer["score"] == {
        "percent": 87,
        "accepted": 6,
        "accepted_with_warnings": 1,
        "rejected": 1,
    }
    assert answer["summary"] == answer["summary"] | {"items": 8, "test": 7, "rejected": 1}
    assert (world.results(), world.events()) == ([], [])
    sheet = objects("outbox")[f"{LABORATORY}/test/first.csv.ack.csv"].decode()
    assert "87 percent of the items would be taken" in sheet


def test_another_folder_of_that_name_is_no_sandbox(world: World) -> None:
    answer = world.send("2026/test/first.csv", FILE)
    assert "score" not in answer
    assert answer["summary"]["accepted"] == 6
    assert len(world.results()) == 7


def test_a_file_that_is_refused_scores_nothing(world: World) -> None:
    answer = world.send("test/none.csv", b"\x00\x01")
    assert (answer["state"], answer["score"]["percent"]) == ("rejected", 0)
