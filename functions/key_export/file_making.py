"""One file of a batch: keys in order become a signed zip, with one file's keys in memory."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from key_export.export_bucket import StoredFile
from key_export.padding import padding
from vigie.errors import Unavailable
from vigie.model import Frozen
from vigie.tracing.diagnosis_key import MOST_INTERVALS
from vigie.tracing.export_format import ExportFrame, SignatureInfo
from vigie.tracing.export_writer import frame_keys, write_keys, write_signatures, write_zip
from vigie.tracing.interval import interval_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from key_export.batch import PlannedBatch
    from vigie.tracing.diagnosis_key import DiagnosisKey

# Keys that are models at a time; a file of fewer than this many is padded from one part.
_PART = 5000
_START = attrgetter("rolling_start_interval_number")


class FileLimits(Frozen):
    """How many keys a file has.

    Attributes:
        min_records: a batch of fewer is padded.
        padding_range: up to how many more a padded batch has.
        max_records: of one file.
    """

    min_records: int
    padding_range: int
    max_records: int


class MadeFile(NamedTuple):
    """A file that is ready to be kept.

    Attributes:
        archive: the zip.
        said: what it says of its batch.
        keys: how many real keys it holds.
        padded: how many others.
    """

    archive: bytes
    said: StoredFile
    keys: int
    padded: int


class FileMaker:
    """Makes the files of batches.

    Args:
        sign: gives the signature of an `export.bin`, in DER.
        info: who signs.
        region: ISO 3166-1 alpha-2.
        limits: how many keys a file has.
        settle: how long after its end a key may leave at the earliest.
    """

    def __init__(
        self,
        sign: Callable[[bytes], bytes],
        info: SignatureInfo,
        region: str,
        limits: FileLimits,
        settle: timedelta,
    ) -> None:
        self._sign = sign
        self._info = info
        self._region = region
        self._limits = limits
        self._settle = settle

    def make(
        self, batch: PlannedBatch, number: int, keys: Iterable[DiagnosisKey], now: datetime
    ) -> MadeFile | None:
        """Make one file of a batch; None if there is no key.

        Args:
            batch: that is being exported.
            number: of the file in the batch, from 1.
            keys: those that are left of the batch, in the order of their bytes.
            now: the present.

        Raises:
            Unavailable: `key-in-use` if a key has not ended long enough ago, or what the
                signature needs did not answer.
        """
        left = iter(keys)
        listed, count, last_key = bytearray(), 0, b""
        while part := list(islice(left, min(_PART, self._limits.max_records - count))):
            self._refuse_in_use(part, now)
            if number == 1 and count == 0 and len(part) < self._limits.min_records:
                return self._padded(batch, part)
            listed += write_keys(part)
            count += len(part)
            last_key = part[-1].key_data
        if not count:
            return None
        more = next(left, None) is not None
        end = batch.end + timedelta(seconds=number) if more or number > 1 else batch.end
        archive = self._signed(batch, end, listed)
        return MadeFile(archive, StoredFile(last_key if more else None), count, padded=0)

    def _padded(self, batch: PlannedBatch, keys: list[DiagnosisKey]) -> MadeFile:
        limits = self._limits
        added = list(padding(keys, batch.seed, limits.min_records, limits.padding_range))
        listed = write_keys(sorted((*keys, *added), key=attrgetter("key_data")))
        archive = self._signed(batch, batch.end, listed)
        return MadeFile(archive, StoredFile(goes_on_after=None), len(keys), len(added))

    def _refuse_in_use(self, keys: list[DiagnosisKey], now: datetime) -> None:
        """The second lock: whoever knows a key that is in use can pose as its phone."""
        last = interval_number(now - self._settle)
        # Cheap for all keys at once: the others are looked at one by one.
        if max(map(_START, keys)) + MOST_INTERVALS <= last:
            return
        if any(key.end_interval_number > last for key in keys):
            raise Unavailable("key-in-use")

    def _signed(self, batch: PlannedBatch, end: datetime, listed: bytearray) -> bytes:
        frame = ExportFrame(
            start=batch.start, end=end, region=self._region, signature_infos=(self._info,)
        )
        binary = frame_keys(frame, listed)
        return write_zip(binary, write_signatures([(self._info, self._sign(binary))]))
