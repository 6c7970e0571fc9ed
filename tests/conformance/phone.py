"""An export as a phone reads it: from the published field numbers, sharing no code with Vigie.

Source: "Exposure Key Export File Format and Verification" of Google and Apple, and the checks of
`SignatureVerifier` of Google's Exposure Notifications internals.
"""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = b"EK Export v1    "
_INTERVALS_OF_A_DAY = 144

Value = int | bytes


class Key(NamedTuple):
    """TemporaryExposureKey."""

    data: bytes
    risk: int
    start: int
    period: int
    report_type: int
    onset: int | None


class Export(NamedTuple):
    """TemporaryExposureKeyExport, with its signers as (id, version, algorithm)."""

    start: int
    end: int
    region: str
    signers: list[tuple[str, str, str]]
    keys: list[Key]
    revised: list[Key]


def read(archive: bytes, trusted: dict[tuple[str, str], ec.EllipticCurvePublicKey]) -> Export:
    """What a phone takes from an export.

    Args:
        archive: the zip.
        trusted: the keys that it was given, by id and version.

    Raises:
        AssertionError: a phone refuses it.
        InvalidSignature: a signature by a trusted key does not verify.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as members:
        assert sorted(members.namelist()) == ["export.bin", "export.sig"]
        binary, signatures = members.read("export.bin"), members.read("export.sig")
    assert binary[:16] == _HEADER
    export = _export(binary[16:])
    signed = [_all(value) for number, value in _fields(signatures) if number == 1]
    # The client refuses a file whose lists do not match.
    assert [_signer(_bytes(one, 1)) for one in signed] == export.signers
    verified = 0
    for one, signer in zip(signed, export.signers, strict=True):
        assert (_last(one, 2, 0), _last(one, 3, 0)) == (1, 1)
        assert signer[2] == "1.2.840.10045.4.3.2"
        key = trusted.get(signer[:2])
        if key is not None:
            key.verify(_bytes(one, 4), binary, ec.ECDSA(hashes.SHA256()))
            verified += 1
    assert verified, "no key that the phone was given signed it"
    return export


def _export(message: bytes) -> Export:
    read = _all(message)
    assert (_last(read, 4, 0), _last(read, 5, 0)) == (1, 1)
    keys, revised = ([_key(_as_bytes(one)) for one in read.get(number, [])] for number in (7, 8))
    for listed in (keys, revised):
        assert listed == sorted(listed, key=lambda key: key.data)
        for key in listed:
            assert len(key.data) == 16
            assert 1 <= key.period <= _INTERVALS_OF_A_DAY
            assert 0 <= key.risk <= 8
            assert 0 <= key.report_type <= 5
            assert key.onset is None or -14 <= key.onset <= 14
    return Export(
        start=_last(read, 1, 0),
        end=_last(read, 2, 0),
        region=_bytes(read, 3).decode(),
        signers=[_signer(_as_bytes(one)) for one in read.get(6, [])],
        keys=keys,
        revised=revised,
    )


def _key(message: bytes) -> Key:
    read = _all(message)
    onset = _last(read, 6, -1)
    return Key(
        data=_bytes(read, 1),
        risk=_last(read, 2, 0),
        start=_last(read, 3, 0),
        period=_last(read, 4, _INTERVALS_OF_A_DAY),
        report_type=_last(read, 5, 0),
        onset=None if onset == -1 else (onset >> 1) ^ -(onset & 1),
    )


def _signer(message: bytes) -> tuple[str, str, str]:
    read = _all(message)
    return _bytes(read, 4).decode(), _bytes(read, 3).decode(), _bytes(read, 5).decode()


def _all(message: Value) -> dict[int, list[Value]]:
    read: dict[int, list[Value]] = {}
    for number, value in _fields(_as_bytes(message)):
        read.setdefault(number, []).append(value)
    return read


def _last(read: dict[int, list[Value]], number: int, default: int) -> int:
    value = read.get(number, [default])[-1]
    assert isinstance(value, int)
    return value


def _bytes(read: dict[int, list[Value]], number: int) -> bytes:
    return _as_bytes(read.get(number, [b""])[-1])


def _as_bytes(value: Value) -> bytes:
    assert isinstance(value, bytes)
    return value


def _fields(message: bytes) -> Iterator[tuple[int, Value]]:
    stream = io.BytesIO(message)
    while stream.tell() < len(message):
        tag = _varint(stream)
        match tag & 7:
            case 0:
                yield tag >> 3, _varint(stream)
            case 1:
                yield tag >> 3, struct.unpack("<Q", stream.read(8))[0]
            case 2:
                length = _varint(stream)
                content = stream.read(length)
                assert len(content) == length
                yield tag >> 3, content
            case _:
                raise AssertionError("no field of an export has this type")


def _varint(stream: io.BytesIO) -> int:
    value = shift = 0
    while True:
        (byte,) = stream.read(1)
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value
