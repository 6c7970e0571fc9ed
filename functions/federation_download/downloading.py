"""Taking over what other countries give, gateway by gateway, batch by batch, key by key."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from federation_download.efgs_download import EfgsDownload
from federation_download.interop_download import InteropDownload
from vigie.federation import gateway as protocols
from vigie.federation.connection import GatewayUnavailable
from vigie.federation.federation_store import BatchRecord, Direction
from vigie.federation.key_rules import from_abroad

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from federation_download.foreign_key_store import ForeignKeyStore
    from federation_download.given_batch import GivenBatch, Step
    from federation_download.journal import Journal
    from vigie.federation.federation_store import DownloadCursor, FederationStore
    from vigie.federation.gateway import Gateway
    from vigie.federation.registered_gateways import Connect
    from vigie.tracing.stored_key import ReleasedKey

_UNKNOWN = "revoked-unknown"
# How the rules of a signature are called.
_OF_SIGNATURES = ("cms-", "signer-", "signature-")


class _Download(Protocol):
    def step(self, cursor: DownloadCursor, now: datetime) -> Step: ...


class Downloading:
    """Takes over batches.

    Args:
        connect: connects to a gateway.
        store: cursors and records.
        keys: the keys table.
        home: this country.
        now: the present, aware.
        journal: told of what happens.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        connect: Connect,
        store: FederationStore,
        keys: ForeignKeyStore,
        home: str,
        now: Callable[[], datetime],
        journal: Journal,
    ) -> None:
        self._connect = connect
        self._store = store
        self._keys = keys
        self._home = home
        self._now = now
        self._journal = journal

    def run(self, gateways: Iterable[Gateway], has_time: Callable[[], bool]) -> None:
        """Take over what each gateway has, as far as there is time.

        What was taken over stays; a gateway that does not answer holds up no other.

        Raises:
            Rejected: something was written by a newer version of the system.
            Unavailable: AWS did not answer.
        """
        for gateway in gateways:
            try:
                self._run(gateway, has_time)
            except GatewayUnavailable as error:
                self._journal.failed(gateway, error.code)
            else:
                self._journal.answered(gateway)

    def _run(self, gateway: Gateway, has_time: Callable[[], bool]) -> None:
        download = self._download(gateway)
        cursor = self._store.download_cursor(gateway.name)
        while has_time():
            step = download.step(cursor, self._now())
            if step.batch is not None:
                self._take_over(gateway, step.batch)
            if step.cursor != cursor:
                cursor = step.cursor
                self._store.move_download(gateway.name, cursor)
            if step.ended:
                return
        self._journal.out_of_time(gateway)

    def _download(self, gateway: Gateway) -> _Download:
        connection = self._connect(gateway)
        if gateway.protocol is protocols.Protocol.EFGS:
            return EfgsDownload(gateway, connection)
        return InteropDownload(connection)

    def _take_over(self, gateway: Gateway, batch: GivenBatch) -> None:
        earlier = self._store.record(gateway.name, Direction.DOWNLOAD, batch.day, batch.tag)
        if earlier is not None and _is_done(earlier, batch):
            return
        now = self._now()
        refused = Counter(batch.refused)
        keys: list[ReleasedKey] = []
        for sent in batch.keys:
            judged = from_abroad(sent, self._home, gateway.countries, now)
            if isinstance(judged, str):
                refused[judged] += 1
            else:
                keys.append(judged)
        stored = self._keys.store(keys, now)
        refused += Counter({_UNKNOWN: stored.unknown})
        record = BatchRecord(
            direction=Direction.DOWNLOAD,
            day=batch.day,
            tag=batch.tag,
            at=now,
            content_hash=batch.content_hash,
            signers=tuple(sorted(batch.signers)),
            keys=batch.size,
            taken=stored.new,
            known=stored.known,
            revised=stored.revised,
            refused=dict(sorted(refused.items())),
        )
        self._store.keep(gateway.name, record)
        self._journal.taken_over(gateway, record, _unsigned(record))


def _is_done(earlier: BatchRecord, batch: GivenBatch) -> bool:
    """Whether a batch was taken over before: one whose signatures failed is looked at again."""
    return earlier.content_hash == batch.content_hash and not _unsigned(earlier)


def _unsigned(record: BatchRecord) -> int:
    """How many keys of a batch nobody signed who may."""
    return sum(count for rule, count in record.refused.items() if rule.startswith(_OF_SIGNATURES))
