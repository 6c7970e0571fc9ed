"""Offering keys to the interoperability service.

Source: `upload.js` of covid-green-lambdas.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from federation_upload.offer import REFUSED, TAKEN, Answered
from vigie.federation.connection import GatewayUnavailable
from vigie.federation.interop_payload import payload_of, signing_input

if TYPE_CHECKING:
    from datetime import datetime

    from federation_upload.offer import Offer
    from vigie.federation.batch_signer import BatchSigner
    from vigie.federation.connection import GatewayConnection


class InteropUpload:
    """Offers batches to the service, which passes over keys that it has.

    Args:
        connection: to it.
        signer: signs them.
    """

    def __init__(self, connection: GatewayConnection, signer: BatchSigner) -> None:
        self._connection = connection
        self._signer = signer

    def offer(self, offer: Offer, now: datetime) -> Answered:  # noqa: ARG002 - as the other gateway
        """Offer a batch.

        Raises:
            GatewayUnavailable: the service did not answer, or refuses us.
            Unavailable: KMS did not sign.
        """
        payload = self._signer.jws(signing_input(payload_of(offer.keys)))
        body = json.dumps({"batchTag": offer.tag, "payload": payload}).encode("ascii")
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        answer = self._connection.request("POST", "/upload", headers, body)
        match answer.status:
            case HTTPStatus.OK | HTTPStatus.CREATED | HTTPStatus.CONFLICT:
                return TAKEN
            case HTTPStatus.BAD_REQUEST | HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                return REFUSED
            case status:
                raise GatewayUnavailable(f"gateway-status:{status}")
