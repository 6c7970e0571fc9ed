"""One file of a batch: keys in order become a signed zip, with one file's keys in memory."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, Protocol

from key_export.export_bucket import StoredFile
from key_export.file_facts import FileFacts, Position
from key_export.padding import padding
from vigie.errors import Unavailable
from vigie.model import Frozen
from vigie.tracing.diagnosis_key import MOST_INTERVALS
from vigie.tracing.export_format import ExportFrame, ExportNumber, SignatureInfo
from vigie.tracing.export_writer import frame_keys, write_keys, write_signatures, write_zip
from vigie.tracing.interval import interval_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from key_export.batch import PlannedBatch
    from vigie.tracing.diagnosis_key import DiagnosisKey

# Keys that are models at a time; a file of fewer than this many is padded from one part.
_PART = 5000
_START = attrgetter("rolling_start_interval_number")
_KEY_DATA = attrgetter("key_data")


class FileLimits(Frozen):
    """How many keys a file has.

    Attributes:
        min_records: a batch of fewer is padded.
        padding_range: up to how many more a padded batch has.
        max_records: of one file, revised ones included.
    """

    min_records: int
    padding_range: int
    max_records: int


class Remaining(NamedTuple):
    """What is left of a batch, each in the order of the keys' bytes.

    Attributes:
        keys: that are released in its hours.
        revised: that are revised in its hours.
    """

    keys: Iterator[DiagnosisKey]
    revised: Iterator[DiagnosisKey]

    def is_over(self) -> bool:
        """Whether there is none; what it finds is lost."""
        return next(self.keys, None) is None and next(self.revised, None) is None


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


class Signer(Protocol):
    """Signs exports (see `ExportSigner`)."""

    def infos(self, now: datetime) -> tuple[SignatureInfo, ...]:
        """Who signs at a time."""

    def sign(self, binary: bytes, now: datetime) -> Sequence[tuple[SignatureInfo, bytes]]:
        """As many signatures, in DER."""


class FileMaker:
    """Makes the files of batches.

    Args:
        signer: signs each `export.bin`.
        region: ISO 3166-1 alpha-2.
        limits: how many keys a file has.
        settle: how long after its end a key may leave at the earliest.
    """

    def __init__(self, signer: Signer, region: str, limits: FileLimits, settle: timedelta) -> None:
        self._signer = signer
        self._region = region
        self._limits = limits
        self._settle = settle

    def make(
        self, batch: PlannedBatch, number: int, left: Remaining, now: datetime
    ) -> MadeFile | None:
        """Make one file of a batch; None if there is no key.

        Args:
            batch: that is being exported.
            number: of the file in the batch, from 1.
            left: what is left of the batch.
            now: the present.

        Raises:
            Unavailable: `key-in-use` if a key has not ended long enough ago, or what the
                signature needs did not answer.
        """
        listing = _Listing()
        for part in self._parts(left.keys, listing, now):
            is_small = number == 1 and not listing.count and len(part) < self._limits.min_records
            listing.add(part, self._padding(batch, part) if is_small else ())
        for part in self._parts(left.revised, listing, now):
            listing.add_revised(part)
        if not listing.count:
            return None
        more = not left.is_over()
        end = batch.end + timedelta(seconds=number) if more or number > 1 else batch.end
        archive = self._signed(batch.start, end, listing.content, now)
        facts = FileFacts(
            size=len(archive),
            sha256=hashlib.sha256(archive).hexdigest(),
            keys=listing.keys + listing.padded,
            revised_keys=listing.revised,
        )
        said = StoredFile(listing.position if more else None, facts)
        return MadeFile(archive, said, listing.keys, listing.padded)

    def _parts(
        self, keys: Iterator[DiagnosisKey], listing: _Listing, now: datetime
    ) -> Iterator[list[DiagnosisKey]]:
        """Keys, as far as the file has room."""
        while part := list(islice(keys, min(_PART, self._limits.max_records - listing.count))):
            self._refuse_in_use(part, now)
            yield part

    def _padding(self, batch: PlannedBatch, keys: list[DiagnosisKey]) -> list[DiagnosisKey]:
        limits = self._limits
        return list(padding(keys, batch.seed, limits.min_records, limits.padding_range))

    def _refuse_in_use(self, keys: list[DiagnosisKey], now: datetime) -> None:
        """The second lock: whoever knows a key that is in use can pose as its phone."""
        last = interval_number(now - self._settle)
        # Cheap for all keys at once: the others are looked at one by one.
        if max(map(_START, keys)) + MOST_INTERVALS <= last:
            return
        if any(key.end_interval_number > last for key in keys):
            raise Unavailable("key-in-use")

    def _signed(self, start: datetime, end: datetime, listed: bytearray, now: datetime) -> bytes:
        frame = ExportFrame(
            start=start, end=end, region=self._region, signature_infos=self._signer.infos(now)
        )
        binary = frame_keys(frame, listed)
        return write_zip(binary, write_signatures(self._signer.sign(binary, now)))


class _Listing:
    """What one file lists: keys, and after them revised keys.

    Attributes:
        content: as `export.bin` has them.
        keys: how many real keys.
        padded: how many others.
        revised: how many revised keys.
        position: how far it has come.
    """

    def __init__(self) -> None:
        self.content = bytearray()
        self.keys = self.padded = self.revised = 0
        self.position = Position()

    @property
    def count(self) -> int:
        """How many keys of all kinds."""
        return self.keys + self.padded + self.revised

    def add(self, keys: list[DiagnosisKey], others: Sequence[DiagnosisKey]) -> None:
        """List real keys, and others among them."""
        self.content += write_keys(sorted((*keys, *others), key=_KEY_DATA) if others else keys)
        self.keys += len(keys)
        self.padded += len(others)
        self.position = Position(after=keys[-1].key_data)

    def add_revised(self, keys: list[DiagnosisKey]) -> None:
        """List revised keys."""
        self.content += write_keys(keys, ExportNumber.REVISED_KEYS)
        self.revised += len(keys)
        self.position = Position(revised=True, after=keys[-1].key_data)
