"""A zip archive is answered as the files in it are, entry by entry."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.functions.resources import items, objects
from tests.functions.result_intake.samples import Sample, csv_of, fhir_of, hl7_of, ndjson_of
from tests.functions.result_intake.world import LABORATORY

if TYPE_CHECKING:
    from tests.functions.result_intake.world import World

KEY = f"{LABORATORY}/many.zip"
SECRET = "Quetzalcoatl"  # of a person, in a file's name


def packed(*contents: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents, start=1):
            archive.writestr(f"../{SECRET}/{number}.dat", content)
    return held.getvalue()


ENTRIES = (
    csv_of(
        *(Sample(accession=f"C{n}") for n in range(6)),
        Sample(birth_date="1969-14-14"),
        Sample(mode="T"),
    ),
    hl7_of(*(Sample(accession=f"H{n}") for n in range(6))),
    b"a note to whom it may concern",
    ndjson_of(*(Sample(accession=f"N{n}") for n in range(6))),
    packed(csv_of(Sample(accession="nested"))),
    gzip.compress(csv_of(Sample(accession="nested"))),
    fhir_of(Sample(accession="F1")),
)


@pytest.mark.parametrize("part_bytes", [10**6, 1500])
def test_each_entry_is_read_in_its_own_format(world: World, part_bytes: int) -> None:
    world.part_bytes = part_bytes
    answer = world.send("many.zip", packed(*ENTRIES))
    assert answer["state"] == "complete"
    assert answer["file"]["format"] == "zip"
    assert answer["summary"]["accepted"] == 19
    assert answer["summary"]["test"] == 1
    told = {each["place"]: [rule["code"] for rule in each["rules"]] for each in answer["entries"]}
    assert told == {
        "entry 1, line 8": ["birth-date-malformed"],
        "entry 1, line 9": [],
        "entry 3": ["entry-format-unknown"],
        "entry 5": ["entry-archive"],
        "entry 6": ["entry-archive"],
    }
    assert len(world.results()) == 19


def test_the_answer_does_not_depend_on_where_it_is_cut(world: World) -> None:
    content = packed(*ENTRIES)
    answers = []
    for part_bytes in (10**6, 3000, 700):
        world.forget()
        world.part_bytes = part_bytes
        answer = world.send("many.zip", content)
        del answer["file"]["id"], answer["file"]["version_id"]
        answers.append((answer, [result.result_id for result in world.results()]))
    assert answers[0] == answers[1] == answers[2]


def test_parts_again_and_the_file_again_change_nothing(world: World) -> None:
    world.part_bytes = 700
    message = world.upload(KEY, packed(*ENTRIES))
    assert world.deliver(message) == []
    first = world.waiting()
    assert world.deliver(message, *first, *first) == []
    assert world.deliver(*world.waiting()) == []
    before = world.everything()
    assert world.deliver(message, *first) == []
    assert world.everything() | {"events": 0} == before | {"events": 0}
    assert len(world.results()) == 19
    assert "open_shard" not in items("files")[0]


def test_an_archive_of_nothing_that_is_read_is_answered(world: World) -> None:
    for part_bytes in (10**6, 4):
        world.forget()
        world.part_bytes = part_bytes
        answer = world.send("notes.zip", packed(b"a note", b"another note"))
        assert (answer["state"], answer["summary"]["rejected"]) == ("complete", 2)
        assert {each["ordinal"] for each in answer["entries"]} == {"1/0", "2/0"}


def test_entries_without_records_are_answered(world: World) -> None:
    world.part_bytes = 4
    answer = world.send("empty.zip", packed(csv_of(Sample()).splitlines()[0]))
    assert (answer["state"], answer["summary"]["items"]) == ("complete", 0)


@pytest.mark.parametrize("part_bytes", [10**6, 700])
def test_nothing_is_taken_from_a_damaged_archive(world: World, part_bytes: int) -> None:
    world.part_bytes = part_bytes
    content = bytearray(packed(*ENTRIES))
    # In the last entry: whoever reads from the beginning finds it last.
    content[content.rindex(b"PK\x03\x04") + 80] ^= 0xFF
    answer = world.send("damaged.zip", bytes(content))
    assert [each["code"] for each in answer["rules"]] == ["zip-malformed"]
    assert (answer["state"], world.results(), world.events()) == ("rejected", [], [])
    assert [name for name in objects("workspace") if name.endswith("unpacked")] == []


def test_an_archive_in_gzip_is_refused(world: World) -> None:
    answer = world.send("many.zip.gz", gzip.compress(packed(*ENTRIES)))
    assert [each["code"] for each in answer["rules"]] == ["archive-nested"]


def test_names_in_an_archive_are_told_nowhere(world: World) -> None:
    world.part_bytes = 700
    world.deliver(world.upload(KEY, packed(*ENTRIES)))
    messages = world.waiting()
    world.deliver(*messages)
    left = json.dumps([*messages, world.log.getvalue(), *map(repr, items("files"))])
    assert SECRET not in left
    assert all(SECRET.encode() not in body for body in objects("outbox").values())
