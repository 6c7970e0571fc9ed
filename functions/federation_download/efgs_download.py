"""Downloading from the European gateway: the batches of a day, each of which names the next.

Source: `DownloadController.java` of the European Federation Gateway Service.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from federation_download.given_batch import GivenBatch, Step
from vigie.errors import Rejected
from vigie.federation.connection import GatewayUnavailable
from vigie.federation.efgs_audit import audit
from vigie.federation.efgs_batch import MEDIA_TYPE, read_batch
from vigie.federation.efgs_signing import SIGNATURE_MISSING, vouched
from vigie.federation.federation_store import DownloadCursor
from vigie.federation.gateway import BATCH_TAG

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from vigie.federation.connection import GatewayConnection
    from vigie.federation.efgs_signing import UploadSignature
    from vigie.federation.gateway import Gateway

# The gateway answers that what is older is gone.
_OLDEST = timedelta(days=2)
_DAY = timedelta(days=1)
_TAG = "batchTag"
_NEXT = "nextBatchTag"
_NO_TAG = "null"


class EfgsDownload:
    """Asks the gateway for batches.

    Args:
        gateway: which one.
        connection: to it.
    """

    def __init__(self, gateway: Gateway, connection: GatewayConnection) -> None:
        self._gateway = gateway
        self._connection = connection

    def step(self, cursor: DownloadCursor, now: datetime) -> Step:
        """Ask for the batch of a cursor, or for what comes after it.

        The last batch of the present day is asked for again until it names a next one. That of
        an earlier day names the first of the day after, which is given for that day alone.

        Raises:
            GatewayUnavailable: the gateway did not answer, or refuses us.
        """
        today = now.date()
        day = max(cursor.day or today - _OLDEST, today - _OLDEST)
        at = cursor if day == cursor.day else DownloadCursor(day=day)
        sent = {"Accept": MEDIA_TYPE} | ({} if at.tag is None else {_TAG: at.tag})
        answer = self._connection.request("GET", f"/diagnosiskeys/download/{day.isoformat()}", sent)
        match answer.status:
            case HTTPStatus.OK:
                tag, following = _tag(answer.headers, _TAG), _tag(answer.headers, _NEXT)
                if tag is None:
                    raise GatewayUnavailable("gateway-malformed")
                batch = None if at.done else self._batch(day, tag, answer.body, now)
                return _after(batch, day, tag, following, today)
            case HTTPStatus.BAD_REQUEST if at.tag is not None and day < today:
                # The last batch of a day names the first one of the next.
                return Step(None, DownloadCursor(day=day + _DAY), ended=False)
            case HTTPStatus.NOT_FOUND | HTTPStatus.BAD_REQUEST if at.tag is not None:
                # The gateway lost the batch: the next run begins the day again.
                return Step(None, DownloadCursor(day=day), ended=True)
            case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
                return _after(None, day, None, None, today)
            case status:
                raise GatewayUnavailable(f"gateway-status:{status}")

    def _batch(self, day: date, tag: str, body: bytes, now: datetime) -> GivenBatch:
        content_hash = hashlib.sha256(body).hexdigest()
        try:
            keys = read_batch(body)
        except Rejected as error:
            refused = Counter({error.code: 1})
            return GivenBatch(day, tag, content_hash, 0, (), frozenset(), refused)
        signatures = self._signatures(day, tag)
        found = vouched(keys, signatures, self._gateway.countries, now)
        if SIGNATURE_MISSING in found.refused:
            # The gateway lists an upload by its own day, which may be the one before its batch's.
            signatures += self._signatures(day - _DAY, tag)
            found = vouched(keys, signatures, self._gateway.countries, now)
        return GivenBatch(
            day, tag, content_hash, len(keys), found.keys, found.signers, found.refused
        )

    def _signatures(self, day: date, tag: str) -> list[UploadSignature]:
        return [entry.signature() for entry in audit(self._connection, day, tag)]


def _after(
    batch: GivenBatch | None, day: date, tag: str | None, following: str | None, today: date
) -> Step:
    if following is not None:
        return Step(batch, DownloadCursor(day=day, tag=following), ended=False)
    if day < today:
        return Step(batch, DownloadCursor(day=day + _DAY), ended=False)
    return Step(batch, DownloadCursor(day=day, tag=tag, done=tag is not None), ended=True)


def _tag(headers: Mapping[str, str], name: str) -> str | None:
    written = headers.get(name, _NO_TAG)
    if written == _NO_TAG:
        return None
    if not BATCH_TAG.fullmatch(written):
        raise GatewayUnavailable("gateway-malformed")
    return written
