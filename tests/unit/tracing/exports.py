"""Exports of tests, and what the protobuf library makes of them."""

from __future__ import annotations

import json
import tempfile
from base64 import b64decode
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import grpc_tools
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_tools import protoc
from hypothesis import strategies as st

from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.export_format import HEADER, ExportFrame, SignatureInfo

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT.parent / "shared" / "data" / "tracing" / "exposure-notifications-server"
SAMPLE_ZIP = SAMPLE / "testExport-2-records-1-of-1.zip"

keys = st.builds(
    DiagnosisKey,
    key_data=st.binary(min_size=16, max_size=16),
    rolling_start_interval_number=st.integers(0, 2**31 - 1),
    rolling_period=st.integers(1, 144),
    transmission_risk=st.integers(0, 8),
    report_type=st.sampled_from(ReportType),
    days_since_onset_of_symptoms=st.none() | st.integers(-14, 14),
)
infos = st.builds(
    SignatureInfo,
    verification_key_id=st.from_regex(r"[A-Za-z0-9_]{1,9}", fullmatch=True),
    verification_key_version=st.text(st.characters(codec="utf-8"), max_size=9),
)
frames = st.builds(
    ExportFrame,
    start=st.integers(0, 2**33).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    end=st.integers(0, 2**33).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    region=st.sampled_from(("FR", "", "É")),
    signature_infos=st.lists(infos, max_size=3).map(tuple),
)


def sample_keys() -> list[DiagnosisKey]:
    """The keys of the published sample, as their file lists them."""
    listed = json.loads((SAMPLE / "keys.json").read_text())["temporaryExposureKeys"]
    return [
        DiagnosisKey(
            key_data=b64decode(one["key"]),
            rolling_start_interval_number=one["rollingStartNumber"],
            rolling_period=one["rollingPeriod"],
            transmission_risk=one["transmissionRisk"],
            report_type=ReportType.UNKNOWN,
        )
        for one in listed
    ]


def parsed_binary(binary: bytes) -> Any:  # noqa: ANN401 - a message of a class made at run time
    """What the protobuf library reads in `export.bin` by the documented definition."""
    assert binary[: len(HEADER)] == b"EK Export v1    "
    return message_class("TemporaryExposureKeyExport").FromString(binary[len(HEADER) :])


def parsed_signatures(content: bytes) -> Any:  # noqa: ANN401 - as above
    """What the protobuf library reads in `export.sig`."""
    return message_class("TEKSignatureList").FromString(content)


@cache
def message_class(name: str) -> Any:  # noqa: ANN401 - as above
    """The class of a message of docs/export.proto."""
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "descriptor"
        status = protoc.main(
            [
                "protoc",
                f"--proto_path={ROOT / 'docs'}",
                f"--proto_path={Path(grpc_tools.__file__).parent / '_proto'}",
                f"--descriptor_set_out={compiled}",
                "export.proto",
            ]
        )
        assert status == 0, "docs/export.proto does not compile"
        described = descriptor_pb2.FileDescriptorSet.FromString(compiled.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in described.file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
