"""A 2D-DOC of the tests' own, and the certificate that verifies it."""

from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.unit.certificate_signing.samples import IDENTITY
from tests.unit.dcc.issuing import ISSUED
from vigie.dcc import cose
from vigie.dcc.x509_profile import Subject, build_csca
from vigie.results.codes import Outcome
from vigie.twoddoc import code, proofs
from vigie.twoddoc.proofs import CodeSigner


@cache
def two_d_doc() -> tuple[str, bytes]:
    """The text of a negative test, and its signer's certificate in DER."""
    key = ec.generate_private_key(ec.SECP256R1())
    # The name of the certificate in the header is its common name.
    signer = build_csca(Subject("FR", "Vigie", "VIG1"), key, serial=1, not_before=ISSUED)
    document = proofs.test_proof(
        IDENTITY,
        loinc="94500-6",
        outcome=Outcome.NOT_DETECTED,
        sampled_at=ISSUED,
        signer=CodeSigner(authority="FR03", certificate="VIG1"),
        signed_on=ISSUED.date(),
    )
    der = key.sign(document.signature_input, ec.ECDSA(hashes.SHA256()))
    text = code.assemble(document, cose.der_to_raw(der))
    return text, signer.public_bytes(serialization.Encoding.DER)
