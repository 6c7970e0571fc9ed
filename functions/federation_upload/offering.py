"""Offering our keys to other countries, hour of release by hour of release.

An hour whose time is over and settled gets no key any more, so that its batches are the same
however often they are made, and what is offered costs what is new and not what is kept.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from federation_upload.efgs_upload import EfgsUpload
from federation_upload.interop_upload import InteropUpload
from federation_upload.offer import REFUSED, offer_of
from vigie.federation import gateway as protocols
from vigie.federation.connection import GatewayUnavailable
from vigie.federation.federation_store import BatchRecord, Direction, OfferCursor
from vigie.federation.key_rules import offered
from vigie.tracing.release import RETENTION, Section, start_of_hour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime, timedelta

    from federation_upload.journal import Journal
    from federation_upload.offer import Answered, Offer
    from vigie.federation.batch_signer import BatchSigner
    from vigie.federation.federation_store import FederationStore
    from vigie.federation.gateway import Gateway
    from vigie.federation.registered_gateways import Connect
    from vigie.federation.shared_key import SharedKey
    from vigie.tracing.key_reader import KeyReader

# How many requests in a row a gateway may refuse: each key that it refuses takes about a dozen.
_MOST_REQUESTS = 64
_REFUSED = "gateway-refused"


class _Upload(Protocol):
    def offer(self, offer: Offer, now: datetime) -> Answered: ...


class _Doubt:
    """Keys that a gateway refused before it took any: it may be the signer that it refuses.

    Attributes:
        offers: of one key each, with the hour of its release.
        is_over: whether the gateway took anything.
    """

    def __init__(self) -> None:
        self.offers: list[tuple[Offer, datetime]] = []
        self.is_over = False


class Offering:
    """Offers keys.

    Args:
        connect: connects to a gateway.
        signer: signs batches.
        store: cursors and records.
        keys: the keys table.
        home: this country.
        hour: how long the hours are that keys are released in.
        settle: how long after its end an hour is offered at the earliest.
        journal: told of what happens.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        connect: Connect,
        signer: BatchSigner,
        store: FederationStore,
        keys: KeyReader,
        home: str,
        hour: timedelta,
        settle: timedelta,
        journal: Journal,
    ) -> None:
        self._connect = connect
        self._signer = signer
        self._store = store
        self._keys = keys
        self._home = home
        self._hour = hour
        self._settle = settle
        self._journal = journal

    def run(self, gateways: Iterable[Gateway], now: datetime, has_time: Callable[[], bool]) -> None:
        """Offer to each gateway what was released since the last time, as far as there is time.

        Raises:
            Rejected: something was written by a newer version of the system.
            Unavailable: AWS did not answer.
        """
        for gateway in gateways:
            try:
                self._run(gateway, now, has_time)
            except GatewayUnavailable as error:
                self._journal.failed(gateway, error.code)
            else:
                self._journal.answered(gateway)

    def _run(self, gateway: Gateway, now: datetime, has_time: Callable[[], bool]) -> None:
        upload = self._upload(gateway)
        cursor = self._store.offer_cursor(gateway.name)
        oldest = start_of_hour(now - RETENTION, self._hour)
        hour = oldest if cursor is None else max(cursor.hour, oldest)
        doubt = _Doubt()
        while hour + self._hour + self._settle <= now:
            for section in _sections(gateway):
                for keys in self._batches(gateway, hour, section, now):
                    if not has_time():
                        self._journal.out_of_time(gateway)
                        return
                    self._offer(upload, gateway, keys, hour=hour, now=now, doubt=doubt)
            hour += self._hour
            if not doubt.offers:
                self._store.move_offer(gateway.name, OfferCursor(hour=hour))
            if not has_time():
                self._journal.out_of_time(gateway)
                return
        if doubt.offers:
            raise GatewayUnavailable("gateway-takes-nothing")

    def _upload(self, gateway: Gateway) -> _Upload:
        connection = self._connect(gateway)
        if gateway.protocol is protocols.Protocol.EFGS:
            return EfgsUpload(connection, self._signer)
        return InteropUpload(connection, self._signer)

    def _batches(
        self, gateway: Gateway, hour: datetime, section: Section, now: datetime
    ) -> Iterator[tuple[SharedKey, ...]]:
        released = self._keys.in_order([hour], now, sections=(section,))
        judged = (offered(one, self._home, gateway, hour, now) for one in released)
        keys = (key for key in judged if key is not None)
        while some := tuple(islice(keys, gateway.most_keys)):
            yield some

    def _offer(  # noqa: PLR0913 - a batch, and how far the run has come
        self,
        upload: _Upload,
        gateway: Gateway,
        keys: tuple[SharedKey, ...],
        *,
        hour: datetime,
        now: datetime,
        doubt: _Doubt,
    ) -> None:
        """Offer some keys, in smaller batches where the gateway does not take them all.

        A key that is refused alone is given up once the gateway has taken another one.

        Raises:
            GatewayUnavailable: the gateway did not answer, or takes nothing.
        """
        waiting = deque([keys])
        asked = 0
        while waiting:
            offer = offer_of(waiting.popleft(), self._home, hour)
            earlier = self._store.record(gateway.name, Direction.OFFER, hour.date(), offer.tag)
            if earlier is not None:
                if earlier.taken:
                    doubt.is_over, asked = True, 0
                waiting += _again(offer, earlier.left)
                continue
            if asked == _MOST_REQUESTS:
                raise GatewayUnavailable("gateway-takes-nothing")
            asked += 1
            answered = upload.offer(offer, now)
            count = len(offer.keys)
            if answered.refused and count > 1:
                # One bad key makes the gateway refuse all: half of them may have none.
                waiting += [offer.keys[: count // 2], offer.keys[count // 2 :]]
                continue
            if len(answered.left) == count:
                raise GatewayUnavailable("gateway-takes-nothing")
            if answered.refused:
                doubt.offers.append((offer, hour))
            else:
                doubt.is_over, asked = True, 0
                self._keep(gateway, offer, answered, hour, now)
                waiting += _again(offer, answered.left)
            self._give_up(gateway, doubt, now)

    def _give_up(self, gateway: Gateway, doubt: _Doubt, now: datetime) -> None:
        while doubt.is_over and doubt.offers:
            offer, hour = doubt.offers.pop()
            self._keep(gateway, offer, REFUSED, hour, now)

    def _keep(
        self, gateway: Gateway, offer: Offer, answered: Answered, hour: datetime, now: datetime
    ) -> None:
        refused = len(offer.keys) if answered.refused else 0
        record = BatchRecord(
            direction=Direction.OFFER,
            day=hour.date(),
            tag=offer.tag,
            at=now,
            content_hash=offer.content_hash,
            signers=(),
            keys=len(offer.keys),
            taken=len(offer.keys) - refused - len(answered.left),
            refused={_REFUSED: refused} if refused else {},
            left=answered.left,
        )
        self._store.keep(gateway.name, record)
        self._journal.offered(gateway, record)


def _again(offer: Offer, left: tuple[int, ...]) -> list[tuple[SharedKey, ...]]:
    """The batch of the keys that a gateway left of another one; none if it left none."""
    return [tuple(offer.keys[place] for place in left)] if left else []


def _sections(gateway: Gateway) -> tuple[Section, ...]:
    """What is offered of an hour: the interoperability service knows no revision."""
    if gateway.protocol is protocols.Protocol.EFGS:
        return (Section.HOME, Section.REVISED)
    return (Section.HOME,)
