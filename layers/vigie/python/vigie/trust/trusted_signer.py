"""Whom an operator trusts, before it is published."""

import base64
from datetime import datetime

from vigie.dcc import signer
from vigie.model import Frozen


class TrustedSigner(Frozen):
    """A document signer that was checked.

    Attributes:
        kid: first 8 bytes of the SHA-256 of its certificate, base64.
        country: ISO 3166-1 alpha-2.
        certificate: DER in base64.
    """

    kid: str
    country: str
    certificate: str

    @classmethod
    def of(cls, country: str, der: bytes) -> "TrustedSigner":
        """A country's document signer, by its certificate in DER."""
        return cls(
            kid=base64.b64encode(signer.kid(der)).decode(),
            country=country,
            certificate=base64.b64encode(der).decode(),
        )


class TrustSource(Frozen):
    """What one import brought in: `sources/trust/<name>.json` of the bucket of lists.

    Attributes:
        imported_at: in UTC.
        signers: those that were accepted.
    """

    imported_at: datetime
    signers: tuple[TrustedSigner, ...]
