"""Downloading from the interoperability service: what came after a batch, until nothing does.

Source: `download.js` of covid-green-lambdas.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from federation_download.given_batch import GivenBatch, Step
from vigie.federation.connection import GatewayUnavailable
from vigie.federation.federation_store import DownloadCursor
from vigie.federation.interop_payload import read_download
from vigie.tracing.release import RETENTION

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.federation.connection import GatewayConnection

_NOTHING_OLDER = RETENTION - timedelta(days=1)


class InteropDownload:
    """Asks the service for batches.

    Args:
        connection: to it.
    """

    def __init__(self, connection: GatewayConnection) -> None:
        self._connection = connection

    def step(self, cursor: DownloadCursor, now: datetime) -> Step:
        """Ask for what came after the batch of a cursor.

        Raises:
            GatewayUnavailable: the service did not answer, or refuses us.
        """
        since = (now - _NOTHING_OLDER).date()
        query = urlencode({"batchTag": cursor.tag or ""})
        answer = self._connection.request(
            "GET", f"/download/{since.isoformat()}?{query}", {"Accept": "application/json"}
        )
        if answer.status == HTTPStatus.NO_CONTENT:
            return Step(None, cursor, ended=True)
        if answer.status != HTTPStatus.OK:
            raise GatewayUnavailable(f"gateway-status:{answer.status}")
        given = read_download(answer.body)
        if given.tag == cursor.tag:
            # What would come again for ever.
            return Step(None, cursor, ended=True)
        batch = GivenBatch(
            day=now.date(),
            tag=given.tag,
            content_hash=hashlib.sha256(answer.body).hexdigest(),
            size=len(given.keys) + given.refused.total(),
            keys=given.keys,
            signers=frozenset(),
            refused=given.refused,
        )
        return Step(batch, DownloadCursor(tag=given.tag, done=True), ended=False)
