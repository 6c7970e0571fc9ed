"""Offering keys to the European gateway.

Source: `UploadController.java` and `DiagnosisKeyEntityService.java` of the European Federation
Gateway Service.
"""

from __future__ import annotations

import base64
import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from federation_upload.offer import REFUSED, TAKEN, Answered
from vigie.federation.connection import GatewayUnavailable
from vigie.federation.efgs_batch import MEDIA_TYPE, write_batch
from vigie.federation.efgs_signing import bytes_to_sign

if TYPE_CHECKING:
    from datetime import datetime

    from federation_upload.offer import Offer
    from vigie.federation.batch_signer import BatchSigner
    from vigie.federation.connection import GatewayConnection


class EfgsUpload:
    """Offers batches to the gateway.

    Args:
        connection: to it.
        signer: signs them.
    """

    def __init__(self, connection: GatewayConnection, signer: BatchSigner) -> None:
        self._connection = connection
        self._signer = signer

    def offer(self, offer: Offer, now: datetime) -> Answered:
        """Offer a batch.

        A tag that the gateway knows is that of the same keys, whose answer was lost.

        Raises:
            GatewayUnavailable: the gateway did not answer, or refuses us.
            Unavailable: KMS did not sign.
        """
        signature = self._signer.cms(bytes_to_sign(offer.keys), now)
        headers = {
            "Content-Type": MEDIA_TYPE,
            "Accept": "application/json",
            "batchTag": offer.tag,
            "batchSignature": base64.b64encode(signature).decode("ascii"),
        }
        answer = self._connection.request(
            "POST", "/diagnosiskeys/upload", headers, write_batch(offer.keys)
        )
        match answer.status:
            case HTTPStatus.OK | HTTPStatus.CREATED | HTTPStatus.CONFLICT:
                return TAKEN
            case HTTPStatus.MULTI_STATUS:
                return Answered(left=_left(answer.body, len(offer.keys)))
            case HTTPStatus.BAD_REQUEST | HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                return REFUSED
            case status:
                raise GatewayUnavailable(f"gateway-status:{status}")


def _left(body: bytes, count: int) -> tuple[int, ...]:
    """The places of the keys that the gateway neither took nor has."""
    try:
        said = json.loads(body)
        there = {
            place
            for status in (HTTPStatus.CREATED, HTTPStatus.CONFLICT)
            for place in said.get(str(int(status)), [])
        }
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise GatewayUnavailable("gateway-malformed") from None
    return tuple(place for place in range(count) if place not in there)
