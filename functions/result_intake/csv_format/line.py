"""One line of CSV into its fields (RFC 4180, without line breaks inside a field)."""

import csv
import re

from vigie.errors import Rejected

MAX_LINE = 16 * 1024
MAX_COLUMNS = 200
# All of ASCII's but the tab; a line has no line feed.
_CONTROLS = bytes({*range(32), 127} - {ord("\t")})
# One letter of UTF-8 beyond ASCII (RFC 3629 §4), roughly.
_UTF_8 = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def text_of(line: bytes, *, declared: bool) -> tuple[str, bool]:
    """Decode a line: UTF-8, or Windows-1252 where it is not and the file does not say so.

    A line that is partly UTF-8 is damaged, and not in another character set.

    Args:
        line: with or without its line end.
        declared: whether the file says that it is UTF-8.

    Returns:
        The text without its line end, and whether its character set was assumed.

    Raises:
        Rejected: `record-too-large`, `encoding-malformed`, or `record-malformed` where there is
            a control character.
    """
    if len(line) > MAX_LINE:
        raise Rejected("record-too-large", "the line is too long")
    line = line.rstrip(b"\r\n")
    assumed = False
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text, assumed = _windows(line, declared=declared), True
    if len(line.translate(None, _CONTROLS)) < len(line):
        raise Rejected("record-malformed", "the line has a control character")
    return text, assumed


def cells_of(text: str, separator: str) -> list[str]:
    """The fields of a line, as they stand in it.

    Args:
        text: of the line.
        separator: one character.

    Raises:
        Rejected: `record-too-large`, or `record-malformed` where a quote is not closed or text
            follows a closing quote.
    """
    cells = _quoted(text, separator) if '"' in text else text.split(separator)
    if len(cells) > MAX_COLUMNS:
        raise Rejected("record-too-large", "the line has too many fields")
    return cells


def _windows(line: bytes, *, declared: bool) -> str:
    if declared or _UTF_8.search(line):
        raise Rejected("encoding-malformed", "the line is not UTF-8")
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        raise Rejected("encoding-malformed", "the line is not UTF-8") from None


def _quoted(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error:
        # The parser's own message may quote the field.
        raise Rejected("record-malformed", "the line does not follow RFC 4180") from None
