"""Whatever bytes come, each reader gives items that are accepted or refused by a named rule.

`pytest --hypothesis-profile=many` tries 20,000 inputs for each test.
"""

import json
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from result_intake import csv_format, fhir, hl7
from result_intake.decompression import decompressed
from result_intake.reading import read_items
from result_intake.recognition import HEAD, recognise
from result_intake.rule_table import RULES
from tests.functions.result_intake.samples import Sample, csv_of, fhir_of, hl7_of
from tests.unit.result_intake.fhir_sample import NOW, Json, sample
from tests.unit.result_intake.hl7_message import MSH, OBR, OBX, PID, message
from vigie.errors import Rejected
from vigie.results.reading import Item, Level

HL7 = hl7_of(Sample(), Sample(accession="A2")) + message(MSH, PID, OBR, OBX, OBX)
CSV = csv_of(Sample(), Sample(accession="A2"), Sample(mode="T"))
NDJSON = fhir_of(Sample()) + b"\n" + json.dumps(sample()).encode() + b"\n"
GZIP = bytes.fromhex("1f8b08000000000000ff")

# What the syntax of a format is made of, and what breaks texts and numbers.
PIECES = (
    *(sign.encode() for sign in "|^~\\&#;,\"'{}[]:/.-+0129TZ \r\n\t\0\x0b\x1c"),
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b'""',
    b"\\X41\\", b"MSH|", b"PID|", b"OBR|", b"OBX|", b"SPM|", b"BHS|", b"null", b"1e999", b"NaN",
    b"99999999999999999999", b"00000000", b"20220230", b"9999-12-31T23:59:59Z", b"0001-01-01",
    b"vigie_csv_1", b"vigie_csv_2", "\N{ARABIC-INDIC DIGIT SEVEN}".encode(), "\u2028".encode(),
    "\N{COMBINING ACUTE ACCENT}".encode(), "\U0001f9a0".encode(),
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, content: bytes) -> bytes:
    """A file with some pieces put in, taken out, repeated or moved."""
    for _ in range(draw(st.integers(1, 6))):
        first = draw(st.integers(0, len(content)))
        last = min(len(content), first + draw(st.integers(0, 40)))
        piece = draw(
            st.one_of(
                st.sampled_from(PIECES),
                st.binary(max_size=8),
                st.just(content[first:last] * 2),
                st.just(content[last:][:30]),
            )
        )
        content = content[:first] + piece + content[last:]
    return content


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=8),
        st.sampled_from(["Patient/person", "#x", "2026-11-23", "final", "94500-6", "260373001"]),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["reference", "coding", "code", "system", "value", "resourceType", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@st.composite
def reshaped(draw: st.DrawFn) -> Json:
    """A Bundle with some of its elements replaced, removed, repeated or put elsewhere."""
    bundle = sample()
    for _ in range(draw(st.integers(1, 5))):
        holders = list(_holders(bundle))
        if not holders:
            break
        holder, key = draw(st.sampled_from(holders))
        other, other_key = draw(st.sampled_from(holders))
        match draw(st.sampled_from(["replace", "remove", "repeat", "move"])):
            case "replace":
                holder[key] = draw(JSON)
            case "remove":
                del holder[key]
            case "repeat":
                holder[key] = [deepcopy(holder[key]), deepcopy(holder[key])]
            case "move":
                holder[key] = deepcopy(other[other_key])
    return bundle


def _holders(found: Any) -> Iterable[tuple[Any, Any]]:  # noqa: ANN401 - JSON of any shape
    inside = found.items() if isinstance(found, dict) else enumerate(found)
    for key, value in inside:
        yield found, key
        if isinstance(value, dict | list):
            yield from _holders(value)


def judged(items: Iterable[Item]) -> list[Item]:
    """The items, once each is seen to be accepted, or refused by a rule of the table."""
    found = list(items)
    for item in found:
        assert all(breach.code in RULES for breach in item.breaches)
        refused = any(breach.level is Level.ERROR for breach in item.breaches)
        assert refused == (item.result is None)
    ordinals = [item.ordinal for item in found]
    assert len(set(ordinals)) == len(ordinals)
    return found


def of_file(content: bytes) -> None:
    """Read a file as the intake does: recognised, unpacked, its items judged."""
    try:
        dialect = recognise(content[:HEAD])
        body = b"".join(decompressed([content])) if dialect.compressed else content
    except Rejected:
        return
    judged(read_items([body], dialect, now=NOW))


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda rest: GZIP + rest))
def test_any_bytes_as_a_file(content: bytes) -> None:
    of_file(content)


@given(st.sampled_from([HL7, CSV, NDJSON]).flatmap(mutated))
def test_a_spoilt_file(content: bytes) -> None:
    of_file(content)


@given(st.binary(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join))
def test_any_bytes_as_hl7(content: bytes) -> None:
    judged(hl7.read_messages([content], now=NOW))
    judged(hl7.read_messages([MSH.encode() + b"\r" + content], now=NOW))


@given(mutated(HL7))
def test_spoilt_messages(content: bytes) -> None:
    assert judged(hl7.read_messages([content], now=NOW))


@given(st.binary(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join))
def test_any_bytes_as_a_bundle(content: bytes) -> None:
    assert judged(fhir.read_bundle(content, now=NOW))


@given(mutated(json.dumps(sample()).encode()))
def test_a_spoilt_bundle(content: bytes) -> None:
    assert judged(fhir.read_bundle(content, now=NOW))


@given(reshaped())
def test_a_bundle_of_another_shape(bundle: Json) -> None:
    assert judged(fhir.read_bundle(json.dumps(bundle).encode(), now=NOW))


@given(mutated(NDJSON))
def test_spoilt_ndjson(content: bytes) -> None:
    judged(fhir.read_ndjson(content.split(b"\n"), now=NOW))


@given(st.binary(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join))
def test_any_bytes_as_csv(content: bytes) -> None:
    judged(csv_format.read_file(content.split(b"\n"), now=NOW))
    head = CSV.splitlines()[0]
    judged(csv_format.read_file([head, *content.split(b"\n")], now=NOW))


@given(mutated(CSV))
def test_spoilt_csv(content: bytes) -> None:
    judged(csv_format.read_file(content.splitlines(), now=NOW))
