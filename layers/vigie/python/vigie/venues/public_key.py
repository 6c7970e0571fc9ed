"""Public keys on P-256, as PEM."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from vigie.errors import Rejected


def read_public_key(pem: bytes) -> ec.EllipticCurvePublicKey:
    """Read a key.

    Raises:
        Rejected: `public-key`, it is not one on P-256.
    """
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise Rejected("public-key", "it is not a public key on P-256 in PEM")


def written_public_key(key: ec.EllipticCurvePublicKey) -> str:
    """Write a key."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
