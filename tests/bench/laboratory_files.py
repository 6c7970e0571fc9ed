"""Reading laboratory files, against what others take to parse the same bytes and no more."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import hl7
from fhir.resources.R4B.bundle import Bundle

from demo.csv_file import write_csv
from demo.fhir_bundles import write_ndjson
from demo.hl7_batch import write_batch
from demo.morning import LABORATORIES, invent_test
from result_intake.reading import read_items
from result_intake.recognition import HEAD, recognise
from tests.bench.full_reports import full_fhir, full_hl7
from tests.bench.ratio import Ratio, at_least, measure
from tests.bench.wide_csv import wide_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_TESTS = 50
# What is remembered of a CSV pays from the second line on that says it: laboratories send hundreds.
_LINES = 4000


def ratios() -> Iterator[Ratio]:
    """Each format, in files as the demonstration's laboratories write them, plain and in full.

    An item is read, judged by every rule and made a test result; the reference only parses. Each
    file is one that the reference accepts too.
    """
    random = Random(1)  # noqa: S311 - the same tests in every run
    laboratory = LABORATORIES[0]
    tests = [invent_test(random, laboratory, number, _NOW) for number in range(_TESTS)]
    written = (tests, laboratory.finess, laboratory.name)
    batch, bundles = write_batch(*written), write_ndjson(*written)
    for name, content in (("HL7", batch), ("HL7 in full", full_hl7(batch))):
        yield _ratio(name, content, "python-hl7", _parse_batch, 12)
    for name, content in (("FHIR", bundles), ("FHIR in full", full_fhir(bundles))):
        yield _ratio(name, content, "fhir.resources R4B", _parse_bundles, 12)
    lines = [invent_test(random, laboratory, number, _NOW) for number in range(_LINES)]
    own = write_csv(lines, laboratory.finess, laboratory.name)
    yield _ratio("CSV, 18 columns", own, "csv.DictReader", _parse_rows, 0.8)
    wide = wide_csv(lines, laboratory.name)
    yield _ratio("CSV of SimpleReport, 62 columns", wide, "csv.DictReader", _parse_rows, 0.8)


_BEGINNING = 100


def _ratio(
    name: str, content: bytes, reference: str, parse: Callable[[bytes], int], target: float
) -> Ratio:
    items = _read(content)
    if items not in {_TESTS, _LINES} or parse(content) != items:
        raise AssertionError("every test that is measured must be accepted by both")
    return measure(
        f"{name}, items read and validated",
        lambda: _read(content),
        f"{reference}, parsing only",
        lambda: parse(content),
        at_least(target),
        items=items,
    )


def _read(content: bytes) -> int:
    items = read_items([content], recognise(content[:HEAD]), now=_NOW)
    return sum(item.result is not None for item in items)


def _parse_batch(content: bytes) -> int:
    return sum(len(batch) for batch in hl7.parse_file(content.decode()))


def _parse_bundles(content: bytes) -> int:
    return len([Bundle.model_validate_json(line) for line in content.splitlines()])


def _parse_rows(content: bytes) -> int:
    text = content.decode("utf-8-sig")
    separator = ";" if ";" in text[:_BEGINNING] else ","
    return len(list(csv.DictReader(io.StringIO(text), delimiter=separator)))
