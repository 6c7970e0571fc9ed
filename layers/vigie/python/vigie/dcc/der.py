"""Just enough DER (ITU-T X.690) to read extensions of certificates that break its rules."""

from collections.abc import Iterator, Mapping

from vigie.dcc.errors import DecodingError

_BOOLEAN = 0x01
_BIT_STRING = 0x03
_OCTET_STRING = 0x04
_OBJECT_IDENTIFIER = 0x06
_SEQUENCE = 0x30
_KEY_IDENTIFIER = 0x80
_EXTENSIONS = 0xA3
_SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
_KEY_USAGE = "2.5.29.15"
_BASIC_CONSTRAINTS = "2.5.29.19"
_AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
_EXTENDED_KEY_USAGE = "2.5.29.37"
_LONG_FORM = 0x80
_MAX_LENGTH_BYTES = 4


def extensions(tbs_certificate: bytes) -> Mapping[str, bytes]:
    """The extensions of a certificate: what each one's OCTET STRING holds, by dotted OID.

    Args:
        tbs_certificate: the TBSCertificate in DER (RFC 5280 section 4.1).

    Raises:
        DecodingError: `der` if lengths do not fit.
    """
    for tag, content in _elements(_only(tbs_certificate, _SEQUENCE)):
        if tag == _EXTENSIONS:
            return dict(_extensions_in(_only(content, _SEQUENCE)))
    return {}


def extended_key_usage(found: Mapping[str, bytes]) -> tuple[str, ...]:
    """The dotted OIDs of the extended key usage; empty without one.

    Raises:
        DecodingError: `der` if the extension is none.
    """
    if _EXTENDED_KEY_USAGE not in found:
        return ()
    usages = _only(found[_EXTENDED_KEY_USAGE], _SEQUENCE)
    return tuple(_dotted(oid) for tag, oid in _elements(usages) if tag == _OBJECT_IDENTIFIER)


def key_usage(found: Mapping[str, bytes]) -> frozenset[int] | None:
    """The bits of the key usage (RFC 5280 section 4.2.1.3), from 0; None without one.

    Raises:
        DecodingError: `der` if the extension is none.
    """
    if _KEY_USAGE not in found:
        return None
    # The first byte says how many bits at the end are unused.
    octets = _only(found[_KEY_USAGE], _BIT_STRING)[1:]
    return frozenset(
        8 * place + bit
        for place, octet in enumerate(octets)
        for bit in range(8)
        if octet << bit & 0x80
    )


def is_authority(found: Mapping[str, bytes]) -> bool:
    """Whether the basic constraints say that it is a certification authority's.

    A `false` that is written out, though it is the default, is one nevertheless.

    Raises:
        DecodingError: `der` if the extension is none.
    """
    if _BASIC_CONSTRAINTS not in found:
        return False
    parts = tuple(_elements(_only(found[_BASIC_CONSTRAINTS], _SEQUENCE)))
    return bool(parts) and parts[0][0] == _BOOLEAN and any(parts[0][1])


def subject_key(found: Mapping[str, bytes]) -> bytes | None:
    """The subject key identifier; None without one.

    Raises:
        DecodingError: `der` if the extension is none.
    """
    if _SUBJECT_KEY_IDENTIFIER not in found:
        return None
    return _only(found[_SUBJECT_KEY_IDENTIFIER], _OCTET_STRING)


def authority_key(found: Mapping[str, bytes]) -> bytes | None:
    """The key identifier of the authority key identifier; None without one.

    Raises:
        DecodingError: `der` if the extension is none.
    """
    if _AUTHORITY_KEY_IDENTIFIER not in found:
        return None
    parts = dict(_elements(_only(found[_AUTHORITY_KEY_IDENTIFIER], _SEQUENCE)))
    return parts.get(_KEY_IDENTIFIER)


def _extensions_in(content: bytes) -> Iterator[tuple[str, bytes]]:
    """OID and value of each; between them there may be a BOOLEAN: whether it is critical."""
    for _, extension in _elements(content):
        parts = tuple(_elements(extension))
        if parts and parts[-1][0] == _OCTET_STRING:
            yield _dotted(parts[0][1]), parts[-1][1]


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
