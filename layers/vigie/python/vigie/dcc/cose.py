"""COSE_Sign1 (RFC 9052 section 4.2) as a certificate uses it (hcert-spec sections 2.2, 3.3).

The signature is made elsewhere, by a key that does not leave KMS: `Unsigned` gives
the bytes to sign, and `assemble` joins them with the signature.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import cbor2
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from vigie.dcc import cbor
from vigie.dcc.cbor import Tagged, Value
from vigie.dcc.errors import DecodingError, EncodingError

ES256 = -7
PS256 = -37
KID_BYTES = 8
ES256_SIGNATURE_BYTES = 64
# RSA keys of 2,048 to 3,072 bits (hcert-spec section 3.3.1).
PS256_SIGNATURE_BYTES = range(256, 384 + 1)

_ALGORITHM = 1
_KID = 4
_SIGN1_TAG = 18
_CWT_TAG = 61
_SIGN1_PARTS = 4
# What stands before the byte strings of a tagged COSE_Sign1 and of a Sig_structure.
_SIGN1_HEAD = b"\xd2\x84"
_SIGNATURE1_HEAD = b"\x84\x6aSignature1"
_EMPTY_MAP = b"\xa0"
_EMPTY_BYTES = b"\x40"


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A message that waits for its signature.

    Attributes:
        protected: the protected header, encoded.
        payload: the CWT, encoded.
        algorithm: ES256 or PS256, as the protected header says.
    """

    protected: bytes
    payload: bytes
    algorithm: int = ES256

    @property
    def signature_input(self) -> bytes:
        """The Sig_structure that is signed (RFC 9052 section 4.4)."""
        return _sig_structure(self.protected, self.payload)


@dataclass(frozen=True, slots=True)
class Signed:
    """A message as it was read; nothing in it is verified.

    Attributes:
        protected: the protected header, encoded.
        payload: the CWT, encoded.
        signature: for ES256, r and s of 32 bytes each; for PS256, as long as the key.
        algorithm: ES256, PS256 or what else the header names.
        kid: which signer; None if no header names one.
    """

    protected: bytes
    payload: bytes
    signature: bytes
    algorithm: int | None
    kid: bytes | None

    @property
    def signature_input(self) -> bytes:
        """The Sig_structure that was signed (RFC 9052 section 4.4)."""
        return _sig_structure(self.protected, self.payload)


def unsigned(payload: bytes, kid: bytes, algorithm: int = ES256) -> Unsigned:
    """Put a payload under the protected header {alg, kid}; alg is ES256 or PS256.

    Raises:
        EncodingError: `kid-length` if the kid has not 8 bytes.
    """
    if len(kid) != KID_BYTES:
        raise EncodingError("kid-length", "a kid has 8 bytes")
    return Unsigned(_protected(kid, algorithm), payload, algorithm)


@lru_cache(maxsize=16)
def _protected(kid: bytes, algorithm: int) -> bytes:
    return cbor2.dumps({_ALGORITHM: algorithm, _KID: kid})


def assemble(message: Unsigned, signature: bytes) -> bytes:
    """Join a message and its raw signature into a tagged COSE_Sign1.

    Raises:
        EncodingError: `signature-length` if an ES256 signature is not r and s of 32 bytes
            each, or a PS256 signature is not of a key of 2,048 to 3,072 bits.
    """
    if message.algorithm == PS256:
        if len(signature) not in PS256_SIGNATURE_BYTES:
            raise EncodingError("signature-length", "a PS256 signature has 256 to 384 bytes")
    elif len(signature) != ES256_SIGNATURE_BYTES:
        raise EncodingError("signature-length", "an ES256 signature has 64 bytes")
    return b"".join(
        (
            _SIGN1_HEAD,
            cbor.byte_string(message.protected),
            _EMPTY_MAP,
            cbor.byte_string(message.payload),
            cbor.byte_string(signature),
        )
    )


def der_to_raw(signature: bytes) -> bytes:
    """Turn an ECDSA signature from DER, as KMS gives it, into r and s of 32 bytes each.

    Raises:
        EncodingError: `signature-der` if it is not one of P-256 in DER.
    """
    try:
        r, s = decode_dss_signature(signature)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    except (ValueError, OverflowError):
        raise EncodingError("signature-der", "not a P-256 signature in DER") from None


def read(data: bytes) -> Signed:
    """Read a COSE_Sign1, untagged, tagged 18, or 18 within the CWT tag 61.

    The kid may stand in either header; the protected one wins (hcert-spec section 3.3.2).

    Raises:
        DecodingError: `cbor-…`, `cose-tag`, `cose-structure` or `cose-header`.
    """
    parts = _untagged(cbor.loads(data))
    if not isinstance(parts, list) or len(parts) != _SIGN1_PARTS:
        raise DecodingError("cose-structure", "not the four parts of a COSE_Sign1")
    protected, unprotected, payload, signature = parts
    if (
        not isinstance(protected, bytes)
        or not isinstance(payload, bytes)
        or not isinstance(signature, bytes)
    ):
        raise DecodingError("cose-structure", "header, payload and signature are byte strings")
    headers = (_protected_header(protected), _header(unprotected))
    return Signed(protected, payload, signature, _algorithm(*headers), _kid(*headers))


def _untagged(value: Value) -> Value:
    if isinstance(value, Tagged) and value.number == _CWT_TAG:
        value = value.value
        if not isinstance(value, Tagged):
            raise DecodingError("cose-tag", "a CWT tag stands before no COSE tag")
    if not isinstance(value, Tagged):
        return value
    if value.number != _SIGN1_TAG:
        raise DecodingError("cose-tag", "the tag is not that of COSE_Sign1")
    return value.value


@lru_cache(maxsize=64)
def _protected_header(data: bytes) -> Mapping[int | str, Value]:
    """Read a protected header; all certificates of a signer have the same."""
    return _header(cbor.loads(data) if data else {})


def _header(value: Value) -> Mapping[int | str, Value]:
    if not isinstance(value, dict):
        raise DecodingError("cose-header", "a header is not a map")
    return value


def _algorithm(*headers: Mapping[int | str, Value]) -> int | None:
    for header in headers:
        value = header.get(_ALGORITHM)
        if isinstance(value, int):
            return value
    return None


def _kid(*headers: Mapping[int | str, Value]) -> bytes | None:
    for header in headers:
        value = header.get(_KID)
        if isinstance(value, bytes):
            return value
    return None


def _sig_structure(protected: bytes, payload: bytes) -> bytes:
    return b"".join(
        (
            _SIGNATURE1_HEAD,
            cbor.byte_string(protected),
            _EMPTY_BYTES,
            cbor.byte_string(payload),
        )
    )
