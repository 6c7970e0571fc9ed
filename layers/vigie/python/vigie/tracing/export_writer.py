"""Writing an export: the same keys give the same bytes.

Keys stand in the order of their bytes, which hides the order that they came in.
"""

import io
import zipfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter

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
from vigie.tracing.wire import bytes_field, fixed64_field, varint, varint_field, zigzag_field

# The first date that a zip can say, for the bytes must not depend on when they are written.
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o100644 << 16
# A period rarely has more kinds of keys than this; each is written once.
_KINDS = 65_536
_Kind = tuple[int, int, int, int, int | None]
_KIND: Callable[[DiagnosisKey], _Kind] = attrgetter(
    "transmission_risk",
    "rolling_start_interval_number",
    "rolling_period",
    # A plain number: an enumeration's own hash takes as long as all the rest.
    "report_type.real",
    "days_since_onset_of_symptoms",
)
_KEY_DATA = attrgetter("key_data")


def write_binary(
    frame: ExportFrame, keys: Iterable[DiagnosisKey], revised: Iterable[DiagnosisKey] = ()
) -> bytes:
    """`export.bin`: what is signed.

    Args:
        frame: what it says of itself.
        keys: in any order.
        revised: keys of earlier exports that say something else now, in any order.
    """
    in_order = sorted(keys, key=_KEY_DATA)
    listed = write_keys(in_order) + write_keys(
        sorted(revised, key=_KEY_DATA), ExportNumber.REVISED_KEYS
    )
    return frame_keys(frame, listed)


def write_keys(keys: Iterable[DiagnosisKey], number: ExportNumber = ExportNumber.KEYS) -> bytearray:
    """The part of `export.bin` that lists keys, in the order that they come in.

    Args:
        keys: in the order of their bytes; they are not held.
        number: of the list.
    """
    listed, list_number = bytearray(), int(number)
    for key in keys:
        before, after = _around(list_number, _KIND(key), len(key.key_data))
        listed += before
        listed += key.key_data
        listed += after
    return listed


def frame_keys(frame: ExportFrame, listed: bytes | bytearray) -> bytes:
    """`export.bin` of keys that `write_keys` listed."""
    return b"".join(
        (
            export_format.HEADER,
            fixed64_field(ExportNumber.START_TIMESTAMP, int(frame.start.timestamp())),
            fixed64_field(ExportNumber.END_TIMESTAMP, int(frame.end.timestamp())),
            bytes_field(ExportNumber.REGION, frame.region.encode()),
            varint_field(ExportNumber.BATCH_NUM, 1),
            varint_field(ExportNumber.BATCH_SIZE, 1),
            *(
                bytes_field(ExportNumber.SIGNATURE_INFOS, _signature_info(info))
                for info in frame.signature_infos
            ),
            listed,
        )
    )


def write_signatures(signatures: Iterable[tuple[SignatureInfo, bytes]]) -> bytes:
    """`export.sig`.

    Args:
        signatures: each with who signed, in the order of the frame's infos; in DER.
    """
    return b"".join(
        bytes_field(
            export_format.SIGNATURES,
            bytes_field(SignatureNumber.SIGNATURE_INFO, _signature_info(info))
            + varint_field(SignatureNumber.BATCH_NUM, 1)
            + varint_field(SignatureNumber.BATCH_SIZE, 1)
            + bytes_field(SignatureNumber.SIGNATURE, signature),
        )
        for info, signature in signatures
    )


def write_zip(binary: bytes, signatures: bytes) -> bytes:
    """The file that apps download."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as members:
        for name, content in (
            (export_format.BINARY_NAME, binary),
            (export_format.SIGNATURE_NAME, signatures),
        ):
            member = zipfile.ZipInfo(name, _NO_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = _UNIX
            member.external_attr = _READABLE
            members.writestr(member, content)
    return archive.getvalue()


@lru_cache(maxsize=_KINDS)
def _around(list_number: int, kind: _Kind, length: int) -> tuple[bytes, bytes]:
    """What stands before and after the bytes of a key."""
    risk, start, period, report_type, onset = kind
    before = bytes_field(KeyNumber.KEY_DATA, bytes(length))[:-length]
    after = varint_field(KeyNumber.TRANSMISSION_RISK_LEVEL, risk)
    if start:
        after += varint_field(KeyNumber.ROLLING_START_INTERVAL_NUMBER, start)
    if period != export_format.DEFAULT_ROLLING_PERIOD:
        after += varint_field(KeyNumber.ROLLING_PERIOD, period)
    if report_type != ReportType.UNKNOWN:
        after += varint_field(KeyNumber.REPORT_TYPE, report_type)
    if onset is not None:
        after += zigzag_field(KeyNumber.DAYS_SINCE_ONSET_OF_SYMPTOMS, onset)
    opening = bytes_field(list_number, b"")[:-1]
    return opening + varint(len(before) + length + len(after)) + before, after


def _signature_info(info: SignatureInfo) -> bytes:
    return (
        bytes_field(InfoNumber.VERIFICATION_KEY_VERSION, info.verification_key_version.encode())
        + bytes_field(InfoNumber.VERIFICATION_KEY_ID, info.verification_key_id.encode())
        + bytes_field(InfoNumber.SIGNATURE_ALGORITHM, info.signature_algorithm.encode())
    )
