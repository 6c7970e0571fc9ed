"""Whether a certificate can be shown to others."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from vigie.results.codes import Outcome
from vigie.results.shown_outcome import shown_outcome

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.certificates.stored_certificate import CertificateDocument
    from vigie.results.stored_result import ResultDocument

# The outcome that a certificate of each kind stands on.
_STANDS_ON = {"test": Outcome.NOT_DETECTED, "recovery": Outcome.DETECTED}


class CertificateState(StrEnum):
    """Whether a certificate can be shown to others."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


def state_of(
    certificate: CertificateDocument, result: ResultDocument, now: datetime
) -> CertificateState:
    """Whether a certificate can be shown to others.

    One cannot whose result says otherwise by now, or nothing that is to be relied on, even
    in the moments before signing has revoked it.
    """
    stands = shown_outcome(result) is _STANDS_ON[certificate.kind]
    if certificate.revoked_at is not None or not stands:
        return CertificateState.REVOKED
    return CertificateState.EXPIRED if certificate.expires_at <= now else CertificateState.VALID
