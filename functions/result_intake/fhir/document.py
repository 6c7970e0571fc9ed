"""Parsing one JSON document within bounds that are checked before it is parsed."""

import json
import re
from codecs import BOM_UTF8
from typing import Any, NoReturn

from vigie.errors import Rejected

MAX_DOCUMENT = 20 * 1024 * 1024
MAX_DEPTH = 64

_NOT_STRUCTURE = bytes(set(range(256)) - set(b'"{}[]'))
_ONE_KIND = bytes.maketrans(b"{[}]", b"(())")
_TEXT = re.compile(rb'"[^"]*"')
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError("JSON has no such number")


# Numbers stay text, so that no size of number matters.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse_constant)


def parse(document: bytes) -> dict[str, Any]:
    """Read a JSON object. Its numbers stay text, so that no size of number matters.

    Args:
        document: UTF-8, with or without a byte order mark.

    Raises:
        Rejected: `record-too-large` for its length or depth, `encoding-malformed`,
            `record-malformed`, or `message-type-unsupported` when it is JSON but no object.
    """
    if len(document) > MAX_DOCUMENT:
        raise Rejected("record-too-large", "the document is too large")
    if is_deep(document):
        raise Rejected("record-too-large", "the document is nested too deeply")
    found = _load(document)
    if not isinstance(found, dict):
        raise Rejected("message-type-unsupported", "the document is no JSON object")
    return found


def is_deep(document: bytes) -> bool:
    """Whether a reader of the document would go deeper than `MAX_DEPTH` levels, or twice that.

    Between `MAX_DEPTH` and twice as many levels the answer depends on whether all are closed.
    The work is linear in the length and needs no stack. Escapes and texts are taken out first,
    as a parser sees them up to its first error.
    """
    if b"\\" in document:
        document = document.replace(b"\\\\", b"").replace(b'\\"', b"")
    # A text that is empty by now, or the border of two texts: the parity of quotes stays.
    bare = document.translate(None, _NOT_STRUCTURE).replace(b'""', b"")
    if b'"' in bare:
        bare = _TEXT.sub(b"", bare)
    bare = bare.translate(_ONE_KIND)
    for _ in range(MAX_DEPTH):
        if b"()" not in bare:
            break
        bare = bare.replace(b"()", b"")
    return b"()" in bare or bare.count(b"(") > MAX_DEPTH


def _load(document: bytes) -> object:
    try:
        text = document.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError:
        raise Rejected("encoding-malformed", "the document is not UTF-8") from None
    try:
        found: object = _DECODER.decode(text)
    except (ValueError, RecursionError):
        # The parser's own message may quote the document.
        raise Rejected("record-malformed", "the document is not JSON") from None
    if b"\\u" in document and _SURROGATE.search(document) and not _is_encodable(found):
        raise Rejected("encoding-malformed", "the document holds half a character")
    return found


def _is_encodable(found: object) -> bool:
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True
