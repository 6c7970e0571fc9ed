"""Reading and verifying an export, as a phone would; every length is bounded."""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError

from vigie.errors import Rejected
from vigie.tracing import export_format
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.export_format import (
    ExportFrame,
    ExportNumber,
    InfoNumber,
    KeyNumber,
    SignatureInfo,
    SignatureNumber,
)
from vigie.tracing.wire import BYTES, FIXED64, VARINT, Field, as_int32, as_sint32, fields

if TYPE_CHECKING:
    from collections.abc import Iterator

# What phones take at most.
MAX_KEYS = 750_000
MAX_BINARY_BYTES = 64 * 1024 * 1024
MAX_SIGNATURE_BYTES = 16 * 1024
_LAST_SECOND = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())
_FIRST_VERSION = "v1"


class KeyExport(NamedTuple):
    """What `export.bin` holds.

    Attributes:
        frame: what it says of itself.
        keys: in its order.
        revised_keys: in its order.
    """

    frame: ExportFrame
    keys: tuple[DiagnosisKey, ...]
    revised_keys: tuple[DiagnosisKey, ...]


class ExportSignature(NamedTuple):
    """One signature of `export.sig`, in DER."""

    info: SignatureInfo
    signature: bytes


def read_verified(archive: bytes, public_key: ec.EllipticCurvePublicKey) -> KeyExport:
    """Read an export that a key signed.

    Args:
        archive: the zip.
        public_key: on P-256.

    Raises:
        Rejected: `export-zip`, `export-members`, `export-size`, `export-header`, a
            `protobuf-…` or `export-content` rule; `export-signature-count` if there is not
            one signature for each signer that it names, `export-signature` if none of them is
            by the key.
    """
    binary, signed = open_zip(archive)
    export, signatures = read_binary(binary), read_signatures(signed)
    if [one.info for one in signatures] != list(export.frame.signature_infos):
        raise Rejected(
            "export-signature-count",
            "the signatures are not those of the signers that the export names",
            place=export_format.SIGNATURE_NAME,
        )
    if not any(_is_by(public_key, one, binary) for one in signatures):
        raise Rejected(
            "export-signature",
            "no signature over export.bin is by the key",
            place=export_format.SIGNATURE_NAME,
        )
    return export


