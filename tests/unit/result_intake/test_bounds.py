"""What would cost a reader too much is refused by name, with bounded work and memory.

Nothing is timed: what is counted is how much of an endless or huge stream a reader takes, holds
and looks at. The streams are made while they are read.
"""

import json
import tracemalloc
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat

import pytest

from result_intake import decompression, lines
from result_intake.cutting import cut
from result_intake.decompression import MAX_RATIO, decompressed
from result_intake.draft import Draft
from result_intake.fhir import document, read_bundle, reader
from result_intake.fhir.document import MAX_DOCUMENT
from result_intake.fhir.resource import MAX_VALUE, text
from result_intake.hl7 import framing, read_messages
from result_intake.hl7.delimiters import delimiters
from result_intake.hl7.framing import MAX_MESSAGE, MAX_SEGMENTS
from result_intake.hl7.patient import read_patient
from result_intake.hl7.segment import Segment
from result_intake.reading import read_items
from result_intake.recognition import Dialect, recognise
from tests.functions.result_intake.samples import Sample, csv_of, fhir_of, hl7_of, ndjson_of
from tests.unit.result_intake.fhir_sample import NOW, find, reference, sample
from tests.unit.result_intake.hl7_message import MSH, OBR, OBX, PID, SOUND, message
from vigie.errors import Rejected
from vigie.results.codes import SourceFormat
from vigie.results.reading import Item

MEBIBYTE = 1024 * 1024
CHUNK = b"x" * (8 * MEBIBYTE)
TWO_GIGABYTES = 256
CSV = recognise(csv_of(Sample()))
HL7 = recognise(hl7_of(Sample()))
NDJSON = recognise(ndjson_of(Sample(), Sample()))
BUNDLE = Dialect(source_format=SourceFormat.FHIR)
NESTED = 100_000


class Taken:
    """Hands chunks on and counts them."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self.chunks = 0
        self.bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.chunks += 1
            self.bytes += len(chunk)
            yield chunk


def codes(item: Item) -> list[str]:
    return [breach.code for breach in item.breaches]


def told(item: Item) -> str:
    return json.dumps(item.model_dump(mode="json", exclude={"result"}))


def peak_of(work: Callable[[], list[Item]]) -> tuple[list[Item], int]:
    """What the work gives, and the most memory that it held, in bytes."""
    tracemalloc.start()
    try:
        done = work()
        return done, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def bomb(content: bytes) -> Iterator[bytes]:
    """An endless gzip file, block by block: each block inflates to some MiB of the content."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = content * (MEBIBYTE // len(content))
    yield packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush the same content gives the same bytes.
    packer.compress(block)
    yield packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    yield from repeat(again)


@pytest.mark.parametrize(
    "content",
    [csv_of(Sample()), SOUND, fhir_of(Sample()) + b"\n", b"[" * 1024, b"\0" * 1024],
    ids=["csv", "hl7", "ndjson", "json", "zeros"],
)
def test_a_gzip_bomb_is_left_after_its_first_bytes(content: bytes) -> None:
    stream = Taken(bomb(content))
    pieces = Taken(decompressed(stream))
    with pytest.raises(Rejected) as caught:
        for _ in pieces:
            pass
    assert caught.value.code == "file-too-large"
    assert stream.bytes < MEBIBYTE
    assert pieces.bytes <= max(16 * MEBIBYTE, MAX_RATIO * stream.bytes)
    assert pieces.bytes < 100 * MEBIBYTE


def test_what_compresses_well_is_no_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompression, "RATIO_FROM", 1000)
    content = hl7_of(*(Sample(accession=f"A{number}") for number in range(200)))
    packed = zlib.compress(content, wbits=31)
    assert 20 * len(packed) < len(content) < MAX_RATIO * len(packed)
    assert b"".join(decompressed([packed])) == content


