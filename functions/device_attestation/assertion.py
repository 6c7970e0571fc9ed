"""Assertions of App Attest: a registered key signs the hash of a request's body.

Source: Apple, "Validating apps that connect to your server", section "Verify the assertion".
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from vigie.attestation.authenticator_data import of_assertion
from vigie.dcc import cbor
from vigie.dcc.errors import DccError
from vigie.errors import Rejected
from vigie.tracing.base64_text import decoded

if TYPE_CHECKING:
    from collections.abc import Collection

_MOST_CHARACTERS = 1024


class Assertion(NamedTuple):
    """An assertion that was read.

    Attributes:
        signature: ECDSA, DER.
        authenticator_data: 37 bytes.
    """

    signature: bytes
    authenticator_data: bytes


def read(text: str) -> Assertion:
    """Read an assertion.

    Args:
        text: base64 of CBOR.

    Raises:
        Rejected: `assertion-form`.
    """
    content = decoded(text) if len(text) <= _MOST_CHARACTERS else None
    try:
        said = cbor.loads(content or b"")
    except DccError:
        raise _malformed() from None
    if not isinstance(said, dict):
        raise _malformed()
    signature, data = said.get("signature"), said.get("authenticatorData")
    if not (isinstance(signature, bytes) and isinstance(data, bytes)):
        raise _malformed()
    return Assertion(signature, data)


def counter_of(
    assertion: Assertion, body_hash: bytes, public_key: bytes, apps: Collection[str]
) -> int:
    """Check an assertion; gives its counter, which is to grow.

    Args:
        assertion: read.
        body_hash: SHA-256 of the body, the client's data.
        public_key: of the registered key, a point on P-256.
        apps: App IDs, one of which has to be the device's.

    Raises:
        Rejected: `authenticator-data`, `assertion-signature` or `assertion-app`.
    """
    signed = hashlib.sha256(assertion.authenticator_data + body_hash).digest()
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    try:
        key.verify(assertion.signature, signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        raise Rejected("assertion-signature", "the key did not sign this body") from None
    said = of_assertion(assertion.authenticator_data)
    if said.app_hash not in {hashlib.sha256(app.encode()).digest() for app in apps}:
        raise Rejected("assertion-app", "another app made the assertion")
    return said.counter


def _malformed() -> Rejected:
    return Rejected("assertion-form", "it is not an assertion of App Attest")
