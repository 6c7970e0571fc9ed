"""CMS SignedData (RFC 5652) as the EU's gateway exchanges what countries upload.

One signer, whose X.509 certificate is in the message, and mostly the content as well: a signature
that stands beside its content, as in an Apple Wallet pass, is written only. The signature is
made elsewhere, by a key that does not leave KMS: `Unsigned` gives the digest to sign, and
`assemble` joins the parts.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from vigie.cms import der
from vigie.cms.der import Element
from vigie.dcc.errors import SignerError
from vigie.dcc.signer import refusing
from vigie.errors import Rejected

MOST_BYTES = 1024 * 1024

_CONTENT = 0xA0
_CERTIFICATES = 0xA0
_SIGNED_ATTRIBUTES = 0xA0


def _oid(*arcs: int) -> bytes:
    """An object identifier, written."""
    content = bytearray([arcs[0] * 40 + arcs[1]])
    for arc in arcs[2:]:
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(arc & 0x7F | 0x80)
        content += bytes(reversed(septets))
    return der.element(der.OBJECT_IDENTIFIER, bytes(content))


_DATA = _oid(1, 2, 840, 113549, 1, 7, 1)
_SIGNED_DATA = _oid(1, 2, 840, 113549, 1, 7, 2)
_CONTENT_TYPE = _oid(1, 2, 840, 113549, 1, 9, 3)
_MESSAGE_DIGEST = _oid(1, 2, 840, 113549, 1, 9, 4)
_SIGNING_TIME = _oid(1, 2, 840, 113549, 1, 9, 5)
_SHA256 = _oid(2, 16, 840, 1, 101, 3, 4, 2, 1)
_ECDSA_SHA256 = _oid(1, 2, 840, 10045, 4, 3, 2)
_RSA_PKCS1 = _oid(1, 2, 840, 113549, 1, 1, 1)
_RSA_PSS = _oid(1, 2, 840, 113549, 1, 1, 10)
_DIGESTS: dict[bytes, hashes.HashAlgorithm] = {
    _SHA256: hashes.SHA256(),
    _oid(2, 16, 840, 1, 101, 3, 4, 2, 2): hashes.SHA384(),
    _oid(2, 16, 840, 1, 101, 3, 4, 2, 3): hashes.SHA512(),
}
_SHA256_ALGORITHM = der.element(der.SEQUENCE, _SHA256)
_ECDSA_ALGORITHM = der.element(der.SEQUENCE, _ECDSA_SHA256)
# RFC 3370 section 3.2: its parameters are there, and NULL.
_RSA_ALGORITHM = der.element(der.SEQUENCE, _RSA_PKCS1, der.element(der.NULL))


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A message that waits for its signature.

    Attributes:
        content: what is said.
        certificate: of the signer, in DER; its key is on P-256, or RSA for PKCS #1 v1.5.
        signed_at: aware.
        issuers: certificates that the message carries besides, in DER.
        detached: whether the content is left out of the message.
    """

    content: bytes
    certificate: bytes
    signed_at: datetime
    issuers: tuple[bytes, ...] = ()
    detached: bool = False

    @property
    def digest(self) -> bytes:
        """What is signed with ECDSA or RSA: the SHA-256 of the signed attributes."""
        return hashlib.sha256(self._attributes).digest()

    @property
    def _attributes(self) -> bytes:
        time = self.signed_at.astimezone(UTC).strftime("%y%m%d%H%M%SZ").encode()
        digest = hashlib.sha256(self.content).digest()
        return der.set_of(
            [
                _attribute(_CONTENT_TYPE, _DATA),
                _attribute(_MESSAGE_DIGEST, der.element(der.OCTET_STRING, digest)),
                _attribute(_SIGNING_TIME, der.element(der.UTC_TIME, time)),
            ]
        )

    def assemble(self, signature: bytes) -> bytes:
        """Join the message and its signature as KMS gives it: in DER, if it is ECDSA's."""
        signer = der.element(
            der.SEQUENCE,
            der.element(der.INTEGER, b"\x01"),
            _issuer_and_serial(self.certificate),
            _SHA256_ALGORITHM,
            _retagged(self._attributes, _SIGNED_ATTRIBUTES),
            _signature_algorithm(self.certificate),
            der.element(der.OCTET_STRING, signature),
        )
        content = der.element(_CONTENT, der.element(der.OCTET_STRING, self.content))
        signed = der.element(
            der.SEQUENCE,
            der.element(der.INTEGER, b"\x01"),
            der.set_of([_SHA256_ALGORITHM]),
            der.element(der.SEQUENCE, _DATA, b"" if self.detached else content),
            der.element(_CERTIFICATES, *sorted({self.certificate, *self.issuers})),
            der.set_of([signer]),
        )
        return der.element(der.SEQUENCE, _SIGNED_DATA, der.element(_CONTENT, signed))


@dataclass(frozen=True, slots=True)
class Verified:
    """A message whose one certificate's key signed its content.

    Attributes:
        content: what is said.
        certificate: of the signer, in DER; whether to trust it is another question.
    """

    content: bytes
    certificate: bytes


def verify(message: bytes) -> Verified:
    """Read a message and verify that the key of the certificate in it signed its content.

    Digests are SHA-256, SHA-384 or SHA-512; signatures ECDSA, RSA with PKCS #1 v1.5 or RSA-PSS.

    Args:
        message: in DER or BER.

    Raises:
        Rejected: `cms-size` over 1 MiB, `cms-malformed`, or `cms-signature` if the key did not
            sign.
    """
    return _verified(message, None)