def test_a_message_of_a_million_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[bytes] = []
    add = framing.Framed.add

    def counted(framed: framing.Framed, content: bytes, *, cut: bool) -> None:
        looked_at.append(content)
        add(framed, content, cut=cut)
        assert len(framed.segments) <= MAX_SEGMENTS

    monkeypatch.setattr(framing.Framed, "add", counted)
    segments = (OBX + "\r").encode() * 1000

    def stream() -> Iterator[bytes]:
        yield SOUND + message(MSH, PID, OBR)
        yield from repeat(segments, 1000)
        yield SOUND

    first, refused, last = read_messages(stream(), now=NOW)
    assert codes(refused) == ["message-too-large"]
    assert refused.place == "message 2 (line 5)"
    assert first.result is not None
    assert last.result == first.result
    assert last.place == f"message 3 (line {4 + 3 + 1_000_000 + 1}), OBX 1"
    assert len(looked_at) <= MAX_SEGMENTS + 20


def test_a_message_of_as_many_segments_as_are_allowed() -> None:
    answers = ["OBX|2|CWE|95419-8^Symptoms^LN||Y^Yes^HL70136||||||F"] * (MAX_SEGMENTS - 4)
    (item,) = read_messages([message(MSH, PID, OBR, OBX, *answers)], now=NOW)
    assert item.result is not None
    (item,) = read_messages([message(MSH, PID, OBR, OBX, *answers, answers[0])], now=NOW)
    assert codes(item) == ["message-too-large"]


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"x":[', b'{"resourceType":"Bundle","a":'])
@pytest.mark.parametrize("closed", [True, False])
def test_deep_json_is_refused_before_it_is_parsed(
    monkeypatch: pytest.MonkeyPatch,
    opening: bytes,
    closed: bool,  # noqa: FBT001 - a parameter of cases
) -> None:
    closing = opening.translate(bytes.maketrans(b"[{", b"]}"), b'abcdelnorsuTypxB":,')[::-1]
    deep = opening * NESTED + b"1" + (closing * NESTED if closed else b"")
    read_before = fhir_of(Sample())
    lines_of_file = [read_before, deep, fhir_of(Sample(accession="A2"))]
    parsed: list[int] = []
    decode = document._DECODER.decode

    def counted(text: str) -> object:
        parsed.append(len(text))
        return decode(text)

    monkeypatch.setattr(document._DECODER, "decode", counted)
    (alone,) = read_bundle(deep, now=NOW)
    assert codes(alone) == ["record-too-large"]
    assert parsed == []
    first, refused, last = read_items([b"\n".join(lines_of_file)], NDJSON, now=NOW)
    assert codes(refused) == ["record-too-large"]
    assert refused.place == "line 2, Bundle"
    assert first.result is not None
    assert last.result is not None
    assert max(parsed) < len(deep)


def huge_line(before: bytes, after: bytes) -> Iterator[bytes]:
    yield before
    yield from repeat(CHUNK, TWO_GIGABYTES)
    yield after


@pytest.mark.parametrize(
    ("dialect", "before", "after", "code", "items"),
    [
        (CSV, csv_of(Sample()), b"\r\n" + csv_of(Sample()).splitlines()[1], "record-too-large", 3),
        (HL7, SOUND + message(MSH, PID), b"\r" + SOUND, "message-too-large", 3),
        (NDJSON, ndjson_of(Sample()), b"\n" + fhir_of(Sample()), "record-too-large", 3),
        (BUNDLE, b'{"resourceType":"Bundle","id":"', b'"}', "record-too-large", 1),
    ],
    ids=["csv", "hl7", "ndjson", "bundle"],
)
def test_a_line_of_two_gigabytes(
    dialect: Dialect, before: bytes, after: bytes, code: str, items: int
) -> None:
    stream = Taken(huge_line(before, after))
    found, peak = peak_of(lambda: list(read_items(stream, dialect, now=NOW)))
    assert len(found) == items
    assert codes(found[items // 2]) == [code]
    assert "xxx" not in told(found[items // 2])
    if items > 1:
        assert found[0].result is not None
        assert found[0].result == found[-1].result
        assert stream.bytes > TWO_GIGABYTES * len(CHUNK)
    else:
        assert stream.bytes <= MAX_DOCUMENT + 2 * len(CHUNK)
    assert peak < 128 * MEBIBYTE


@pytest.mark.parametrize("dialect", [CSV, HL7, NDJSON])
def test_a_line_of_two_gigabytes_is_cut_with_its_neighbours(dialect: Dialect) -> None:
    before = {CSV: csv_of(Sample()), HL7: SOUND + message(MSH), NDJSON: ndjson_of(Sample())}
    stream = Taken(huge_line(before[dialect], b"\n" + before[dialect]))
    tracemalloc.start()
    parts = list(cut(stream, dialect))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert parts[-1].end == stream.bytes
    assert peak < 128 * MEBIBYTE


def test_the_lines_of_a_file_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINES", 1000)
    stream = Taken(repeat(b"\n" * 100, 1_000_000))
    with pytest.raises(Rejected) as caught:
        list(cut(stream, CSV))
    assert caught.value.code == "file-too-large"
    assert stream.chunks <= 11
    assert list(cut(repeat(b"\n" * 100, 10), CSV))


def test_a_message_of_many_bytes() -> None:
    segment = ("NTE|1||" + "x" * 100_000 + "\r").encode()
    stream = Taken([message(MSH, PID, OBR), *repeat(segment, 2 * MAX_MESSAGE // len(segment))])
    (item,) = read_messages(stream, now=NOW)
    assert codes(item) == ["message-too-large"]


def test_the_tests_of_a_bundle_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = sample()
    listed = find(bundle, "report")["result"]
    listed[:] = [reference(f"Observation/none-{number}") for number in range(20)]
    listed.append(reference("Observation/pcr"))
    found = [entry for entry in bundle["entry"] if entry["resource"]["id"] != "ct"]
    document_of = json.dumps(bundle | {"entry": found}).encode()
    monkeypatch.setattr(reader, "MAX_TESTS", 21)
    assert len(list(read_bundle(document_of, now=NOW))) == 21
    monkeypatch.setattr(reader, "MAX_TESTS", 20)
    (item,) = read_bundle(document_of, now=NOW)
    assert codes(item) == ["record-too-large"]


def test_a_person_is_read_once_however_many_tests_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(patient: Segment, draft: Draft) -> None:
        read.append(patient.name)
        read_patient(patient, draft)

    monkeypatch.setattr("result_intake.hl7.reader.read_patient", counted)
    tests = [OBX.replace("OBX|1", f"OBX|{number}") for number in range(50)]
    items = list(read_messages([message(MSH, PID, OBR, *tests)], now=NOW))
    assert (len(items), len(read)) == (50, 1)


@pytest.mark.parametrize("length", [80, 81, 4_096, 900_000])
def test_a_long_name_is_refused_by_its_rule(length: int) -> None:
    name = "D" * length
    (of_hl7,) = read_messages([message(MSH, PID.replace("DURAND", name), OBR, OBX)], now=NOW)
    bundle = sample()
    for one in find(bundle, "person")["name"]:
        one["family"] = name
    (of_fhir,) = read_bundle(json.dumps(bundle).encode(), now=NOW)
    for item in (of_hl7, of_fhir):
        assert ("family-name-too-long" in codes(item)) is (length > 80)
        assert len(told(item)) < 1000


def test_no_more_of_a_value_is_looked_at_than_allowed() -> None:
    long = "x" * MEBIBYTE
    segment = Segment(f"PID|{long}", delimiters("MSH|^~\\&|", "utf-8"))
    assert segment.value(1) == long[:MAX_VALUE]
    assert text({"family": long}, "family") == long[:MAX_VALUE]


def test_a_pcr_with_thousands_of_cycle_thresholds_takes_the_lowest_of_the_first() -> None:
    thresholds = [f"OBX|2|NM|94746-5^Ct^LN||{30 - n / 1000:.3f}||||||F" for n in range(4000)]
    (item,) = read_messages([message(MSH, PID, OBR, OBX, *thresholds)], now=NOW)
    assert item.result is not None
    assert item.result.cycle_threshold == pytest.approx(30 - 49 / 1000)
