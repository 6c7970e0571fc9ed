"""A certification authority for the gateways of tests, and countries that sign batches."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
)
from cryptography.x509.oid import NameOID

from tests.unit.federation.batches import canonical
from vigie.federation.efgs_signing import thumbprint_of

if TYPE_CHECKING:
    from vigie.federation.shared_key import SharedKey

# The connections of tests are made at the machine's own time.
_VALID = (datetime.now(UTC) - timedelta(days=400), datetime.now(UTC) + timedelta(days=400))


class Party(NamedTuple):
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        """The certificate."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        """The key."""
        form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return self.key.private_bytes(*form).decode()

    @property
    def thumbprint(self) -> str:
        """SHA-256 of the certificate."""
        return thumbprint_of(self.certificate.public_bytes(Encoding.DER))

    def sign(self, keys: list[SharedKey]) -> bytes:
        """A detached CMS message over the canonical form of keys."""
        builder = pkcs7.PKCS7SignatureBuilder().set_data(canonical(keys))
        options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.DetachedSignature]
        return builder.add_signer(self.certificate, self.key, hashes.SHA256()).sign(
            Encoding.DER, options
        )


@cache
def authority() -> Party:
    """Who issues the certificates of TLS."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Authority", "FR")
    builder = _builder(name, name, key).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    return Party(builder.sign(key, hashes.SHA256()), key)


@cache
def issued(name: str) -> Party:
    """A certificate of TLS for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    ca = authority()
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key())
    builder = (
        _builder(_name(name, "FR"), ca.certificate.subject, key)
        .add_extension(address, critical=False)
        .add_extension(issuer, critical=False)
    )
    return Party(builder.sign(ca.key, hashes.SHA256()), key)


@cache
def country(code: str) -> Party:
    """Who signs the batches of a country."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Batches", code)
    return Party(_builder(name, name, key).sign(key, hashes.SHA256()), key)


def _name(common_name: str, code: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            x509.NameAttribute(NameOID.COUNTRY_NAME, code),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALID[0])
        .not_valid_after(_VALID[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
