"""Reading the ranges of a file gives what reading the file gives, whatever their size."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from result_intake.cutting import cut
from result_intake.reading import read_items
from result_intake.recognition import Dialect, recognise
from tests.unit.result_intake.hl7_message import MSH, NOW, OBR, OBX, PID, SOUND, message
from vigie.results.reading import Item

BROKEN = b"MSH|^^^^|\r"
CRLF = message(MSH, PID, OBR, OBX, OBX, end="\r\n")
MLLP = b"\x0b" + SOUND.rstrip(b"\r") + b"\x1c"
STRAY = message("BTS|1") + b"stray\r\nlines\n"
TORN = message(MSH, PID, OBR, OBX.replace("du Port", "du\rPort"))
ROW = "1;A1;94500-6;F;2022-01-10T09:00:00Z\n"
BUNDLE = json.dumps({"resourceType": "Bundle", "type": "message", "entry": []}) + "\n"


def whole(content: bytes, dialect: Dialect) -> list[Item]:
    return list(read_items([content], dialect, now=NOW))


def in_ranges(content: bytes, dialect: Dialect, size: int, chunk: int) -> list[Item]:
    chunks = [content[at : at + chunk] for at in range(0, len(content), chunk)]
    ranges = list(cut(chunks, dialect, size=size))
    assert all(before.end == after.first for before, after in pairwise(ranges))
    assert ranges[-1].end == len(content)
    assert all(each.end - each.first >= size for each in ranges[:-1])
    return [
        item
        for each in ranges
        for item in read_items(
            [content[each.first : each.end]],
            dialect,
            now=NOW,
            first_record=each.first_record,
            first_line=each.first_line,
        )
    ]


SIZES = st.integers(1, 3000)
CHUNKS = st.integers(1, 700)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([SOUND, CRLF, BROKEN, MLLP, STRAY, TORN, b"\r\n"]), min_size=1, max_size=8
    ),
    SIZES,
    CHUNKS,
)
def test_hl7(parts: list[bytes], size: int, chunk: int) -> None:
    content = b"FHS|^~\\&\r" + SOUND + b"".join(parts)
    dialect = recognise(content)
    assert in_ranges(content, dialect, size, chunk) == whole(content, dialect)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([BUNDLE, "\n", "{}\r\n", "broken\n", '{"resourceType":"Patient"}\n']),
        max_size=12,
    ),
    SIZES,
    CHUNKS,
)
def test_ndjson(parts: list[str], size: int, chunk: int) -> None:
    content = (BUNDLE + "".join(parts)).encode()
    dialect = recognise(content)
    assert in_ranges(content, dialect, size, chunk) == whole(content, dialect)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([ROW, "\n", "é;\r\n", 'x;"\n', ROW * 3]), min_size=1, max_size=12),
    SIZES,
    CHUNKS,
)
def test_csv(parts: list[str], size: int, chunk: int) -> None:
    content = ("vigie_csv_1;result_id;loinc;status;sampled_at\n" + "".join(parts)).encode()
    dialect = recognise(content)
    assert in_ranges(content, dialect, size, chunk) == whole(content, dialect)


@pytest.mark.parametrize(("size", "ranges"), [(1, 20), (len(SOUND) + 1, 10), (10**9, 1)])
def test_a_range_ends_with_the_message_that_fills_it(size: int, ranges: int) -> None:
    found = list(cut([SOUND * 20], recognise(SOUND), size=size))
    assert len(found) == ranges
    assert [each.first_record for each in found] == list(range(1, 21, 20 // ranges))
    assert found[0].first_line == 1
