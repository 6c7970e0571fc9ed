"""What laboratories are told is what the code does."""

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from result_intake import csv_format
from result_intake.csv_format.columns import COLUMNS
from result_intake.csv_format.line import MAX_COLUMNS, MAX_LINE
from result_intake.decompression import MAX_DECOMPRESSED, MAX_MEMBERS, MAX_RATIO
from result_intake.fhir.document import MAX_DEPTH, MAX_DOCUMENT
from result_intake.fhir.reader import MAX_TESTS
from result_intake.fhir.resource import MAX_DETAILS, MAX_VALUE
from result_intake.file_reading import MAX_FILE_BYTES
from result_intake.hl7.framing import MAX_MESSAGE, MAX_SEGMENTS
from result_intake.hl7.message import MAX_PARTICIPANTS
from result_intake.lines import MAX_LINES
from result_intake.recognition import recognise
from result_intake.rule_table import RULES
from result_intake.zip_archive import MAX_ENTRIES
from vigie.acknowledgement import Entry, EntryOutcome
from vigie.acknowledgement.fragment import MAX_LISTED
from vigie.acknowledgement.spreadsheet import COLUMNS as ACKNOWLEDGEMENT_COLUMNS
from vigie.catalogue import diseases
from vigie.errors import Rejected
from vigie.results.codes import Language
from vigie.results.reading import Breach

DOCS = Path(__file__).parents[3] / "docs"
LABORATORIES = (DOCS / "laboratories.md").read_text(encoding="utf-8")
CSV_FORMAT = (DOCS / "csv-format.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def block(text: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


def test_every_rule_is_told_as_it_is() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \| (error|warning) \| (.+) \|$", LABORATORIES, re.MULTILINE)
    assert sorted(told) == sorted(
        (rule.code, rule.level.value, rule.message) for rule in RULES.values()
    )


@pytest.mark.parametrize("head", [b"", b"\xff\xfea\x00", b"hello", b"\x1f\x8bx"])
def test_every_refusal_of_a_file_is_told(head: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        recognise(head)
    assert f"| `{caught.value.code}` |" in LABORATORIES


@pytest.mark.parametrize(
    "code", ["zip-malformed", "zip-encrypted", "zip-unsupported", "archive-nested"]
)
def test_every_refusal_of_an_archive_is_told(code: str) -> None:
    assert f"| `{code}` |" in LABORATORIES


def test_the_sample_acknowledgement_has_the_shape_of_one() -> None:
    sample = json.loads(block(LABORATORIES, "json"))
    (entry,) = sample["entries"]
    assert entry.keys() == Entry.model_fields.keys()
    assert entry["rules"][0].keys() == Breach.model_fields.keys()
    assert Entry.model_validate(entry).rules[0].message == RULES["birth-date-missing"].message
    summary = sample["summary"]
    assert list(summary) == ["items", *EntryOutcome]
    assert summary.pop("items") == sum(summary.values())


def test_every_outcome_and_column_of_the_acknowledgement_is_told() -> None:
    for name in (*EntryOutcome, *ACKNOWLEDGEMENT_COLUMNS):
        assert f"`{name}`" in LABORATORIES


def test_every_loinc_code_is_told_with_what_it_tests() -> None:
    called = {"naat": "NAAT", "antigen": "antigen test", "serology": "serology"}
    rows = re.findall(r"^\| ([\w-]+), ([\w ]+) \| ([\d, -]+) \|$", LABORATORIES, re.MULTILINE)
    told = {(name.lower(), kind, code) for name, kind, codes in rows for code in codes.split(", ")}
    assert told == {
        (disease.names[Language.ENGLISH].lower(), called[method], code)
        for disease in diseases().values()
        for code, method in disease.loinc.items()
    }


def test_additions_are_told_by_their_codes() -> None:
    for disease in diseases().values():
        for code in disease.additions:
            assert code in LABORATORIES


def test_the_letters_of_a_screening_are_told() -> None:
    screening = diseases()["covid-19"].screening
    assert screening is not None
    assert f"Ct above {screening.max_cycle_threshold:g}" in LABORATORIES
    for period in screening.periods:
        day = f"from {period.sampled_from}" if period.sampled_from else ""
        told = day or f"until {period.sampled_until}"
        (row,) = (line for line in LABORATORIES.splitlines() if line.startswith(f"| {told} |"))
        for letter, meaning in period.letters.items():
            assert f"{letter}: {meaning}" in row


def test_no_day_is_between_two_periods_of_a_screening() -> None:
    screening = diseases()["covid-19"].screening
    assert screening is not None
    for before, after in pairwise(screening.periods):
        assert before.sampled_until is not None
        assert after.sampled_from == before.sampled_until + timedelta(days=1)
    assert screening.periods[0].sampled_from is None
    assert screening.periods[-1].sampled_until is None


def test_limits_are_those_of_the_code() -> None:
    mebibyte = 1024 * 1024
    limits = LABORATORIES[LABORATORIES.index("## Limits") :]
    for told in (
        f"| file | {MAX_FILE_BYTES // (1024 * mebibyte)} GiB, {MAX_LINES:,} lines |",
        f"| unpacked | {MAX_DECOMPRESSED // (1024 * mebibyte)} GiB, {MAX_RATIO} times ",
        f"{MAX_MEMBERS:,} gzip members; {MAX_ENTRIES:,} entries of a zip archive |",
        f"| value | its first {MAX_VALUE:,} characters",
        f"| HL7 message | {MAX_MESSAGE // mebibyte} MiB, {MAX_SEGMENTS:,} segments; ",
        f"{MAX_PARTICIPANTS} PRT of an order",
        f"| FHIR Bundle | {MAX_DOCUMENT // mebibyte} MiB, {MAX_DEPTH} levels, ",
        f"{MAX_TESTS:,} tests; {MAX_DETAILS} entries",
        f"| acknowledgement | {MAX_LISTED:,} entries of each outcome",
        f"| CSV line | {MAX_LINE // 1024} KiB, {MAX_COLUMNS} columns |",
    ):
        assert told in limits


def test_every_column_is_told_as_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (yes|) \| (.+) \| (.*) \|$", CSV_FORMAT, re.MULTILINE)
    assert rows == [
        (
            column.name,
            "yes" if column.required else "",
            column.meaning,
            f"`{column.sample}`" if column.sample else "",
        )
        for column in COLUMNS
    ]


def test_the_sample_file_breaks_no_rule() -> None:
    lines = block(CSV_FORMAT, "csv").encode().splitlines()
    items = list(csv_format.read_file(lines, now=NOW))
    assert len(items) == len(lines) - 1
    for item in items:
        assert item.result is not None
        assert item.breaches == ()


def test_the_samples_of_the_columns_break_no_rule() -> None:
    lines = [
        ";".join(column.name for column in COLUMNS),
        ";".join(column.sample for column in COLUMNS),
    ]
    (item,) = csv_format.read_file([line.encode() for line in lines], now=NOW)
    assert item.result is not None
    assert item.breaches == ()
