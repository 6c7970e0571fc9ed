"""One line of CSV into its fields (RFC 4180, without line breaks inside a field)."""

import csv
import re

from vigie.errors import Rejected

MAX_LINE = 16 * 1024
MAX_COLUMNS = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def cells_of(line: bytes, separator: str) -> list[str]:
    """The fields of a line, stripped.

    Args:
        line: UTF-8, with or without its line end.
        separator: one character.

    Raises:
        Rejected: `record-too-large`, `encoding-malformed`, or `record-malformed` where a quote
            is not closed, text follows a closing quote, or there is a control character.
    """
    if len(line) > MAX_LINE:
        raise Rejected("record-too-large", "the line is too long")
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Rejected("encoding-malformed", "the line is not UTF-8") from None
    if _CONTROL.search(text):
        raise Rejected("record-malformed", "the line has a control character")
    cells = _quoted(text, separator) if '"' in text else text.split(separator)
    if len(cells) > MAX_COLUMNS:
        raise Rejected("record-too-large", "the line has too many fields")
    return [cell.strip() for cell in cells]


def _quoted(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error:
        # The parser's own message may quote the field.
        raise Rejected("record-malformed", "the line does not follow RFC 4180") from None
