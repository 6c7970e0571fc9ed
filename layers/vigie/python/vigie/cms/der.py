"""DER (ITU-T X.690) as CMS needs it: written, and read from BER that its writers may use.

Who signs with BouncyCastle writes the outer layers of a message with indefinite lengths, and the
content in pieces. `definite` gives the same value with definite lengths; what has them already,
such as certificates and signed attributes, is left byte for byte.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from vigie.errors import Rejected

INTEGER = 0x02
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
UTC_TIME = 0x17
SEQUENCE = 0x30
SET = 0x31

_LONG_FORM = 0x80
_CONSTRUCTED = 0x20
_HIGH_TAG = 0x1F
_END = b"\x00\x00"
_MOST_LENGTH_BYTES = 4
_DEEPEST = 16


class Element(NamedTuple):
    """One value.

    Attributes:
        tag: identifier octet, with class and form.
        content: what it holds.
        encoded: all of it.
    """

    tag: int
    content: bytes
    encoded: bytes


def element(tag: int, *contents: bytes) -> bytes:
    """Write a value of definite length."""
    content = b"".join(contents)
    length = len(content)
    if length < _LONG_FORM:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG_FORM | len(size))) + size + content


def set_of(members: Iterable[bytes]) -> bytes:
    """Write a set of values, in the order that DER wants."""
    return element(SET, *sorted(members))


def elements(content: bytes) -> Iterator[Element]:
    """The values that stand one after another, each of definite length.

    Raises:
        Rejected: `der` if lengths do not fit.
    """
    position = 0
    while position < len(content):
        tag, length, start = _head(content, position)
        if length is None:
            raise _broken("a length is not definite")
        end = start + length
        if end > len(content):
            raise _broken("a value ends early")
        yield Element(tag, content[start:end], content[position:end])
        position = end


def only(content: bytes, tag: int) -> bytes:
    """What the one value of a tag holds.

    Raises:
        Rejected: `der` if there is another value, or more.
    """
    found = tuple(elements(content))
    if len(found) != 1 or found[0].tag != tag:
        raise _broken("a value is not the one expected")
    return found[0].content


def definite(data: bytes) -> bytes:
    """Give a BER value with definite lengths, and octet strings in one piece.

    Raises:
        Rejected: `der` if it is none, goes on after its end, or is nested too deep.
    """
    written, end = _definite(data, 0, _DEEPEST)
    if end != len(data):
        raise _broken("there is something after the value")
    return written


def _definite(data: bytes, position: int, depth: int) -> tuple[bytes, int]:
    """One value, and where the next begins."""
    tag, length, start = _head(data, position)
    if length is not None and tag != OCTET_STRING | _CONSTRUCTED:
        end = start + length
        if end > len(data):
            raise _broken("a value ends early")
        return data[position:end], end
    if depth == 0 or not tag & _CONSTRUCTED:
        raise _broken("values are nested too deep")
    members, end = _members(data, start, length, depth - 1)
    if tag != OCTET_STRING | _CONSTRUCTED:
        return element(tag, *members), end
    return element(OCTET_STRING, *(only(piece, OCTET_STRING) for piece in members)), end


def _members(data: bytes, start: int, length: int | None, depth: int) -> tuple[list[bytes], int]:
    members = []
    position = start
    while (
        position != start + length if length is not None else data[position : position + 2] != _END
    ):
        if length is not None and position > start + length:
            raise _broken("a value ends early")
        member, position = _definite(data, position, depth)
        members.append(member)
    return members, position if length is not None else position + len(_END)


def _head(data: bytes, position: int) -> tuple[int, int | None, int]:
    """Tag, length (None if indefinite), and where the content begins."""
    if position + 2 > len(data):
        raise _broken("a value ends early")
    tag, length = data[position], data[position + 1]
    start = position + 2
    if tag & _HIGH_TAG == _HIGH_TAG:
        raise _broken("a tag has a number over 30")
    if length < _LONG_FORM:
        return tag, length, start
    if length == _LONG_FORM:
        return tag, None, start
    size = length - _LONG_FORM
    if size > _MOST_LENGTH_BYTES or start + size > len(data):
        raise _broken("a length is too long")
    return tag, int.from_bytes(data[start : start + size], "big"), start + size


def _broken(message: str) -> Rejected:
    return Rejected("der", message)
