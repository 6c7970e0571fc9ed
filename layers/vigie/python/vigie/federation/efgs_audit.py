"""What the European gateway says of a batch: who uploaded which part of it.

Source: `AuditController.java` and `AuditEntry.java` of the European Federation Gateway Service.
"""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from pydantic import Field, TypeAdapter, ValidationError

from vigie.federation.connection import GatewayUnavailable
from vigie.federation.efgs_signing import UploadSignature
from vigie.model import Frozen

if TYPE_CHECKING:
    from datetime import date

    from vigie.federation.connection import GatewayConnection


class AuditEntry(Frozen):
    """One upload of a batch.

    Attributes:
        country: of the uploader.
        amount: how many keys it has.
        batch_signature: the detached CMS message, in base64.
        uploader_thumbprint: of the certificate that the uploader connected with.
        signing_thumbprint: of the certificate that signed.
    """

    country: str
    amount: int
    batch_signature: Annotated[str, Field(alias="batchSignature")]
    uploader_thumbprint: Annotated[str | None, Field(alias="uploaderThumbprint")] = None
    signing_thumbprint: Annotated[str | None, Field(alias="uploaderSigningThumbprint")] = None

    def signature(self) -> UploadSignature:
        """The signature, empty if it is no base64."""
        try:
            message = base64.b64decode("".join(self.batch_signature.split()), validate=True)
        except ValueError:
            message = b""
        return UploadSignature(self.country, self.amount, message)


_ENTRIES: TypeAdapter[tuple[AuditEntry, ...]] = TypeAdapter(tuple[AuditEntry, ...])


def audit(connection: GatewayConnection, day: date, tag: str) -> tuple[AuditEntry, ...]:
    """The uploads of a batch; none if the gateway does not have it, or not any more.

    Raises:
        GatewayUnavailable: the gateway did not answer, refuses us, or answers with something else.
    """
    path = f"/diagnosiskeys/audit/download/{day.isoformat()}/{quote(tag, safe='')}"
    answer = connection.request("GET", path, {"Accept": "application/json"})
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return ()
    if answer.status != HTTPStatus.OK:
        raise GatewayUnavailable(f"gateway-status:{answer.status}")
    try:
        return _ENTRIES.validate_json(answer.body)
    except ValidationError:
        raise GatewayUnavailable("gateway-malformed") from None
