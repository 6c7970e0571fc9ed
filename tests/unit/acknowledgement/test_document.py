"""The acknowledgement as a laboratory gets it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from vigie.acknowledgement.document import documents
from vigie.acknowledgement.fragment import Entry, Fragment
from vigie.inbox import EntryOutcome, FilePart, FileRecord, FileState, InboxFile
from vigie.results.reading import Breach, Level

FILE = InboxFile(
    bucket="inbox",
    key="750000001/a.csv",
    version_id="v1",
    size=300,
    received_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
)
PARTS = (FilePart(20, 100, 1, 2), FilePart(100, 200, 5, 6), FilePart(200, 300, 9, 10))
RULE = Breach(code="birth-date-missing", level=Level.ERROR, place="line 2", message="Say when.")


def a_record(*done: int) -> FileRecord:
    return FileRecord(
        file=FILE, state=FileState.RECEIVED, format="csv", parts=PARTS, done=frozenset(done)
    )


def a_fragment(part: int, *, place: str = "line 2") -> Fragment:
    entry = Entry(
        ordinal=f"{part}.1", place=place, outcome=EntryOutcome.REJECTED, rules=(RULE, RULE)
    )
    return Fragment(counts={EntryOutcome.ACCEPTED: 2, EntryOutcome.REJECTED: 1}, entries=(entry,))


def written(record: FileRecord, *fragments: Fragment) -> tuple[dict[str, Any], list[list[str]]]:
    with documents(record, iter(fragments)) as (as_json, as_csv):
        sheet = io.StringIO(as_csv.body.read().decode("utf-8-sig"), newline="")
        return json.loads(as_json.body.read()), list(csv.reader(sheet, delimiter=";"))


def test_the_summary_adds_up_and_comes_before_the_entries() -> None:
    told, _ = written(a_record(1, 2, 3), *(a_fragment(part) for part in (1, 2, 3)))
    assert told["state"] == "complete"
    assert list(told)[-3:] == ["summary", "omitted", "entries"]
    counts = dict(told["summary"])
    assert counts.pop("items") == sum(counts.values()) == 9
    assert (counts["accepted"], counts["rejected"]) == (6, 3)
    assert [entry["ordinal"] for entry in told["entries"]] == ["1.1", "2.1", "3.1"]
    assert told["entries"][0]["rules"][0] == RULE.model_dump(mode="json")
    assert told["file"] == {
        "id": FILE.file_id,
        "path": "750000001/a.csv",
        "version_id": "v1",
        "received_at": "2026-11-21T09:30:00+00:00",
        "size": 300,
        "format": "csv",
    }


def test_a_missing_part_makes_it_incomplete_and_is_named_by_its_bytes() -> None:
    told, sheet = written(a_record(1, 3), a_fragment(1), a_fragment(3))
    assert told["state"] == "incomplete"
    assert told["missing"] == [{"part": 2, "first_byte": 100, "last_byte": 199}]
    assert sheet[2][:3] == ["", "bytes 100-199", "missing"]


def test_a_file_refused_as_a_whole_is_rejected_with_the_rule() -> None:
    told, sheet = written(a_record(1, 2, 3), Fragment(counts={}, rules=(RULE,)))
    assert told["state"] == "rejected"
    assert told["rules"] == [RULE.model_dump(mode="json")]
    assert told["entries"] == []
    assert sheet[2] == ["", "file", "rejected", "", "error", RULE.code, RULE.place, RULE.message]


def test_the_same_fragments_give_the_same_bytes() -> None:
    def bytes_of() -> tuple[bytes, bytes]:
        with documents(a_record(1, 2, 3), [a_fragment(1)]) as (as_json, as_csv):
            return as_json.body.read(), as_csv.body.read()

    assert bytes_of() == bytes_of()
    assert bytes_of()[1].startswith(b"\xef\xbb\xbf")


def test_each_rule_has_a_row() -> None:
    _, sheet = written(a_record(1, 2, 3), a_fragment(1))
    assert sheet[0] == [
        "item",
        "place",
        "outcome",
        "result_id",
        "level",
        "rule",
        "rule_place",
        "message",
    ]
    assert sheet[1][2] == "complete"
    assert sheet[2] == sheet[3]
    assert sheet[2][:6] == ["1.1", "line 2", "rejected", "", "error", "birth-date-missing"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    _, sheet = written(a_record(1, 2, 3), a_fragment(1, place=f"{start}HYPERLINK(1)"))
    assert sheet[2][1] == f"'{start}HYPERLINK(1)"


def test_a_separator_inside_a_cell_does_not_make_two() -> None:
    _, sheet = written(a_record(1, 2, 3), a_fragment(1, place='line 2; column "a"\nb'))
    assert sheet[2][1] == 'line 2; column "a"\nb'
