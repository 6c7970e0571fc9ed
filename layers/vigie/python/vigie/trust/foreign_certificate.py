"""A certificate of another country, read with tolerance and judged by what it says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from vigie.dcc import der, signer

if TYPE_CHECKING:
    from datetime import datetime

DIGITAL_SIGNATURE, KEY_CERT_SIGN = 0, 5
# The EU's own codes of two countries, which its gateway and some certificates have.
_EU_CODES = {"EL": "GR", "UK": "GB"}
_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


@dataclass(frozen=True, slots=True)
class ForeignCertificate:
    """What matters of a certificate.

    Attributes:
        der: all of it.
        parsed: by a reader that reads most of it only when asked.
        subject: whose it is.
        issuer: who issued it, as it says.
        country: the `C` of its subject; empty if it has none.
        not_before: in UTC.
        not_after: in UTC.
        key: of whom it is.
        is_authority: whether it may issue certificates.
        usages: bits of its key usage; None if it says nothing.
        subject_key: its subject key identifier; None if it has none.
        authority_key: that of its issuer's key; None if it has none.
    """

    der: bytes
    parsed: x509.Certificate
    subject: x509.Name
    issuer: x509.Name
    country: str
    not_before: datetime
    not_after: datetime
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey
    is_authority: bool
    usages: frozenset[int] | None
    subject_key: bytes | None
    authority_key: bytes | None

    @property
    def kid(self) -> bytes:
        """The key identifier: 8 bytes."""
        return signer.kid(self.der)

    @property
    def thumbprint(self) -> bytes:
        """The SHA-256 of all of it."""
        return hashlib.sha256(self.der).digest()

    def may(self, usage: int) -> bool:
        """Whether its key usage allows a use; one without allows all (RFC 5280 section 4.2.1.3)."""
        return self.usages is None or usage in self.usages

    def names(self, issuer: ForeignCertificate) -> bool:
        """Whether it says that it was issued by this one: by name, and by key if both say which.

        Names are compared by their values, in whatever string type they are written.
        """
        if self.issuer != issuer.subject:
            return False
        if self.authority_key is None or issuer.subject_key is None:
            return True
        return self.authority_key == issuer.subject_key

    def signed_by(self, issuer: ForeignCertificate) -> bool:
        """Whether its signature is the issuer's, with SHA-256 or a longer hash of that family."""
        try:
            algorithm = self.parsed.signature_hash_algorithm
            scheme = self.parsed.signature_algorithm_parameters
        except (UnsupportedAlgorithm, ValueError):
            return False
        if not isinstance(algorithm, _HASHES):
            return False
        signature, signed = self.parsed.signature, self.parsed.tbs_certificate_bytes
        try:
            if isinstance(issuer.key, ec.EllipticCurvePublicKey):
                issuer.key.verify(signature, signed, ec.ECDSA(algorithm))
            elif isinstance(scheme, padding.PKCS1v15 | padding.PSS):
                issuer.key.verify(signature, signed, scheme, algorithm)
            else:
                return False
        except (InvalidSignature, UnsupportedAlgorithm, ValueError):
            return False
        return True


def read(certificate: bytes) -> ForeignCertificate:
    """Read a certificate in DER.

    Raises:
        SignerError: `signer-size`, `signer-certificate` or `signer-key`, as `vigie.dcc.signer`.
    """
    known = signer.read(certificate)
    with signer.refusing():
        parsed = x509.load_der_x509_certificate(certificate)
        extensions = der.extensions(parsed.tbs_certificate_bytes)
        return ForeignCertificate(
            der=certificate,
            parsed=parsed,
            subject=parsed.subject,
            issuer=parsed.issuer,
            country=_country(parsed.subject),
            not_before=known.not_before,
            not_after=known.not_after,
            key=known.key,
            is_authority=der.is_authority(extensions),
            usages=der.key_usage(extensions),
            subject_key=der.subject_key(extensions),
            authority_key=der.authority_key(extensions),
        )


def iso_country(code: str) -> str:
    """A country's code as ISO 3166-1 alpha-2 has it, where the EU has one of its own."""
    return _EU_CODES.get(code.upper(), code.upper())


def _country(subject: x509.Name) -> str:
    found = subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)
    return iso_country(str(found[0].value)) if found else ""
