"""Comparing a restored table with what the archive of events tells of its items."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from vigie.aws import aws_errors
from vigie.certificates import stored_certificate
from vigie.errors import Unavailable
from vigie.events.event import (
    AnyEvent,
    CertificateIssued,
    CertificateRevoked,
    ResultCorrected,
    ResultRecorded,
    ResultWithdrawn,
    parse_event,
)
from vigie.results import stored_result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.events.archive import EventArchive

# What happened is stored within the retries of the intake.
SETTLED = timedelta(hours=3)
# As many as one call of DynamoDB looks up, and how often it is asked for what is left.
_LOOKED_UP = 100
_ROUNDS = 8

Key = tuple[str, ...]


class Kind(Protocol):
    """A kind of item that events tell of."""

    @property
    def types(self) -> frozenset[str]:
        """The types of events that tell of it."""

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names of the attributes of its key."""

    def told(self, event: AnyEvent) -> tuple[Key, int] | None:
        """The key of the item that an event tells of, and how far it was then."""

    def stored(self, item: Mapping[str, Any]) -> int:
        """How far a stored item is."""


class Results:
    """Results: how far one is, is its version."""

    types = frozenset({"ResultRecorded", "ResultCorrected", "ResultWithdrawn"})
    attributes = ("result_id",)

    def told(self, event: AnyEvent) -> tuple[Key, int] | None:
        """See `Kind`."""
        if isinstance(event, ResultRecorded | ResultCorrected | ResultWithdrawn):
            return (event.result_id,), event.version
        return None

    def stored(self, item: Mapping[str, Any]) -> int:
        """See `Kind`."""
        return stored_result.from_item(dict(item)).version


class Certificates:
    """Certificates: 1 is issued, 2 is revoked."""

    types = frozenset({"CertificateIssued", "CertificateRevoked"})
    attributes = ("source_id", "certificate")

    def told(self, event: AnyEvent) -> tuple[Key, int] | None:
        """See `Kind`."""
        if isinstance(event, CertificateIssued | CertificateRevoked):
            revoked = isinstance(event, CertificateRevoked)
            return (event.result_id, event.certificate), 2 if revoked else 1
        return None

    def stored(self, item: Mapping[str, Any]) -> int:
        """See `Kind`."""
        return 1 if stored_certificate.from_item(dict(item)).revoked_at is None else 2


KINDS: Mapping[str, Kind] = {"results": Results(), "certificates": Certificates()}


class Told(NamedTuple):
    """What events of one day tell of an item.

    Attributes:
        level: how far it was at last.
        settled: how far it was at last among what must be in the restored table.
    """

    level: int
    settled: int


@dataclass(slots=True)
class Reconciled:
    """What a comparison found.

    Attributes:
        held: items that are as far as the events tell.
        absent: items that the restored table must have and has not.
        behind: items that must be further than they are.
        later: items that something was told of after the moment, or shortly before, and that
            are not so far: to be made again.
    """

    held: int = 0
    absent: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is missing that the moment should have."""
        return not self.absent and not self.behind


def reconcile(
    archive: EventArchive, table: RestoredTable, days: Iterable[date], moment: datetime
) -> Reconciled:
    """Compare what events of some days tell with a restored table, a day at a time.

    Args:
        archive: of events.
        table: the restored table.
        days: of the happenings.
        moment: that the table stands at, aware.

    Raises:
        Rejected: an event or an item cannot be read.
        Unavailable: AWS did not answer.
    """
    found = Reconciled()
    for day in days:
        told = _told(archive, table.kind, day, moment - SETTLED)
        remaining = iter(told)
        while keys := list(islice(remaining, _LOOKED_UP)):
            stored = table.levels(keys)
            for key in keys:
                _judge("/".join(key), told[key], stored.get(key, 0), found)
    return found


class RestoredTable:
    """Reads how far the items of a restored table are.

    Args:
        dynamodb: the DynamoDB client.
        table: its name.
        kind: of its items.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str, kind: Kind) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self.kind = kind

    def levels(self, keys: Iterable[Key]) -> dict[Key, int]:
        """How far each of up to 100 items is; none for what is not there.

        Raises:
            Unavailable: the table did not answer for each of them.
        """
        names = self.kind.attributes
        levels: dict[Key, int] = {}
        wanted: Any = [
            {name: {"S": value} for name, value in zip(names, key, strict=True)} for key in keys
        ]
        for _ in range(_ROUNDS):
            if not wanted:
                return levels
            with aws_errors("restored-table"):
                answer: Any = self._dynamodb.batch_get_item(
                    RequestItems={self._table: {"Keys": wanted}}
                )
            for item in answer.get("Responses", {}).get(self._table, []):
                levels[tuple(item[name]["S"] for name in names)] = self.kind.stored(item)
            wanted = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys")
        raise Unavailable("restored-table:UnprocessedKeys")


def _told(archive: EventArchive, kind: Kind, day: date, settled: datetime) -> dict[Key, Told]:
    found: dict[Key, Told] = {}
    for event in _events(archive, kind, day):
        told = kind.told(event)
        if told is None:
            continue
        key, level = told
        before = found.get(key, Told(0, 0))
        certain = level if event.occurred_at < settled else 0
        found[key] = Told(max(before.level, level), max(before.settled, certain))
    return found


def _events(archive: EventArchive, kind: Kind, day: date) -> Iterator[AnyEvent]:
    for key in archive.keys(day):
        for archived in archive.read(key):
            if archived.type in kind.types:
                yield parse_event(archived.body)


def _judge(name: str, told: Told, stored: int, found: Reconciled) -> None:
    if stored >= told.level:
        found.held += 1
    elif stored >= told.settled:
        found.later.append(name)
    elif stored == 0:
        found.absent.append(name)
    else:
        found.behind.append(name)
