"""Batches of tests, and what others make of them: protobuf's own library, and Python's `struct`."""

from __future__ import annotations

import base64
import struct
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_tools import protoc
from hypothesis import strategies as st

from vigie.federation.shared_key import SharedKey

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT.parent / "shared" / "data" / "tracing" / "efgs" / "diagnosisKeyBatchSmallInt.bin"
_UNSIGNED = st.integers(0, 2**32 - 1)
_SIGNED = st.integers(-(2**31), 2**31 - 1)
_COUNTRIES = st.sampled_from(("AT", "DE", "ES", "FR", "IT"))

shared_keys = st.builds(
    SharedKey,
    key_data=st.binary(max_size=17),
    rolling_start_interval_number=_UNSIGNED,
    rolling_period=_UNSIGNED,
    transmission_risk_level=_SIGNED,
    visited_countries=st.lists(_COUNTRIES, max_size=3).map(tuple),
    origin=_COUNTRIES,
    report_type=st.integers(0, 5),
    days_since_onset_of_symptoms=_SIGNED,
)


@cache
def _batch_class() -> Any:  # noqa: ANN401 - a class made at run time
    with tempfile.TemporaryDirectory() as folder:
        described = Path(folder) / "described"
        failed = protoc.main(
            [
                "protoc",
                f"--proto_path={ROOT / 'docs'}",
                f"--descriptor_set_out={described}",
                "efgs.proto",
            ]
        )
        assert not failed
        files = descriptor_pb2.FileDescriptorSet.FromString(described.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    found = pool.FindMessageTypeByName("eu.interop.DiagnosisKeyBatch")
    return message_factory.GetMessageClass(found)


def parsed(content: bytes) -> list[SharedKey]:
    """The keys that protobuf's library reads by the documented definition."""
    return [
        SharedKey(
            key.keyData,
            key.rollingStartIntervalNumber,
            key.rollingPeriod,
            key.transmissionRiskLevel,
            tuple(key.visitedCountries),
            key.origin,
            key.reportType,
            key.days_since_onset_of_symptoms,
        )
        for key in _batch_class().FromString(content).keys
    ]


def serialised(keys: Iterable[SharedKey]) -> bytes:
    """What protobuf's library writes."""
    batch = _batch_class()()
    for key in keys:
        batch.keys.add(
            keyData=key.key_data,
            rollingStartIntervalNumber=key.rolling_start_interval_number,
            rollingPeriod=key.rolling_period,
            transmissionRiskLevel=key.transmission_risk_level,
            visitedCountries=key.visited_countries,
            origin=key.origin,
            reportType=key.report_type,
            days_since_onset_of_symptoms=key.days_since_onset_of_symptoms,
        )
    content: bytes = batch.SerializeToString()
    return content


def canonical(keys: Iterable[SharedKey]) -> bytes:
    """The bytes to sign, written another way than by what is tested."""
    lines = []
    for key in keys:
        start, period = (
            struct.pack(">I", number)
            for number in (key.rolling_start_interval_number, key.rolling_period)
        )
        risk, report, days = (
            struct.pack(">i", number)
            for number in (
                key.transmission_risk_level,
                key.report_type,
                key.days_since_onset_of_symptoms,
            )
        )
        countries = ",".join(key.visited_countries).encode("ascii")
        origin = key.origin.encode("ascii")
        parts = [key.key_data, start, period, risk, countries, origin, report, days]
        lines.append("".join(base64.b64encode(part).decode() + "." for part in parts))
    lines.sort(key=lambda line: base64.b64encode(line.encode()).decode())
    return "".join(lines).encode()
