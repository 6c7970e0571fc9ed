"""Cases of the tests' own, written as one issuer or another of dgc-testdata writes them."""

import base64
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID

from tests.conformance.dcc_cases import CHECKS, SCHEMA_EXPECTATION
from tests.unit.dcc.issuing import ISSUED, START, issuer_of, negative_test
from vigie.dcc import base45, cose, hcert, qr, signer, x509_profile

EXPECTED = dict.fromkeys((*CHECKS, SCHEMA_EXPECTATION), True)
_SIGN1, _CWT = 18, 61
_ISSUED, _EXPIRES, _HCERT = 6, 4, -260


@dataclass(frozen=True)
class Manner:
    """How an issuer writes its certificates.

    Attributes:
        tags: that stand before the message, the outermost first.
        kid_unprotected: whether the kid stands in the header that is not signed, alone.
        another_kid: whether the other header names another one, which does not count.
        time: of issue and expiry, of a whole number.
        tagged_dates: whether times within the certificate are CBOR dates.
        key: of the document signer.
        certificate: of the document signer, in DER.
    """

    tags: tuple[int, ...] = (_SIGN1,)
    kid_unprotected: bool = False
    another_kid: bool = False
    time: Callable[[int], object] = int
    tagged_dates: bool = False
    key: Callable[[], ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey] = lambda: issuer_of("t").key
    certificate: Callable[[], bytes] = lambda: issuer_of("t").der

    def case(self) -> dict[str, Any]:
        """A whole case, each check of which passes."""
        message = self._message()
        compressed = zlib.compress(message, 9)
        body = base45.encode(compressed)
        text = hcert.PREFIX + body
        return {
            "JSON": negative_test().to_map(),
            "CBOR": self._payload().hex(),
            "COSE": message.hex().upper(),
            "COMPRESSED": compressed.hex(),
            "BASE45": body,
            "PREFIX": text,
            "2DCODE": base64.b64encode(qr.png(text)).decode("ascii"),
            "TESTCTX": {
                "CERTIFICATE": base64.b64encode(self.certificate()).decode("ascii"),
                "VALIDATIONCLOCK": ISSUED.isoformat(),
            },
            "EXPECTEDRESULTS": EXPECTED,
        }

    def _message(self) -> bytes:
        kid = {4: signer.kid(self.certificate())}
        protected, other = ({}, kid) if self.kid_unprotected else (kid, {})
        if self.another_kid:
            other = {4: b"another1"}
        header = cbor2.dumps({1: _algorithm(self.key()), **protected})
        payload = self._payload()
        signature = _sign(self.key(), cose.Unsigned(header, payload).signature_input)
        message: object = [header, other, payload, signature]
        for tag in reversed(self.tags):
            message = cbor2.CBORTag(tag, message)
        return cbor2.dumps(message)

    def _payload(self) -> bytes:
        claims = cbor2.loads(issuer_of("t").unsigned(negative_test()).payload)
        for key in (_ISSUED, _EXPIRES):
            claims[key] = self.time(claims[key])
        if self.tagged_dates:
            entry = claims[_HCERT][1]["t"][0]
            entry["sc"] = datetime.fromisoformat(entry["sc"])
        return cbor2.dumps(claims)


def _algorithm(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> int:
    return cose.PS256 if isinstance(key, rsa.RSAPrivateKey) else cose.ES256


def _sign(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
        return key.sign(data, scheme, hashes.SHA256())
    return cose.der_to_raw(key.sign(data, ec.ECDSA(hashes.SHA256())))


@cache
def _rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def _rsa_certificate() -> bytes:
    csca_key = ec.generate_private_key(ec.SECP256R1())
    csca = x509_profile.build_csca(
        x509_profile.Subject("FR", "Vigie", "CSCA 2"), csca_key, serial=1, not_before=START
    )
    subject = x509_profile.Subject("FR", "Vigie", "DSC RSA")
    return x509_profile.build_dsc(
        subject, _rsa_key().public_key(), csca, csca_key, serial=2, not_before=START, groups="t"
    ).public_bytes(Encoding.DER)


@cache
def finnish_certificate() -> bytes:
    """A DSC that writes out `cA FALSE`, the default, which DER forbids."""
    own = issuer_of("t").dsc
    builder = (
        x509.CertificateBuilder()
        .subject_name(own.subject)
        .issuer_name(own.issuer)
        .public_key(issuer_of("t").key.public_key())
        .serial_number(3)
        .not_valid_before(own.not_valid_before_utc)
        .not_valid_after(own.not_valid_after_utc)
        .add_extension(
            x509.UnrecognizedExtension(ExtensionOID.BASIC_CONSTRAINTS, bytes.fromhex("3003010100")),
            critical=True,
        )
        .add_extension(
            own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value, critical=False
        )
    )
    return builder.sign(issuer_of("t").key, hashes.SHA256()).public_bytes(Encoding.DER)


USUAL = Manner()
MANNERS = {
    "as most": USUAL,
    "untagged": Manner(tags=()),
    "tag 18 within 61": Manner(tags=(_CWT, _SIGN1)),
    "kid unprotected": Manner(kid_unprotected=True),
    "another kid unprotected": Manner(another_kid=True),
    "times as floats": Manner(time=float),
    "dates tagged 0": Manner(tagged_dates=True),
    "PS256": Manner(key=_rsa_key, certificate=_rsa_certificate),
    "signer breaks DER": Manner(certificate=finnish_certificate),
}