def open_zip(archive: bytes) -> tuple[bytes, bytes]:
    """`export.bin` and `export.sig` of a zip.

    Raises:
        Rejected: `export-zip`, `export-members`, `export-size`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as members:
            if sorted(members.namelist()) != [
                export_format.BINARY_NAME,
                export_format.SIGNATURE_NAME,
            ]:
                raise Rejected("export-members", "it does not hold export.bin and export.sig alone")
            return (
                _member(members, export_format.BINARY_NAME, MAX_BINARY_BYTES),
                _member(members, export_format.SIGNATURE_NAME, MAX_SIGNATURE_BYTES),
            )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise Rejected("export-zip", "it is not a zip that can be read") from None


def read_binary(binary: bytes) -> KeyExport:
    """Read `export.bin`.

    Raises:
        Rejected: `export-header`, a `protobuf-…` or `export-content` rule.
    """
    if not binary.startswith(export_format.HEADER):
        raise Rejected(
            "export-header", "it does not begin as an export", place=export_format.BINARY_NAME
        )
    start = end = 0
    region = ""
    infos: list[SignatureInfo] = []
    keys: list[DiagnosisKey] = []
    revised: list[DiagnosisKey] = []
    for field in fields(binary[len(export_format.HEADER) :]):
        match field.number:
            case ExportNumber.START_TIMESTAMP:
                start = _number(field, FIXED64)
            case ExportNumber.END_TIMESTAMP:
                end = _number(field, FIXED64)
            case ExportNumber.REGION:
                region = _text(field)
            case ExportNumber.SIGNATURE_INFOS:
                infos.append(_info(field, len(infos)))
            case ExportNumber.KEYS:
                keys.append(_key(field, "keys", len(keys)))
            case ExportNumber.REVISED_KEYS:
                revised.append(_key(field, "revised_keys", len(revised)))
    with _in_range("export"):
        frame = ExportFrame(
            start=_moment(start), end=_moment(end), region=region, signature_infos=tuple(infos)
        )
    return KeyExport(frame, tuple(keys), tuple(revised))


def read_signatures(content: bytes) -> tuple[ExportSignature, ...]:
    """Read `export.sig`.

    Raises:
        Rejected: a `protobuf-…` or `export-content` rule.
    """
    signatures: list[ExportSignature] = []
    for listed in fields(content):
        if listed.number == export_format.SIGNATURES:
            signatures.append(_signature(listed, len(signatures)))
    return tuple(signatures)


def _member(members: zipfile.ZipFile, name: str, limit: int) -> bytes:
    # The directory may lie about lengths.
    with members.open(name) as member:
        content = member.read(limit + 1)
    if len(content) > limit:
        raise Rejected("export-size", "it is larger than any export", place=name)
    return content


def _is_by(public_key: ec.EllipticCurvePublicKey, signed: ExportSignature, binary: bytes) -> bool:
    if signed.info.signature_algorithm != export_format.ECDSA_P256_SHA256:
        return False
    try:
        public_key.verify(signed.signature, binary, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _signature(listed: Field, place: int) -> ExportSignature:
    info, signature = None, b""
    for field in fields(_content(listed)):
        if field.number == SignatureNumber.SIGNATURE_INFO:
            info = _info(field, place)
        elif field.number == SignatureNumber.SIGNATURE:
            signature = _content(field)
    if info is None:
        raise Rejected("export-content", "a signature names no signer", place=_at("signer", place))
    return ExportSignature(info, signature)


def _info(listed: Field, place: int) -> SignatureInfo:
    if place >= export_format.MOST_SIGNATURES:
        raise Rejected("export-content", "there are more than ten signers")
    values: dict[str, str] = {"verification_key_version": _FIRST_VERSION}
    for field in fields(_content(listed)):
        if field.number in _INFO_NAMES:
            values[_INFO_NAMES[field.number]] = _text(field)
    with _in_range(_at("signer", place)):
        return SignatureInfo.model_validate(values)


def _key(listed: Field, listed_as: str, place: int) -> DiagnosisKey:
    if place >= MAX_KEYS:
        raise Rejected("export-size", "it holds more keys than any export", place=listed_as)
    values: dict[str, object] = dict(_KEY_DEFAULTS)
    for field in fields(_content(listed)):
        if field.number == KeyNumber.KEY_DATA:
            values["key_data"] = _content(field)
        elif field.number == KeyNumber.DAYS_SINCE_ONSET_OF_SYMPTOMS:
            values["days_since_onset_of_symptoms"] = as_sint32(_number(field, VARINT))
        elif field.number in _KEY_NAMES:
            values[_KEY_NAMES[field.number]] = as_int32(_number(field, VARINT))
    with _in_range(_at(listed_as, place)):
        return DiagnosisKey.model_validate(values)


_KEY_DEFAULTS = {
    "key_data": b"",
    "transmission_risk": 0,
    "rolling_start_interval_number": 0,
    "rolling_period": export_format.DEFAULT_ROLLING_PERIOD,
    "report_type": ReportType.UNKNOWN,
}
_KEY_NAMES: dict[int, str] = {
    KeyNumber.TRANSMISSION_RISK_LEVEL: "transmission_risk",
    KeyNumber.ROLLING_START_INTERVAL_NUMBER: "rolling_start_interval_number",
    KeyNumber.ROLLING_PERIOD: "rolling_period",
    KeyNumber.REPORT_TYPE: "report_type",
}
_INFO_NAMES: dict[int, str] = {
    InfoNumber.VERIFICATION_KEY_VERSION: "verification_key_version",
    InfoNumber.VERIFICATION_KEY_ID: "verification_key_id",
    InfoNumber.SIGNATURE_ALGORITHM: "signature_algorithm",
}


@contextmanager
def _in_range(place: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        name = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Rejected(
            "export-content", "a value is out of its range", place=f"{place}.{name}"
        ) from None


def _at(name: str, place: int) -> str:
    return f"{name}[{place}]"


def _moment(seconds: int) -> datetime:
    if seconds > _LAST_SECOND:
        raise Rejected("export-content", "a time is out of its range")
    return datetime.fromtimestamp(seconds, UTC)


def _number(field: Field, wire_type: int) -> int:
    if field.wire_type != wire_type:
        raise Rejected("protobuf-wire-type", "a field is not of its wire type")
    return field.value


def _content(field: Field) -> bytes:
    if field.wire_type != BYTES:
        raise Rejected("protobuf-wire-type", "a field is not of its wire type")
    return field.content


def _text(field: Field) -> str:
    try:
        return _content(field).decode()
    except UnicodeDecodeError:
        raise Rejected("export-content", "a text is not UTF-8") from None
