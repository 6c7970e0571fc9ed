"""Writing an export: the same keys give the same bytes.

Keys stand in the order of their bytes, which hides the order that they came in.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
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


def write_binary(
    frame: ExportFrame, keys: Sequence[DiagnosisKey], revised: Sequence[DiagnosisKey] = ()
) -> bytes:
    """`export.bin`: what is signed.

    Args:
        frame: what it says of itself.
        keys: in any order.
        revised: keys of earlier exports that say something else now, in any order.
    """
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
            *_written(ExportNumber.KEYS, keys),
            *_written(ExportNumber.REVISED_KEYS, revised),
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


def _written(number: int, keys: Sequence[DiagnosisKey]) -> Iterable[bytes]:
    for key in sorted(keys, key=attrgetter("key_data")):
        before, after = _around(
            number,
            len(key.key_data),
            key.transmission_risk,
            key.rolling_start_interval_number,
            key.rolling_period,
            key.report_type,
            key.days_since_onset_of_symptoms,
        )
        yield before
        yield key.key_data
        yield after


@lru_cache(maxsize=_KINDS)
def _around(  # noqa: PLR0913, PLR0917 - what keys of one kind share
    number: int,
    length: int,
    risk: int,
    start: int,
    period: int,
    report_type: ReportType,
    onset: int | None,
) -> tuple[bytes, bytes]:
    """What stands before and after the bytes of a key."""
    before = bytes_field(KeyNumber.KEY_DATA, bytes(length))[:-length]
    after = varint_field(KeyNumber.TRANSMISSION_RISK_LEVEL, risk)
    if start:
        after += varint_field(KeyNumber.ROLLING_START_INTERVAL_NUMBER, start)
    if period != export_format.DEFAULT_ROLLING_PERIOD:
        after += varint_field(KeyNumber.ROLLING_PERIOD, period)
    if report_type is not ReportType.UNKNOWN:
        after += varint_field(KeyNumber.REPORT_TYPE, report_type)
    if onset is not None:
        after += zigzag_field(KeyNumber.DAYS_SINCE_ONSET_OF_SYMPTOMS, onset)
    opening = bytes_field(number, b"")[:-1]
    return opening + varint(len(before) + length + len(after)) + before, after


def _signature_info(info: SignatureInfo) -> bytes:
    return (
        bytes_field(InfoNumber.VERIFICATION_KEY_VERSION, info.verification_key_version.encode())
        + bytes_field(InfoNumber.VERIFICATION_KEY_ID, info.verification_key_id.encode())
        + bytes_field(InfoNumber.SIGNATURE_ALGORITHM, info.signature_algorithm.encode())
    )
