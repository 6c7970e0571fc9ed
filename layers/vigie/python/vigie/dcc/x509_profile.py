"""The X.509 profile of the issuing country's certificates.

Source: EU DCC certificate governance, and hcert-spec 1.0.8 section A.4. The country
signing CA (CSCA) signs itself and the document signers (DSC), which sign certificates.
The issuer's key may be any `EllipticCurvePrivateKey`, one that delegates to KMS too.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

from vigie.dcc.errors import SignerError
from vigie.dcc.signer import RSA_BITS

DscKey: TypeAlias = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

CSCA_VALIDITY = timedelta(days=4 * 365 + 1)
CSCA_KEY_USAGE = timedelta(days=365)
DSC_VALIDITY = timedelta(days=2 * 365)
DSC_KEY_USAGE = timedelta(days=183)
UPLOAD_VALIDITY = timedelta(days=2 * 365)

_USAGES = {
    "t": ObjectIdentifier("1.3.6.1.4.1.1847.2021.1.1"),
    "v": ObjectIdentifier("1.3.6.1.4.1.1847.2021.1.2"),
    "r": ObjectIdentifier("1.3.6.1.4.1.1847.2021.1.3"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A name: country (ISO 3166-1 alpha-2), organisation, and a common name unique to the key."""

    country: str
    organisation: str
    common_name: str

    def name(self) -> x509.Name:
        """The distinguished name."""
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, self.country),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.organisation),
                x509.NameAttribute(NameOID.COMMON_NAME, self.common_name),
            ]
        )


def build_csca(
    subject: Subject, key: ec.EllipticCurvePrivateKey, *, serial: int, not_before: datetime
) -> x509.Certificate:
    """Build the self-signed CSCA: valid for 4 years, signing in the first.

    Args:
        subject: whom it names.
        key: P-256; signs the certificate.
        serial: positive, of 159 bits at most.
        not_before: aware.

    Raises:
        SignerError: `signer-key` if the key is not P-256.
    """
    public_key = _p256(key.public_key())
    builder = _builder(subject.name(), subject.name(), public_key, serial)
    return (
        _valid(builder, not_before, CSCA_VALIDITY, CSCA_KEY_USAGE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def build_link(
    csca: x509.Certificate,
    former: x509.Certificate,
    former_key: ec.EllipticCurvePrivateKey,
    *,
    serial: int,
) -> x509.Certificate:
    """Build a link certificate, by which whoever trusts the former CSCA trusts the new one.

    It is valid while both are.

    Args:
        csca: the new one, whose name and key it has.
        former: who issues it.
        former_key: the former one's key; signs the certificate.
        serial: positive, of 159 bits at most.

    Raises:
        SignerError: `signer-key` if the key is not that of the former CSCA, or `csca-link` if the
            former one is over before the new one begins.
    """
    if former_key.public_key().public_numbers() != _p256(former.public_key()).public_numbers():
        raise SignerError("signer-key", "the key is not that of the former CSCA")
    start = max(csca.not_valid_before_utc, former.not_valid_before_utc)
    end = min(csca.not_valid_after_utc, former.not_valid_after_utc)
    if start >= end:
        raise SignerError("csca-link", "the former CSCA is over before the new one begins")
    identifier = former.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    return (
        _builder(csca.subject, former.subject, _p256(csca.public_key()), serial)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(issuer_key, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(former_key, hashes.SHA256())
    )


def build_dsc(  # noqa: PLR0913 - what an X.509 certificate says
    subject: Subject,
    public_key: DscKey,
    csca: x509.Certificate,
    csca_key: ec.EllipticCurvePrivateKey,
    *,
    serial: int,
    not_before: datetime,
    groups: Collection[str] = (),
    crl_url: str | None = None,
) -> x509.Certificate:
    """Build a DSC signed by the CSCA: valid for 2 years, signing in the first 6 months.

    Args:
        subject: whom it names.
        public_key: of the document signer: P-256, or RSA of 2,048 to 3,072 bits.
        csca: the issuer's certificate.
        csca_key: the issuer's key; signs the certificate.
        serial: positive, of 159 bits at most.
        not_before: aware.
        groups: what it may sign, of `t`, `v`, `r`; everything if empty.
        crl_url: where the issuer's revocation list is, if anywhere.

    Raises:
        SignerError: `signer-key` if a key is of another kind or not that of the CSCA.
    """
    if csca_key.public_key().public_numbers() != _p256(csca.public_key()).public_numbers():
        raise SignerError("signer-key", "the key is not that of the CSCA")
    builder = _builder(subject.name(), csca.subject, _dsc_key(public_key), serial)
    builder = _valid(builder, not_before, DSC_VALIDITY, DSC_KEY_USAGE)
    builder = builder.add_extension(_key_usage(signs_certificates=False), critical=True)
    issuer_identifier = csca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_identifier),
        critical=False,
    )
    if groups:
        usages = [oid for group, oid in _USAGES.items() if group in groups]
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    if crl_url:
        builder = builder.add_extension(_crl_at(crl_url), critical=False)
    return builder.sign(csca_key, hashes.SHA256())


def build_upload(
    subject: Subject, key: ec.EllipticCurvePrivateKey, *, serial: int, not_before: datetime
) -> x509.Certificate:
    """Build the self-signed certificate of who signs what is uploaded (NBUP), valid for 2 years.

    Args:
        subject: whom it names.
        key: P-256; signs the certificate.
        serial: positive, of 159 bits at most.
        not_before: aware.

    Raises:
        SignerError: `signer-key` if the key is not P-256.
    """
    builder = _builder(subject.name(), subject.name(), _p256(key.public_key()), serial)
    return (
        _valid(builder, not_before, UPLOAD_VALIDITY, UPLOAD_VALIDITY)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .sign(key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: DscKey, serial: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(serial)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _valid(
    builder: x509.CertificateBuilder, start: datetime, validity: timedelta, signing: timedelta
) -> x509.CertificateBuilder:
    # The end of a validity belongs to it (RFC 5280 section 4.1.2.5).
    return (
        builder.not_valid_before(start)
        .not_valid_after(start + validity)
        .add_extension(
            x509.PrivateKeyUsagePeriod(not_before=start, not_after=start + signing),
            critical=False,
        )
    )


def _p256(key: object) -> ec.EllipticCurvePublicKey:
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise SignerError("signer-key", "the key is not P-256")
    return key


def _dsc_key(key: DscKey) -> DscKey:
    if not isinstance(key, rsa.RSAPublicKey):
        return _p256(key)
    if key.key_size not in RSA_BITS:
        raise SignerError("signer-key", "the RSA key has not 2,048 to 3,072 bits")
    return key


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _crl_at(url: str) -> x509.CRLDistributionPoints:
    point = x509.DistributionPoint(
        full_name=[x509.UniformResourceIdentifier(url)],
        relative_name=None,
        reasons=None,
        crl_issuer=None,
    )
    return x509.CRLDistributionPoints([point])
