"""Reading laboratory files, against the standard library's bare parsing of the same bytes."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

from demo.csv_file import write_csv
from demo.fhir_bundles import write_ndjson
from demo.morning import LABORATORIES, invent_test
from result_intake.reading import read_items
from result_intake.recognition import HEAD, recognise
from tests.bench.ratio import Ratio, at_least, measure

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_TESTS = 50


def ratios() -> Iterator[Ratio]:
    """CSV and FHIR, items read and judged by every rule."""
    random = Random(1)  # noqa: S311 - the same tests in every run
    laboratory = LABORATORIES[0]
    tests = [invent_test(random, laboratory, number, _NOW) for number in range(_TESTS)]
    as_csv = write_csv(tests, laboratory.finess, laboratory.name)
    yield measure(
        f"CSV of {_TESTS} tests read and judged",
        lambda: _read(as_csv),
        "csv.DictReader",
        lambda: list(csv.DictReader(io.StringIO(as_csv.decode("utf-8-sig")), delimiter=";")),
        at_least(0.5),
        items=_TESTS,
    )
    as_ndjson = write_ndjson(tests, laboratory.finess, laboratory.name)
    yield measure(
        f"NDJSON of {_TESTS} Bundles read and judged",
        lambda: _read(as_ndjson),
        "json.loads",
        lambda: [json.loads(line) for line in as_ndjson.splitlines()],
        at_least(0.5),
        items=_TESTS,
    )


def _read(content: bytes) -> int:
    items = read_items([content], recognise(content[:HEAD]), now=_NOW)
    accepted = sum(item.result is not None for item in items)
    if accepted != _TESTS:
        raise AssertionError("every test that is measured must be accepted")
    return accepted
