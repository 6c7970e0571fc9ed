"""Lines of a file that arrives in chunks, with where each starts and ends."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from vigie.errors import Rejected

MAX_LINE = 1024 * 1024
MAX_LINES = 20_000_000


class Line(NamedTuple):
    r"""One line, without what ends it (`\r`, `\n` or `\r\n`).

    Attributes:
        number: 1-based, as an editor counts.
        start: byte offset of its first byte in the chunks.
        end: byte offset after its ending.
        content: its bytes; only the first of them if `cut`.
        cut: it is longer than the limit.
    """

    number: int
    start: int
    end: int
    content: bytes
    cut: bool


def lines(chunks: Iterable[bytes], *, first_line: int = 1, limit: int = MAX_LINE) -> Iterator[Line]:
    """Split chunks into lines, holding no more than one line and one chunk.

    Args:
        chunks: the bytes, in any pieces.
        first_line: number of the first line.
        limit: bytes of a line that are kept.

    Raises:
        Rejected: `file-too-large`, there are too many lines.
    """
    number, start, held, dropped = first_line, 0, b"", 0
    for chunk in chunks:
        if len(held) > limit and not _ends_a_line(held, chunk):
            # What is dropped anyway need not be copied.
            dropped += len(chunk)
            continue
        pieces = (held + chunk).splitlines(keepends=True)
        # The last piece may go on, and `\r` may be the first half of an ending.
        held = pieces.pop() if pieces and not pieces[-1].endswith(b"\n") else b""
        for piece in pieces:
            content, end = piece.rstrip(b"\r\n"), start + len(piece) + dropped
            if len(content) > limit:
                yield Line(number, start, end, content[:limit], cut=True)
            else:
                yield Line(number, start, end, content, False)  # noqa: FBT003 - a field, by place
            number, start, dropped = number + 1, end, 0
        if len(held) > limit and not held.endswith(b"\r"):
            dropped += len(held) - limit - 1
            held = held[: limit + 1]
        if number - first_line > MAX_LINES:
            raise Rejected("file-too-large", "the file has too many lines")
    if held:
        content, end = held.rstrip(b"\r\n"), start + len(held) + dropped
        yield Line(number, start, end, content[:limit], len(content) > limit)


def _ends_a_line(held: bytes, chunk: bytes) -> bool:
    return held.endswith(b"\r") or b"\n" in chunk or b"\r" in chunk
