"""Who signed: document signer certificates (DSC) read with tolerance.

Source: hcert-spec 1.0.8, sections 3.3.2 (kid) and A.4 (key usage).
"""

import hashlib
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from vigie.dcc import cose, der
from vigie.dcc.errors import DecodingError, SignerError, VerificationError

MAX_CERTIFICATE_BYTES = 16 * 1024
# PS256 takes keys of 2,048 bits or more, and verifiers bear 3,072 (hcert-spec section 3.3.1).
RSA_BITS = range(2048, 3072 + 1)

# The group of entries that an extended key usage allows. The second form, with a stray
# `.0`, was in an early version of the specification and in many certificates since.
USAGES = {
    "1.3.6.1.4.1.1847.2021.1.1": "t",
    "1.3.6.1.4.1.0.1847.2021.1.1": "t",
    "1.3.6.1.4.1.1847.2021.1.2": "v",
    "1.3.6.1.4.1.0.1847.2021.1.2": "v",
    "1.3.6.1.4.1.1847.2021.1.3": "r",
    "1.3.6.1.4.1.0.1847.2021.1.3": "r",
}
_ECDSA = ec.ECDSA(hashes.SHA256())
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)


class SignedMessage(Protocol):
    """What a signer may have signed: a COSE_Sign1, or what is signed alike."""

    @property
    def algorithm(self) -> int | None:
        """ES256, PS256 or another, as COSE numbers them."""

    @property
    def signature(self) -> bytes:
        """As COSE writes it."""

    @property
    def signature_input(self) -> bytes:
        """The bytes that were signed."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A document signer.

    Attributes:
        kid: first 8 bytes of the SHA-256 of its certificate in DER.
        subject: RFC 4514 name.
        not_before: in UTC.
        not_after: in UTC.
        key: for ES256 or PS256, unless the signer is of no use.
        usages: the OIDs of its extended key usage.
        key_fingerprint: SHA-256 of the key (SubjectPublicKeyInfo), which two may share.
    """

    kid: bytes
    subject: str
    not_before: datetime
    not_after: datetime
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey
    usages: frozenset[str]
    key_fingerprint: bytes

    @property
    def algorithm(self) -> int:
        """The algorithm that the key signs with: ES256 or PS256."""
        return cose.PS256 if isinstance(self.key, rsa.RSAPublicKey) else cose.ES256

    def may_sign(self, group: str) -> bool:
        """Whether the extended key usage allows the group `v`, `t` or `r`.

        One that names none of them says nothing of them and allows all, as without it
        (dgca-app-core-android, `X509.isSuitable`).
        """
        allowed = {USAGES[usage] for usage in self.usages if usage in USAGES}
        return not allowed or group in allowed

    def verify(self, message: SignedMessage) -> None:
        """Verify that this signer signed the message.

        Raises:
            VerificationError: `signature-algorithm` (neither ES256 nor PS256),
                `signature-key` (the key is not one for the algorithm; ES256 takes P-256
                alone, PS256 RSA of 2,048 to 3,072 bits), `signature-length` or
                `signature-invalid`.
        """
        if message.algorithm == cose.ES256:
            self._verify_es256(message)
        elif message.algorithm == cose.PS256:
            self._verify_ps256(message)
        else:
            raise VerificationError("signature-algorithm", "neither ES256 nor PS256")

    def _verify_es256(self, message: SignedMessage) -> None:
        key = self.key
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(
            key.curve, ec.SECP256R1
        ):
            raise VerificationError("signature-key", "ES256, and the signer's key is not P-256")
        if len(message.signature) != cose.ES256_SIGNATURE_BYTES:
            raise VerificationError("signature-length", "an ES256 signature has 64 bytes")
        half = cose.ES256_SIGNATURE_BYTES // 2
        signature = encode_dss_signature(
            int.from_bytes(message.signature[:half], "big"),
            int.from_bytes(message.signature[half:], "big"),
        )
        try:
            key.verify(signature, message.signature_input, _ECDSA)
        except InvalidSignature:
            raise _forged() from None

    def _verify_ps256(self, message: SignedMessage) -> None:
        key = self.key
        if not isinstance(key, rsa.RSAPublicKey):
            raise VerificationError("signature-key", "PS256, and the signer's key is not RSA")
        if key.key_size not in RSA_BITS:
            raise VerificationError("signature-key", "the RSA key has not 2,048 to 3,072 bits")
        if len(message.signature) != (key.key_size + 7) // 8:
            raise VerificationError("signature-length", "a PS256 signature is as long as its key")
        try:
            key.verify(message.signature, message.signature_input, _PSS, hashes.SHA256())
        except InvalidSignature:
            raise _forged() from None


def _forged() -> VerificationError:
    return VerificationError("signature-invalid", "the signer did not sign this content")


def kid(certificate: bytes) -> bytes:
    """The key identifier of a certificate in DER: 8 bytes."""
    return hashlib.sha256(certificate).digest()[: cose.KID_BYTES]


def read(certificate: bytes) -> Signer:
    """Read a certificate in DER.

    Its extensions are read apart from the rest: some countries' certificates break
    DER there, and a trust list without them would refuse a whole country.

    Raises:
        SignerError: `signer-size`, `signer-certificate`, or `signer-key` if the key is
            neither of an elliptic curve nor RSA.
    """
    if len(certificate) > MAX_CERTIFICATE_BYTES:
        raise SignerError("signer-size", "a certificate is larger than 16 KiB")
    with refusing():
        parsed = x509.load_der_x509_certificate(certificate)
        key = parsed.public_key()
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        extensions = der.extensions(parsed.tbs_certificate_bytes)
        usages = frozenset(der.extended_key_usage(extensions))
        # A name and a time are parsed when they are asked for.
        subject = parsed.subject.rfc4514_string()
        not_before, not_after = parsed.not_valid_before_utc, parsed.not_valid_after_utc
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise SignerError("signer-key", "the key is neither of an elliptic curve nor RSA")
    return Signer(
        kid=kid(certificate),
        subject=subject,
        not_before=not_before,
        not_after=not_after,
        key=key,
        usages=usages,
        key_fingerprint=hashlib.sha256(spki).digest(),
    )


def by_kid(signers: Iterable[Signer]) -> Mapping[bytes, tuple[Signer, ...]]:
    """Group signers by their kid, which two may share."""
    grouped: dict[bytes, tuple[Signer, ...]] = {}
    for signer in signers:
        grouped[signer.kid] = (*grouped.get(signer.kid, ()), signer)
    return grouped


def kids_of_key(signers: Mapping[bytes, tuple[Signer, ...]], signer: Signer) -> frozenset[bytes]:
    """The kids of all signers that have the key of one: any of them may be named for another."""
    return frozenset(
        one.kid
        for some in signers.values()
        for one in some
        if one.key_fingerprint == signer.key_fingerprint
    )


@contextmanager
def refusing() -> Iterator[None]:
    """Refuse what the strict reader cannot read inside the block, by whatever it says so.

    Raises:
        SignerError: `signer-certificate`.
    """
    with warnings.catch_warnings():
        # They are about serial numbers and the like, which a verifier does not use.
        warnings.simplefilter("ignore")
        try:
            yield
        except (
            ValueError,
            TypeError,
            UnsupportedAlgorithm,
            x509.InvalidVersion,
            DecodingError,
        ):
            raise SignerError("signer-certificate", "not an X.509 certificate in DER") from None
