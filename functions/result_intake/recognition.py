"""How a laboratory's file is written, known from its first bytes and never from its name."""

import codecs
import json
import zlib
from typing import Final

from result_intake import csv_format, fhir, hl7
from result_intake.csv_format.line import MAX_LINE
from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.results.codes import SourceFormat

HEAD: Final = 64 * 1024
GZIP_WINDOW: Final = 31  # a gzip header is expected (zlib, "decompressobj")
_GZIP = b"\x1f\x8b"
_ARCHIVES = (_GZIP, b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# Two bytes to a letter: none of the formats is written so by a laboratory that follows it.
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Dialect(Frozen):
    """How a file is written: all that a part of it needs to be read on its own.

    Attributes:
        source_format: one of the three formats.
        compressed: whether it is gzip.
        ndjson: whether it is FHIR with a Bundle on each line.
        header: the header line of a CSV, each byte as the character of its number (Latin-1).
    """

    source_format: SourceFormat
    compressed: bool = False
    ndjson: bool = False
    header: str = ""

    @property
    def cuttable(self) -> bool:
        """Whether parts of what it holds can be read on their own."""
        return self.source_format is not SourceFormat.FHIR or self.ndjson


def recognise(head: bytes) -> Dialect:
    """Recognise a file.

    Args:
        head: its first `HEAD` bytes, or all of it if it is shorter.

    Raises:
        Rejected: `file-empty`, `gzip-malformed`, `archive-nested`, `encoding-unsupported`
            (UTF-16), or `format-unknown`.
    """
    compressed = head.startswith(_GZIP)
    text = _decompressed(head) if compressed else head
    if not text.removeprefix(codecs.BOM_UTF8).strip():
        raise Rejected("file-empty", "the file has no content")
    if compressed and text.startswith(_ARCHIVES):
        raise Rejected("archive-nested", "the compressed file holds an archive")
    if text.startswith(_UTF_16):
        raise Rejected("encoding-unsupported", "the file is in UTF-16")
    if fhir.looks_like(text):
        return Dialect(
            source_format=SourceFormat.FHIR, compressed=compressed, ndjson=_is_ndjson(text)
        )
    if hl7.looks_like(text):
        return Dialect(source_format=SourceFormat.HL7V2, compressed=compressed)
    if csv_format.looks_like(text):
        # A longer one is refused; all of it would not fit into a message.
        header = text.splitlines()[0][: MAX_LINE + 1].decode("latin-1")
        return Dialect(source_format=SourceFormat.CSV, compressed=compressed, header=header)
    raise Rejected("format-unknown", "the file is neither HL7 v2, nor FHIR JSON, nor CSV")


def _decompressed(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(GZIP_WINDOW).decompress(head, HEAD)
    except zlib.error:
        raise Rejected("gzip-malformed", "the file cannot be decompressed") from None


def _is_ndjson(text: bytes) -> bool:
    """Whether the first line is a whole document, or, where that one is broken, a later one.

    A later line must be a Bundle: in a document over many lines a whole object may well have
    a line of its own. A document without line breaks, longer than the head, is read alike in
    both ways.
    """
    lines = text.removeprefix(codecs.BOM_UTF8).lstrip().split(b"\n")
    if len(lines) == 1 or _object(lines[0]) is not None:
        return True
    complete = lines[1:] if len(text) < HEAD else lines[1:-1]
    found = (_object(line) for line in complete)
    return any(document and document.get("resourceType") == "Bundle" for document in found)


def _object(line: bytes) -> dict[str, object] | None:
    if not line.startswith(b"{"):
        return None
    try:
        document: dict[str, object] = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return document
