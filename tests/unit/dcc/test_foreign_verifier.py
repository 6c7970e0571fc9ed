"""What is signed, read by an implementation of COSE that is not ours."""

import zlib

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cwt import COSE, COSEKey, VerifyError

from tests.unit.dcc.issuing import EXPIRES, ISSUED, START, negative_test
from vigie.dcc import base45, cose, hcert, signer, x509_profile
from vigie.dcc.signer import by_kid
from vigie.dcc.verification import verify
from vigie.dcc.x509_profile import DscKey, Subject

_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)


def _dsc(key: DscKey) -> bytes:
    csca_key = ec.generate_private_key(ec.SECP256R1())
    csca = x509_profile.build_csca(
        Subject("FR", "Vigie", "CSCA 1"), csca_key, serial=1, not_before=START
    )
    dsc = x509_profile.build_dsc(
        Subject("FR", "Vigie", "DSC 1"), key, csca, csca_key, serial=2, not_before=START
    )
    return dsc.public_bytes(serialization.Encoding.DER)


def _issued(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> tuple[str, signer.Signer]:
    by = signer.read(_dsc(key.public_key()))
    message = hcert.unsigned(
        negative_test(),
        issuer="FR",
        issued_at=ISSUED,
        expires_at=EXPIRES,
        kid=by.kid,
        algorithm=by.algorithm,
    )
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(message.signature_input, _PSS, hashes.SHA256())
    else:
        der = key.sign(message.signature_input, ec.ECDSA(hashes.SHA256()))
        signature = cose.der_to_raw(der)
    return hcert.assemble(message, signature), by


@pytest.mark.parametrize("algorithm", ["ES256", "PS256"])
def test_both_algorithms_are_verified_elsewhere_and_here(algorithm: str) -> None:
    key = (
        ec.generate_private_key(ec.SECP256R1())
        if algorithm == "ES256"
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    text, by = _issued(key)
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    foreign_key = COSEKey.from_pem(pem, alg=algorithm, kid=by.kid)
    message = zlib.decompress(base45.decode(hcert.unprefix(text)))

    claims = cbor2.loads(COSE.new().decode(message, foreign_key))

    assert claims[-260][1] == negative_test().to_map()
    assert verify(text, by_kid([by]), ISSUED).trusted
    with pytest.raises(VerifyError):
        COSE.new().decode(message[:-1] + bytes([message[-1] ^ 1]), foreign_key)
