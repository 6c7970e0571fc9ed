"""Certificates, against what OpenSSL alone takes to sign and to verify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.bench.ratio import Ratio, at_most, measure
from tests.unit.dcc.issuing import ISSUED, issuer_of, negative_test
from vigie.dcc import signer, verification

if TYPE_CHECKING:
    from collections.abc import Iterator

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
