"""Certificates, against what OpenSSL alone takes to sign and to verify."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import cbor2
import cwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.bench.ratio import Ratio, at_most, measure
from tests.unit.dcc.issuing import ISSUED, issuer_of, negative_test
from vigie.business_rules.shipped import french
from vigie.dcc import base45, hcert, signer, value_sets, verification
from vigie.dcc.acceptance import Destination

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.dcc.issuing import Issuer

_SIGNATURE = ec.ECDSA(hashes.SHA256())


def ratios() -> Iterator[Ratio]:
    """Building and signing, decoding and verifying."""
    issuer = issuer_of()
    certificate = negative_test()
    message = issuer.unsigned(certificate).signature_input
    yield measure(
        "certificate built and signed",
        lambda: issuer.issue(certificate),
        "OpenSSL's P-256 signature",
        lambda: issuer.key.sign(message, _SIGNATURE),
        at_most(5),
    )
    text = issuer.issue(certificate)
    trusted = signer.by_kid([issuer.signer])
    raw, public_key = issuer.key.sign(message, _SIGNATURE), issuer.key.public_key()
    if not verification.verify(text, trusted, ISSUED).trusted:
        raise AssertionError("the certificate that is measured must verify")
    yield measure(
        "certificate decoded and verified",
        lambda: verification.verify(text, trusted, ISSUED),
        "OpenSSL's P-256 verification",
        lambda: public_key.verify(raw, message, _SIGNATURE),
        at_most(2),
    )
    yield measure(
        "certificate decoded and verified, eleven checks",
        lambda: verification.verify(text, trusted, ISSUED),
        "the package cwt: signature and claims",
        _by_cwt(issuer, text),
        at_most(1.6),
    )
    rules = tuple(document.rule for document in french())
    references = verification.References(value_sets.shipped(), None, Destination("FR", rules))
    yield measure(
        "the same with value sets and the rules of France",
        lambda: verification.verify(text, trusted, ISSUED, references),
        "OpenSSL's P-256 verification",
        lambda: public_key.verify(raw, message, _SIGNATURE),
        at_most(5),
    )


def _by_cwt(issuer: Issuer, text: str) -> Callable[[], object]:
    """Reading by another implementation: it has no base45, so it takes ours."""
    pem = issuer.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    key = cwt.COSEKey.from_pem(pem, alg="ES256", kid=issuer.signer.kid)
    reader = cwt.COSE.new()

    def read() -> object:
        content = zlib.decompress(base45.decode(hcert.unprefix(text)))
        return cbor2.loads(reader.decode(content, keys=[key]))

    return read
