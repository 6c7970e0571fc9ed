"""Encryption to a public key on P-256, as Cléa has it.

C0 is an ephemeral public key, S the X coordinate of the shared point, and K = SHA-256(C0 | S |
00000000) (ISO/IEC 18033-2, KDF1). What is written is AES-256-GCM under K, its tag, then C0.

Source: Cléa specification v0, "Encryption of the location specific part". Its text gives 88 bits
of the initialisation vector; these are the 96 that its implementations use. A key encrypts once,
so that the vector may stay the same.
"""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from vigie.errors import Rejected

POINT_BYTES = 33
TAG_BYTES = 16
# What encryption adds to a text.
OVERHEAD_BYTES = TAG_BYTES + POINT_BYTES

_CURVE = ec.SECP256R1()
_VECTOR = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9fafb")
_FIRST = bytes(4)


def encrypt(content: bytes, public_key: ec.EllipticCurvePublicKey, bound_to: bytes) -> bytes:
    """Encrypt to who has the private key.

    Args:
        content: what to encrypt.
        public_key: on P-256.
        bound_to: authenticated with it, and not in what is returned.
    """
    ephemeral = ec.generate_private_key(_CURVE)
    point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    key = _key(point, ephemeral.exchange(ec.ECDH(), public_key))
    return AESGCM(key).encrypt(_VECTOR, content, bound_to) + point


def decrypt(content: bytes, private_key: ec.EllipticCurvePrivateKey, bound_to: bytes) -> bytes:
    """Decrypt what was encrypted to a key.

    Args:
        content: as `encrypt` gives it.
        private_key: on P-256.
        bound_to: what it was bound to.

    Raises:
        Rejected: `ecies`, it is not encrypted to this key, or is not bound to that.
    """
    sealed, point = content[:-POINT_BYTES], content[-POINT_BYTES:]
    try:
        ephemeral = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
        shared = private_key.exchange(ec.ECDH(), ephemeral)
        return AESGCM(_key(point, shared)).decrypt(_VECTOR, sealed, bound_to)
    except (ValueError, InvalidTag):
        raise Rejected("ecies", "it is not encrypted to this key") from None


def _key(point: bytes, shared: bytes) -> bytes:
    return hashlib.sha256(point + shared + _FIRST).digest()