def verify_detached(message: bytes, content: bytes) -> Verified:
    """Verify a message without its content, which is beside it; else as `verify`.

    Args:
        message: in DER or BER; if it has the content too, it must be the same.
        content: what is said to be signed.

    Raises:
        Rejected: as `verify`.
    """
    return _verified(message, content)


def _verified(message: bytes, beside: bytes | None) -> Verified:
    if len(message) > MOST_BYTES:
        raise Rejected("cms-size", "the message is larger than 1 MiB")
    try:
        parts = _parts(message, beside)
        with refusing():
            key = x509.load_der_x509_certificate(parts.certificate).public_key()
    except (Rejected, StopIteration, ValueError, SignerError):
        raise Rejected(
            "cms-malformed", "not a message with its content, one signer and one certificate"
        ) from None
    try:
        parts.check(key)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        raise Rejected("cms-signature", "the certificate's key did not sign the content") from None
    return Verified(parts.content, parts.certificate)


@dataclass(frozen=True, slots=True)
class _Parts:
    content: bytes
    certificate: bytes
    digest: hashes.HashAlgorithm
    attributes: bytes | None
    algorithm: bytes
    signature: bytes

    def check(self, key: object) -> None:
        """Raise InvalidSignature unless the key signed the content."""
        signed = self._signed()
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(self.signature, signed, ec.ECDSA(self.digest))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(self.signature, signed, self._padding(), self.digest)
        else:
            raise InvalidSignature

    def _signed(self) -> bytes:
        """The bytes that are signed: the attributes if there are any (section 5.4)."""
        if self.attributes is None:
            return self.content
        hasher = hashes.Hash(self.digest)
        hasher.update(self.content)
        expected = _attribute(_MESSAGE_DIGEST, der.element(der.OCTET_STRING, hasher.finalize()))
        said = [one.encoded for one in der.elements(self.attributes)]
        digests = [one for one in said if one[2:].startswith(_MESSAGE_DIGEST)]
        types = [one for one in said if one[2:].startswith(_CONTENT_TYPE)]
        if digests != [expected] or types != [_attribute(_CONTENT_TYPE, _DATA)]:
            raise InvalidSignature
        return der.element(der.SET, self.attributes)

    def _padding(self) -> padding.AsymmetricPadding:
        if self.algorithm == _RSA_PSS:
            return padding.PSS(padding.MGF1(self.digest), padding.PSS.AUTO)
        return padding.PKCS1v15()


def _parts(message: bytes, beside: bytes | None) -> _Parts:
    kind, wrapped = _pair(der.only(der.definite(message), der.SEQUENCE))
    if kind.encoded != _SIGNED_DATA or wrapped.tag != _CONTENT:
        raise _malformed()
    _, _, said, certificates, *rest = der.elements(der.only(wrapped.content, der.SEQUENCE))
    signers = [one for one in rest if one.tag == der.SET]
    if certificates.tag != _CERTIFICATES or len(signers) != 1:
        raise _malformed()
    der.only(certificates.content, der.SEQUENCE)
    return _signer(
        der.only(signers[0].content, der.SEQUENCE),
        _said(said, beside),
        certificates.content,
    )


def _said(said: Element, beside: bytes | None) -> bytes:
    """The content: in the message, or beside it (section 5.2)."""
    kind, *wrapped = der.elements(said.content)
    if kind.encoded != _DATA:
        raise _malformed()
    if not wrapped and beside is not None:
        return beside
    (content,) = wrapped
    if content.tag != _CONTENT:
        raise _malformed()
    found = der.only(content.content, der.OCTET_STRING)
    if beside is not None and found != beside:
        raise _malformed()
    return found


def _signer(signer: bytes, content: bytes, certificate: bytes) -> _Parts:
    _, _, digest_algorithm, *rest = der.elements(signer)
    attributes = None
    if rest and rest[0].tag == _SIGNED_ATTRIBUTES:
        attributes, rest = rest[0].content, rest[1:]
    if len(rest) < 2 or rest[1].tag != der.OCTET_STRING:  # noqa: PLR2004 - algorithm, signature
        raise _malformed()
    algorithm = _first(rest[0].content)
    digest = _DIGESTS.get(_first(digest_algorithm.content))
    if digest is None:
        raise _malformed()
    return _Parts(content, certificate, digest, attributes, algorithm, rest[1].content)


def _pair(content: bytes) -> tuple[Element, Element]:
    first, second = der.elements(content)
    return first, second


def _first(content: bytes) -> bytes:
    """The first of some values, such as the identifier of an algorithm, as it is written."""
    return next(der.elements(content)).encoded


def _malformed() -> Rejected:
    return Rejected("cms-malformed", "a part is not the one expected")


def _attribute(kind: bytes, value: bytes) -> bytes:
    return der.element(der.SEQUENCE, kind, der.element(der.SET, value))


def _retagged(encoded: bytes, tag: int) -> bytes:
    return bytes((tag,)) + encoded[1:]


def _signature_algorithm(certificate: bytes) -> bytes:
    """How the key of the signer's certificate signs."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    return _RSA_ALGORITHM if isinstance(key, rsa.RSAPublicKey) else _ECDSA_ALGORITHM


def _issuer_and_serial(certificate: bytes) -> bytes:
    """Who issued the signer's certificate, and its number, as they are written there."""
    parsed = x509.load_der_x509_certificate(certificate)
    parts = list(der.elements(der.only(parsed.tbs_certificate_bytes, der.SEQUENCE)))
    # [0] version, serial number, algorithm, issuer.
    serial, _, issuer = parts[1:4]
    return der.element(der.SEQUENCE, issuer.encoded, serial.encoded)
