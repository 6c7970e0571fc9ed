"""Messages in a stream of bytes: single ones, several in a file, batches, MLLP blocks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from result_intake.lines import Line, lines

MAX_MESSAGE = 4 * 1024 * 1024
MAX_SEGMENTS = 5_000
_BOM = b"\xef\xbb\xbf"
# What begins and ends an MLLP block (HL7 v2.5.1 appendix C §C.3).
_BLOCK_START, _BLOCK_END = b"\x0b", b"\x1c"
_MLLP = re.compile(b"[" + _BLOCK_START + _BLOCK_END + b"]")
_HEADER = re.compile(rb"MSH[^\w\s]")
_ENVELOPE = re.compile(rb"(?:FHS|BHS|BTS|FTS)(?:[^\w\s]|$)")
# What segments begin with, but for MSH, FHS, BHS, BTS and FTS: no message begins with it.
_ORDINARY = frozenset(bytes([letter]) for letter in b"ACDEGHIJKLNOPQRSTUVWXYZ")
_USUAL = frozenset({b"MSH", b"SFT", b"PID", b"PV1", b"ORC", b"OBR", b"OBX", b"NTE", b"SPM"})
_SEGMENT = re.compile(rb"[A-Z][A-Z0-9]{2}(?:[^\w\s]|$)")


@dataclass(slots=True)
class Framed:
    """The segments of one message, or lines that belong to none.

    Attributes:
        number: 1-based, of the record in the file.
        line: of its first segment.
        start: byte offset of its first segment.
        segments: bytes of each; if too large, of the header alone.
        headed: whether it begins with MSH.
        continued: whether a line that is no segment was joined to the one before.
        too_large: whether it exceeds the bounds.
    """

    number: int
    line: int
    start: int
    headed: bool
    segments: list[bytes] = field(default_factory=list)
    size: int = 0
    continued: bool = False
    too_large: bool = False

    def add(self, content: bytes, *, cut: bool) -> None:
        """Take a line: a segment, or what a line break inside a field tore off."""
        if self.too_large:
            return
        self.size += len(content)
        too_many = len(self.segments) >= MAX_SEGMENTS
        if cut or too_many or self.size > MAX_MESSAGE:
            self.too_large = True
            del self.segments[1:]
            return
        if self.segments and self.headed and not _is_segment(content, self.segments[0]):
            self.continued = True
            self.segments[-1] += b" " + content
        else:
            self.segments.append(content)


def messages(
    chunks: Iterable[bytes], *, first_record: int = 1, first_line: int = 1
) -> Iterator[Framed]:
    """Find the messages, and the lines outside any, which count as records of their own.

    Args:
        chunks: the bytes, in any pieces.
        first_record: number of the first record.
        first_line: number of the first line.
    """
    number, current = first_record, None
    for line in lines(chunks, first_line=first_line):
        content = line.content
        if (
            current is not None
            and content[:1] in _ORDINARY
            and _BLOCK_START not in content
            and _BLOCK_END not in content
        ):
            if not current.too_large:
                current.add(content, cut=line.cut)
            continue
        for start, content in _parts(line):
            if _ENVELOPE.match(content):
                if current:
                    yield current
                current = None
                continue
            headed = _HEADER.match(content) is not None
            if current is None or headed:
                if current:
                    yield current
                current = Framed(number, line.number, start, headed)
                number += 1
            current.add(content, cut=line.cut)
    if current:
        yield current


def looks_like(head: bytes) -> bool:
    """Whether the beginning of a file has a header of a message, a batch or a file of them."""
    return any(
        _HEADER.match(content) or _ENVELOPE.match(content)
        for line in lines([head])
        for _, content in _parts(line)
    )


def _parts(line: Line) -> list[tuple[int, bytes]]:
    """What a line has between the bytes of MLLP, each with its offset; nothing if it is blank."""
    content, start = line.content, line.start
    if content.startswith(_BOM):
        content, start = content[len(_BOM) :], start + len(_BOM)
    if _BLOCK_START not in content and _BLOCK_END not in content:
        return [(start, content)] if content.strip() else []
    parts = []
    for part in _MLLP.split(content):
        if part.strip():
            parts.append((start, part))
        start += len(part) + 1
    return parts


def _is_segment(content: bytes, header: bytes) -> bool:
    separator = content[3:4]
    if separator and separator != header[3:4]:
        return False
    return content[:3] in _USUAL or _SEGMENT.match(content) is not None
