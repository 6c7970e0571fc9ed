"""Making one certificate: its text, signed and verified, sealed for the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from certificate_signing.claims import IssuingBody, content_hash, expiry
from vigie.certificates.packing import packed
from vigie.certificates.source import source_id
from vigie.certificates.stored_certificate import (
    CertificateDocument,
    StoredCertificate,
    certificate_name,
)
from vigie.dcc import hcert
from vigie.dcc.errors import VerificationError
from vigie.errors import Unavailable
from vigie.revocation.hashes import signature_hash, uci_hash

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from certificate_signing.certificate_signer import CertificateSigner
    from certificate_signing.current_dsc import CurrentDsc, Dsc
    from certificate_signing.succession import Succession
    from vigie.certificates.kind import CertificateKind
    from vigie.certificates.source import Source
    from vigie.dcc.certificate import DigitalCovidCertificate
    from vigie.dcc.cose import Signed
    from vigie.sealing import FieldCipher


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate before it is signed.

    Attributes:
        kind: test, recovery or vaccination.
        source: what it is made from.
        content: what it says.
        succession: its place among those of the result.
    """

    kind: CertificateKind
    source: Source
    content: DigitalCovidCertificate
    succession: Succession


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate ready to be stored, and the document signer that signed it."""

    certificate: StoredCertificate
    dsc: Dsc


class Issuer:
    """Signs and seals certificates.

    Args:
        current_dsc: who signs.
        signer: signs with the document signer's key.
        cipher: seals, under the key for certificates.
        issuing_body: whom certificates name.
        validity: how long they can be verified at most.
    """

    def __init__(
        self,
        current_dsc: CurrentDsc,
        signer: CertificateSigner,
        cipher: FieldCipher,
        issuing_body: IssuingBody,
        validity: timedelta,
    ) -> None:
        self._current_dsc = current_dsc
        self._signer = signer
        self._cipher = cipher
        self._issuing_body = issuing_body
        self._validity = validity

    def issue(self, draft: Draft, now: datetime) -> Issued:
        """Make a certificate; another call makes another signature.

        Raises:
            Unavailable: there is no valid document signer (`dsc-…`), its key is not that of
                its certificate (`dsc-key-mismatch`), or KMS did not answer.
        """
        dsc = self._current_dsc.get(draft.content.entry.group)
        issued_at = now.replace(microsecond=0)
        dsc.check_valid(issued_at)
        expires_at = expiry(
            draft.content,
            issued_at=issued_at,
            validity=self._validity,
            signer_not_after=dsc.signer.not_after,
        )
        text, message = self._signed(draft.content, dsc, issued_at, expires_at)
        document = _document(draft, dsc, message, issued_at, expires_at)
        sealed = self._cipher.seal(
            packed(text),
            record_id=f"{document.source_id}/{document.certificate}",
            field="hcert",
        )
        return Issued(StoredCertificate(**document.model_dump(), hcert=sealed), dsc)

    def _signed(
        self,
        content: DigitalCovidCertificate,
        dsc: Dsc,
        issued_at: datetime,
        expires_at: datetime,
    ) -> tuple[str, Signed]:
        unsigned = hcert.unsigned(
            content,
            issuer=self._issuing_body.country,
            issued_at=issued_at,
            expires_at=expires_at,
            kid=dsc.signer.kid,
            algorithm=dsc.signer.algorithm,
        )
        text = hcert.assemble(unsigned, self._signer.sign(unsigned, dsc.key_arn))
        message = hcert.read(text).message
        try:
            dsc.signer.verify(message)
        except VerificationError:
            # Nobody could verify it: the parameter pairs a key with another's certificate.
            raise Unavailable("dsc-key-mismatch") from None
        return text, message


def _document(
    draft: Draft, dsc: Dsc, message: Signed, issued_at: datetime, expires_at: datetime
) -> CertificateDocument:
    source, place = draft.source, draft.succession
    return CertificateDocument(
        source_id=source_id(source),
        certificate=certificate_name(draft.kind, place.version, place.generation),
        kind=draft.kind,
        source_version=place.version,
        generation=place.generation,
        replaces=place.replaces,
        replacement=place.replacement,
        untold=place.untold,
        person=source.person,
        disease=source.disease,
        content_hash=content_hash(draft.content),
        uvci_hash=uci_hash(draft.content.entry.uvci).hex(),
        signature_hash=signature_hash(message.algorithm, message.signature).hex(),
        kid=dsc.signer.kid.hex(),
        issued_at=issued_at,
        expires_at=expires_at,
    )
