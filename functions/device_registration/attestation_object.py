"""Attestation objects of App Attest: Apple vouches for a new key.

Source: Apple, "Validating apps that connect to your server", section "Verify the attestation".
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ObjectIdentifier

from vigie.attestation.authenticator_data import of_attestation
from vigie.dcc import cbor
from vigie.dcc.errors import DccError
from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

_FORMAT = "apple-appattest"
_CHAIN = 2
_MOST_CERTIFICATE_BYTES = 4096
_NONCE_OID = ObjectIdentifier("1.2.840.113635.100.8.2")
# SEQUENCE { [1] { OCTET STRING } } of 32 bytes: the extension has one form.
_NONCE_HEAD = bytes.fromhex("3024a1220420")
AAGUIDS = {"production": b"appattest" + bytes(7), "development": b"appattestdevelop"}


class Apple(NamedTuple):
    """What is believed.

    Attributes:
        root: the CA that everything leads to.
        apps: App IDs that may register.
        aaguid: of the environment that may.
    """

    root: x509.Certificate
    apps: Collection[str]
    aaguid: bytes


class _Object(NamedTuple):
    """The parts of an attestation object."""

    key: x509.Certificate
    intermediate: x509.Certificate
    authenticator_data: bytes


def public_key_of(
    attestation: bytes, key_id: bytes, challenge: bytes, apple: Apple, now: datetime
) -> bytes:
    """Check an attestation object; gives the key that it vouches for, a point on P-256.

    Args:
        attestation: CBOR.
        key_id: the key's name.
        challenge: that the app was given.
        apple: what is believed.
        now: the time, aware.

    Raises:
        Rejected: `attestation-form`, `attestation-chain`, `attestation-nonce`,
            `attestation-key`, `attestation-app`, `attestation-counter`, `attestation-aaguid` or
            `authenticator-data`.
    """
    said = _read(attestation)
    _check_chain(said, apple.root, now)
    data = said.authenticator_data
    expected = hashlib.sha256(data + hashlib.sha256(challenge).digest()).digest()
    key = _key(said.key)
    device = of_attestation(data)
    rules = (
        ("attestation-nonce", hmac.compare_digest(_nonce(said.key), expected)),
        ("attestation-key", hashlib.sha256(key).digest() == key_id == device.credential_id),
        ("attestation-app", device.app_hash in {_sha256(app) for app in apple.apps}),
        ("attestation-counter", device.counter == 0),
        ("attestation-aaguid", device.aaguid == apple.aaguid),
    )
    for rule, holds in rules:
        if not holds:
            raise Rejected(rule, "the attestation breaks a rule")
    return key


def _read(attestation: bytes) -> _Object:
    try:
        said = cbor.loads(attestation)
    except DccError:
        raise _malformed() from None
    if not isinstance(said, dict) or said.get("fmt") != _FORMAT:
        raise _malformed()
    statement, data = said.get("attStmt"), said.get("authData")
    chain = statement.get("x5c") if isinstance(statement, dict) else None
    if not (isinstance(chain, list) and len(chain) == _CHAIN and isinstance(data, bytes)):
        raise _malformed()
    return _Object(_certificate(chain[0]), _certificate(chain[1]), data)


def _certificate(der: object) -> x509.Certificate:
    if not isinstance(der, bytes) or len(der) > _MOST_CERTIFICATE_BYTES:
        raise _malformed()
    try:
        return x509.load_der_x509_certificate(der)
    except (ValueError, x509.InvalidVersion):
        raise _malformed() from None


def _check_chain(said: _Object, root: x509.Certificate, now: datetime) -> None:
    """The shell model: every certificate is valid now, and each vouches for the one before."""
    try:
        for issued, issuer in ((said.key, said.intermediate), (said.intermediate, root)):
            if not issued.not_valid_before_utc <= now <= issued.not_valid_after_utc:
                raise _untrusted()
            constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints)
            if not constraints.value.ca:
                raise _untrusted()
            issued.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        raise _untrusted() from None
    except (
        UnsupportedAlgorithm,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
    ):
        raise _malformed() from None


def _nonce(certificate: x509.Certificate) -> bytes:
    try:
        value = certificate.extensions.get_extension_for_oid(_NONCE_OID).value
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return b""
    content = value.value if isinstance(value, x509.UnrecognizedExtension) else b""
    return content.removeprefix(_NONCE_HEAD) if content.startswith(_NONCE_HEAD) else b""


def _key(certificate: x509.Certificate) -> bytes:
    try:
        key = certificate.public_key()
    except ValueError:
        raise _malformed() from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Rejected("attestation-key", "the key is not on P-256")
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _sha256(app: str) -> bytes:
    return hashlib.sha256(app.encode()).digest()


def _malformed() -> Rejected:
    return Rejected("attestation-form", "it is not an attestation object of App Attest")


def _untrusted() -> Rejected:
    return Rejected("attestation-chain", "the certificates do not lead to Apple's root")
