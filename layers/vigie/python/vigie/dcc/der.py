"""Just enough DER (ITU-T X.690) to find one extension in a certificate that breaks its rules."""

from collections.abc import Iterator

from vigie.dcc.errors import DecodingError

_OBJECT_IDENTIFIER = 0x06
_SEQUENCE = 0x30
_EXTENSIONS = 0xA3
_EXTENDED_KEY_USAGE = "2.5.29.37"
_LONG_FORM = 0x80
_MAX_LENGTH_BYTES = 4


def extended_key_usage(tbs_certificate: bytes) -> tuple[str, ...]:
    """The OIDs of a certificate's extended key usage, dotted; empty if it has none.

    Args:
        tbs_certificate: the TBSCertificate in DER (RFC 5280 section 4.1).

    Raises:
        DecodingError: `der` if lengths do not fit.
    """
    for tag, content in _elements(_only(tbs_certificate, _SEQUENCE)):
        if tag == _EXTENSIONS:
            return _usage_in(_only(content, _SEQUENCE))
    return ()


def _usage_in(extensions: bytes) -> tuple[str, ...]:
    for _, extension in _elements(extensions):
        parts = tuple(_elements(extension))
        if not parts or _dotted(parts[0][1]) != _EXTENDED_KEY_USAGE:
            continue
        usages = _only(parts[-1][1], _SEQUENCE)
        return tuple(_dotted(oid) for tag, oid in _elements(usages) if tag == _OBJECT_IDENTIFIER)
    return ()


def _elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position < len(content):
        if position + 2 > len(content):
            raise DecodingError("der", "an element ends early")
        tag, length = content[position], content[position + 1]
        start = position + 2
        if length >= _LONG_FORM:
            size = length - _LONG_FORM
            if not 1 <= size <= _MAX_LENGTH_BYTES:
                raise DecodingError("der", "a length is not definite")
            length = int.from_bytes(content[start : start + size], "big")
            start += size
        position = start + length
        if position > len(content):
            raise DecodingError("der", "an element ends early")
        yield tag, content[start:position]


def _only(content: bytes, tag: int) -> bytes:
    elements = tuple(_elements(content))
    if len(elements) != 1 or elements[0][0] != tag:
        raise DecodingError("der", "an element is not the one expected")
    return elements[0][1]


def _dotted(oid: bytes) -> str:
    arcs = []
    value = 0
    for byte in oid:
        value = value << 7 | byte & 0x7F
        if byte < _LONG_FORM:
            arcs.append(value)
            value = 0
    if not arcs:
        raise DecodingError("der", "an object identifier is empty")
    root = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (root, arcs[0] - 40 * root, *arcs[1:]))
