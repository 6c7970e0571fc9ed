"""The two keys of Play Integrity, as the secret holds them and the Play Console shows them."""

import base64
from functools import cached_property
from typing import Annotated

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import AfterValidator

from vigie.model import Frozen
from vigie.tracing.base64_text import decoded

_AES_BYTES = 32


def _aes_key(text: str) -> str:
    if len(decoded(text) or b"") != _AES_BYTES:
        raise ValueError("it is not the base64 of a key of AES-256")
    return text


def _public_key(text: str) -> str:
    key = load_der_public_key(decoded(text) or b"")
    on_p256 = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    if not on_p256:
        raise ValueError("it is not a key on P-256")
    return text


class PlayKeyPair(Frozen):
    """The keys of one app.

    Attributes:
        decryption_key: AES-256, base64.
        verification_key: on P-256, DER (SubjectPublicKeyInfo) in base64.
    """

    decryption_key: Annotated[str, AfterValidator(_aes_key)]
    verification_key: Annotated[str, AfterValidator(_public_key)]

    @cached_property
    def decrypting(self) -> bytes:
        """The key that tokens are encrypted for."""
        return base64.b64decode(self.decryption_key)

    @cached_property
    def verifying(self) -> ec.EllipticCurvePublicKey:
        """The key that tokens are signed with."""
        key = load_der_public_key(base64.b64decode(self.verification_key))
        assert isinstance(key, ec.EllipticCurvePublicKey)  # noqa: S101 - it was judged on reading
        return key
