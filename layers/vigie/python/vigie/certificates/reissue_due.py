"""Certificates that are to be signed anew, whatever their records have become: a message.

The signer's key may be in other hands, or certificates said what none should say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints, ValidationError

from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from vigie.certificates.stored_certificate import CertificateDocument

# As many as a message of events has events.
MOST_RECORDS = 25


class ReissueDue(Frozen):
    """The message that certificates of some records are to be signed anew.

    Attributes:
        job: id of what asks for it, for the log.
        records: ids of the results and vaccinations; each is done or fails for itself.
        issued_before: certificates that were issued earlier are concerned.
        kids: hexadecimal, of the signers whose certificates are concerned; all if it is empty.
        reason: why those that are concerned are signed anew, as a code.
        revoke: whether they are revoked; else they expire by themselves, or their signer is
            trusted no more.
        tell: whether people may be sent a message of what is signed.
    """

    type: Literal["ReissueDue"] = "ReissueDue"
    job: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    records: tuple[Annotated[str, StringConstraints(min_length=1, max_length=128)], ...] = Field(
        min_length=1, max_length=MOST_RECORDS
    )
    issued_before: AwareDatetime
    kids: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")], ...] = ()
    reason: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,23}$")]
    revoke: bool = True
    tell: bool = True

    def concerns(self, certificate: CertificateDocument, at: datetime) -> bool:
        """Whether a certificate is to be replaced: one that still holds, issued before, by them.

        Args:
            certificate: of one of the records.
            at: aware.
        """
        if certificate.revoked_at is not None or certificate.expires_at <= at:
            return False
        signed_by_them = not self.kids or certificate.kid in self.kids
        return signed_by_them and certificate.issued_at < self.issued_before


def apart(message: str) -> Sequence[str]:
    """A message for each record of a `ReissueDue`; what is none is given as it is."""
    # Most messages are none, and a consumer reads them itself.
    if '"ReissueDue"' not in message:
        return (message,)
    try:
        due = ReissueDue.model_validate_json(message)
    except ValidationError:
        return (message,)
    return [due.model_copy(update={"records": (each,)}).model_dump_json() for each in due.records]
