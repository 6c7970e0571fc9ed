"""An export of keys, against making the same bytes with the protobuf library, hash and zip."""

from __future__ import annotations

import hashlib
import heapq
import io
import resource
import zipfile
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from random import Random
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from key_export.batch import PlannedBatch
from key_export.file_facts import Position
from key_export.file_making import FileLimits, FileMaker, MadeFile, Remaining
from tests.bench.ratio import at_most, measure
from tests.unit.tracing.exports import message_class
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.export_format import HEADER, SignatureInfo
from vigie.tracing.interval import interval_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.ratio import Ratio

_KEYS = 1_000_000
_IN_A_FILE = 500_000
# Of a batch of four hours.
_SHARDS = 64
_ROUNDS = 2
_END = datetime(2026, 11, 24, 4, tzinfo=UTC)
_NOW = _END + timedelta(hours=2)
_BATCH = PlannedBatch(start=_END - timedelta(hours=4), end=_END, seed=bytes(32))
_KEY_DATA = attrgetter("key_data")
_SIGNER = ec.derive_private_key(7, ec.SECP256R1())


class _Signer:
    """Signs without KMS."""

    def infos(self, now: datetime) -> tuple[SignatureInfo, ...]:  # noqa: ARG002 - of the signer's kind
        """One key, at all times."""
        return (SignatureInfo(verification_key_id="208", verification_key_version="v1"),)

    def sign(self, binary: bytes, now: datetime) -> list[tuple[SignatureInfo, bytes]]:
        """Its signature."""
        return [(info, _SIGNER.sign(binary, ec.ECDSA(hashes.SHA256()))) for info in self.infos(now)]


def ratios() -> Iterator[Ratio]:
    """A million keys, from the shards of the keys table to signed files."""
    random = Random(1)  # noqa: S311 - the same keys in every run
    # Made in their order, so that they lie in memory as keys do that were just read.
    keys = [_key(random, data) for data in sorted(random.randbytes(16) for _ in range(_KEYS))]
    shards = [keys[shard::_SHARDS] for shard in range(_SHARDS)]
    held = _peak_mib()
    sizes = [len(made.archive) for made in _export(shards)]
    above = _peak_mib() - held
    if len(sizes) != _KEYS // _IN_A_FILE:
        raise AssertionError("every key that is measured must be exported")
    yield measure(
        f"keys exported, a million in {len(sizes)} files (peak {above} MiB above the keys)",
        lambda: list(_export(shards)),
        "protobuf library, SHA-256 and zip of the same keys in order",
        lambda: _reference(keys),
        at_most(1.5),
        items=_KEYS,
        rounds=_ROUNDS,
    )


def _key(random: Random, data: bytes) -> DiagnosisKey:
    day = random.randrange(14)
    return DiagnosisKey(
        key_data=data,
        rolling_start_interval_number=interval_number(_END) - 144 * (day + 2),
        rolling_period=144,
        transmission_risk=2,
        report_type=ReportType.CONFIRMED_TEST,
        days_since_onset_of_symptoms=3 - day,
    )


def _export(shards: list[list[DiagnosisKey]]) -> Iterator[MadeFile]:
    """As the function makes them: each file reads the shards from where the last one ended."""
    maker = FileMaker(
        _Signer(),
        "FR",
        FileLimits(min_records=1000, padding_range=100, max_records=_IN_A_FILE),
        timedelta(hours=2),
    )
    position: Position | None = Position()
    number = 1
    while position is not None:
        rest = [shard[bisect_right(shard, position.after, key=_KEY_DATA) :] for shard in shards]
        left = Remaining(heapq.merge(*rest, key=_KEY_DATA), iter(()))
        made = maker.make(_BATCH, number, left, _NOW)
        if made is None:
            raise AssertionError("there are keys left")
        yield made
        position, number = made.said.goes_on_after, number + 1


def _reference(keys: list[DiagnosisKey]) -> None:
    for first in range(0, _KEYS, _IN_A_FILE):
        message = message_class("TemporaryExposureKeyExport")()
        for key in keys[first : first + _IN_A_FILE]:
            message.keys.add(
                key_data=key.key_data,
                transmission_risk_level=key.transmission_risk,
                rolling_start_interval_number=key.rolling_start_interval_number,
                report_type=key.report_type,
                days_since_onset_of_symptoms=key.days_since_onset_of_symptoms,
            )
        binary = HEADER + message.SerializeToString()
        hashlib.sha256(binary).digest()
        with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as members:
            members.writestr("export.bin", binary)


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
