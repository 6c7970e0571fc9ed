"""Whose 2D-DOC are trusted: authorities of ANTS's list, and signers that they certified."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

from pydantic import AwareDatetime, Field

from vigie.dcc import signer
from vigie.dcc.errors import SignerError
from vigie.model import Frozen
from vigie.trust import foreign_certificate
from vigie.trust.foreign_certificate import DIGITAL_SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vigie.dcc.signer import Signer
    from vigie.trust.foreign_certificate import ForeignCertificate

# The list of verifiers' lists, its file, and the copy of it that everyone may download.
TWODDOC = "twoddoc"
TRUST_FILE = "trust.json"
PUBLIC_FILE = "lists/2d-doc-trust.json"


class Authority(Frozen):
    """A certification authority.

    Attributes:
        name: as documents name it, such as `FR03`.
        organisation: who it is.
        certificates: with which it signs, DER in base64.
        directory: where the certificates of its signers are; None where the list says nothing.
    """

    name: str = Field(pattern=r"^[A-Z0-9]{4}$")
    organisation: str
    certificates: tuple[str, ...]
    directory: str | None = None


class CertifiedCertificate(Frozen):
    """A signer's certificate, DER in base64, and the name of the authority that certified it."""

    authority: str
    certificate: str


class CodeTrust(Frozen):
    """What is published.

    Attributes:
        sequence: of ANTS's list.
        issued_at: when it was issued.
        authorities: those of the list.
        signers: those that one of them certified.
    """

    sequence: int
    issued_at: AwareDatetime
    authorities: tuple[Authority, ...]
    signers: tuple[CertifiedCertificate, ...] = ()

    def certified(self) -> Iterator[CertifiedSigner]:
        """The signers, for verification.

        Raises:
            SignerError: a certificate cannot be read.
        """
        for one in self.signers:
            yield CertifiedSigner(one.authority, signer.read(base64.b64decode(one.certificate)))


class CertifiedSigner(NamedTuple):
    """A signer, and the name of the authority that certified it."""

    authority: str
    signer: Signer


def certifying_authority(der: bytes, authorities: Iterable[Authority]) -> str:
    """The name of the authority that certified a signer.

    Validity is judged by the chain model: the authority's certificate was valid when it signed,
    since documents outlive it.

    Args:
        der: the signer's certificate.
        authorities: of ANTS's list.

    Raises:
        SignerError: `signer-certificate` (it cannot be read), `signer-usage` (it is for no
            documents), `authority-unknown` (none of them certified it) or `authority-validity`.
    """
    found = foreign_certificate.read(der)
    if found.is_authority or not found.may(DIGITAL_SIGNATURE):
        raise SignerError("signer-usage", "the certificate is not one for signing documents")
    for authority in authorities:
        for issuer in _readable(authority):
            if not found.names(issuer) or not found.signed_by(issuer):
                continue
            if not issuer.not_before <= found.not_before <= issuer.not_after:
                raise SignerError("authority-validity", "its authority was not valid when it began")
            return authority.name
    raise SignerError("authority-unknown", "no authority of the list certified it")


def _readable(authority: Authority) -> Iterator[ForeignCertificate]:
    """The certificates of an authority; of one that cannot be read nobody is certified."""
    for text in authority.certificates:
        try:
            yield foreign_certificate.read(base64.b64decode(text))
        except (SignerError, ValueError):
            continue
