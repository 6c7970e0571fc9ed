"""Files are known by their content; what is none of ours is refused by name."""

import gzip

import pytest

from result_intake.recognition import Dialect, recognise
from tests.unit.result_intake.hl7_message import SOUND
from vigie.errors import Rejected
from vigie.results.codes import SourceFormat

HL7 = Dialect(source_format=SourceFormat.HL7V2)
FHIR = Dialect(source_format=SourceFormat.FHIR)
NDJSON = Dialect(source_format=SourceFormat.FHIR, ndjson=True)


@pytest.mark.parametrize(
    ("head", "dialect"),
    [
        (SOUND, HL7),
        (b"\x0b" + SOUND, HL7),
        (b"\xef\xbb\xbf\r\n" + SOUND, HL7),
        (b"FHS|^~\\&\rBHS|^~\\&\r" + SOUND, HL7),
        (b"garbage\n" + SOUND, HL7),
        (b"MSH#!@%*#x", HL7),
        (b'{\n  "resourceType": "Bundle"\n}', FHIR),
        (b'{"resourceType": "Bundle"}\n{"resourceType": "Bundle"}\n', NDJSON),
        (b'{"resourceType": "Bundle", broken\n{"resourceType": "Bundle"}\n', NDJSON),
        (b'{"resourceType": "Bundle",\n"contained": [\n{"resourceType": "Patient"}\n]}', FHIR),
        (b'\xef\xbb\xbf{"resourceType": "Bundle"', NDJSON),
        (gzip.compress(SOUND, mtime=0), HL7.model_copy(update={"compressed": True})),
    ],
)
def test_recognised(head: bytes, dialect: Dialect) -> None:
    assert recognise(head) == dialect
    assert Dialect.model_validate_json(dialect.model_dump_json()) == dialect


def test_csv_carries_its_header() -> None:
    header = "vigie_csv_1;result_id;prénom"
    dialect = recognise(f"{header}\r\n1;2;3\r\n".encode())
    assert dialect.source_format is SourceFormat.CSV
    assert dialect.header.encode("latin-1").decode() == header


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"", "file-empty"),
        (b"\xef\xbb\xbf \r\n", "file-empty"),
        (gzip.compress(b"", mtime=0), "file-empty"),
        (b"\x1f\x8b not gzip", "gzip-malformed"),
        ("MSH|".encode("utf-16"), "encoding-unsupported"),
        (b"%PDF-1.7\n", "format-unknown"),
        (b"PK\x03\x04", "format-unknown"),
        (b"<Bundle/>", "format-unknown"),
        (gzip.compress(gzip.compress(SOUND, mtime=0), mtime=0), "archive-nested"),
        (gzip.compress(b"PK\x03\x04", mtime=0), "archive-nested"),
    ],
)
def test_refused(head: bytes, code: str) -> None:
    with pytest.raises(Rejected) as caught:
        recognise(head)
    assert caught.value.code == code


def test_what_can_be_cut() -> None:
    assert HL7.cuttable
    assert NDJSON.cuttable
    assert not FHIR.cuttable
    assert HL7.model_copy(update={"compressed": True}).cuttable
    assert not FHIR.model_copy(update={"compressed": True}).cuttable
