"""An export is written as the published format says, and the same keys give the same bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from base64 import b64decode
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tracing import exports
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.export_format import ExportFrame, SignatureInfo
from vigie.tracing.export_reader import open_zip, read_signatures
from vigie.tracing.export_writer import write_binary, write_signatures, write_zip

if TYPE_CHECKING:
    from random import Random

    from vigie.tracing.export_reader import ExportSignature

PUBLISHED = pytest.mark.skipif(
    not exports.SAMPLE_ZIP.is_file(), reason="the published sample is not on this machine"
)
signatures = st.lists(st.tuples(exports.infos, st.binary(max_size=72)), max_size=3)


def some_key(  # noqa: PLR0913, PLR0917 - the fields of a key
    data: bytes, risk: int, start: int, period: int, report: ReportType, onset: int | None
) -> DiagnosisKey:
    """A key of three bytes, as the key server's test has them."""
    return DiagnosisKey.model_construct(
        key_data=data,
        transmission_risk=risk,
        rolling_start_interval_number=start,
        rolling_period=period,
        report_type=report,
        days_since_onset_of_symptoms=onset,
    )


@PUBLISHED
def test_the_published_keys_give_the_published_bytes() -> None:
    binary, signed = open_zip(exports.SAMPLE_ZIP.read_bytes())
    (published,) = read_signatures(signed)
    frame = ExportFrame(
        start=datetime.fromtimestamp(1590159600, UTC),
        end=datetime.fromtimestamp(1590246000, UTC),
        region="US",
        signature_infos=(published.info,),
    )
    written = write_binary(frame, exports.sample_keys())
    assert len(written) == 135
    assert written == binary
    assert write_signatures([_pair(published)]) == signed


def _pair(signed: ExportSignature) -> tuple[SignatureInfo, bytes]:
    return signed.info, signed.signature


def test_the_key_server_s_own_digest() -> None:
    """From `TestMarshalUnmarshalExportFile` of the Exposure Notification key server."""
    frame = ExportFrame(
        start=datetime(2020, 5, 1, tzinfo=UTC),
        end=datetime(2020, 5, 1, 1, tzinfo=UTC),
        region="US",
        signature_infos=(SignatureInfo(verification_key_id="310", verification_key_version="1"),),
    )
    keys = [
        some_key(b"ABC", 8, 18, 0, ReportType.CONFIRMED_CLINICAL_DIAGNOSIS, 0),
        some_key(b"DEF", 1, 118, 1, ReportType.CONFIRMED_TEST, -1),
        some_key(b"GHI", 5, 118, 1, ReportType.SELF_REPORT, -1),
    ]
    revised = [some_key(b"123", 4, 100, 144, ReportType.REVOKED, None)]
    digest = hashlib.sha256(write_binary(frame, keys, revised)).digest()
    assert digest == b64decode("ho9AqUPleXoGs4wc5PEUU7MvbToDryEnQ+rJ8Fb1Hvc=")


@given(exports.frames, st.lists(exports.keys, max_size=9), st.lists(exports.keys, max_size=4))
def test_the_protobuf_library_reads_what_was_written(
    frame: ExportFrame, keys: list[DiagnosisKey], revised: list[DiagnosisKey]
) -> None:
    export = exports.parsed_binary(write_binary(frame, keys, revised))
    assert export.start_timestamp == frame.start.timestamp()
    assert export.end_timestamp == frame.end.timestamp()
    assert (export.region, export.batch_num, export.batch_size) == (frame.region, 1, 1)
    assert [_info_of(info) for info in export.signature_infos] == list(frame.signature_infos)
    for written, given_keys in ((export.keys, keys), (export.revised_keys, revised)):
        by_bytes = sorted(given_keys, key=lambda key: key.key_data)
        assert [_key_of(key) for key in written] == by_bytes
    assert not export.FindInitializationErrors()
    # Defaults are left out, but for the risk, as the reference leaves them out.
    assert all(key.HasField("transmission_risk_level") for key in export.keys)
    assert not any(
        key.HasField("rolling_period") for key in export.keys if key.rolling_period == 144
    )


def _key_of(key: Any) -> DiagnosisKey:  # noqa: ANN401 - of a class made at run time
    has_onset = key.HasField("days_since_onset_of_symptoms")
    return DiagnosisKey(
        key_data=key.key_data,
        rolling_start_interval_number=key.rolling_start_interval_number,
        rolling_period=key.rolling_period,
        transmission_risk=key.transmission_risk_level,
        report_type=key.report_type,
        days_since_onset_of_symptoms=key.days_since_onset_of_symptoms if has_onset else None,
    )


def _info_of(info: Any) -> SignatureInfo:  # noqa: ANN401 - as above
    return SignatureInfo(
        verification_key_id=info.verification_key_id,
        verification_key_version=info.verification_key_version,
        signature_algorithm=info.signature_algorithm,
    )


@given(exports.frames, st.lists(exports.keys, max_size=9), st.randoms())
def test_the_order_that_keys_come_in_leaves_no_trace(
    frame: ExportFrame, keys: list[DiagnosisKey], random: Random
) -> None:
    keys = list({key.key_data: key for key in keys}.values())
    shuffled = list(keys)
    random.shuffle(shuffled)
    assert write_binary(frame, shuffled) == write_binary(frame, keys)


@given(signatures)
def test_the_protobuf_library_reads_the_signatures(
    signed: list[tuple[SignatureInfo, bytes]],
) -> None:
    read = exports.parsed_signatures(write_signatures(signed)).signatures
    assert [(_info_of(one.signature_info), one.signature) for one in read] == signed
    assert {(one.batch_num, one.batch_size) for one in read} <= {(1, 1)}


def test_a_zip_is_the_same_whenever_it_is_written() -> None:
    archive = write_zip(b"binary", b"signatures")
    assert archive == write_zip(b"binary", b"signatures")
    with zipfile.ZipFile(io.BytesIO(archive)) as members:
        assert members.namelist() == ["export.bin", "export.sig"]
        assert members.read("export.bin") == b"binary"
        assert {member.date_time for member in members.infolist()} == {(1980, 1, 1, 0, 0, 0)}
