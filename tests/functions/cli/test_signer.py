"""Document signers come and go without a certificate that nobody can verify."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from typer.testing import CliRunner

from cli.main import app
from cli.signer_parameters import SignerParameters
from cli.signer_rotation import PUBLISHED_BEFORE, activate_signer
from vigie import aws
from vigie.errors import Rejected

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

    from cli.signer_record import SignerRecord


@pytest.fixture
def parameters(mocked_aws: None) -> SignerParameters:  # noqa: ARG001 - the account that it is in
    """An environment with a CSCA, whose DSC signs everything."""
    for alias in ("csca", "dsc"):
        key = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
        aws.kms().create_alias(AliasName=f"alias/vigie-test-{alias}", TargetKeyId=key["Arn"])
    assert _run("pki", "csca", "create", "--organisation", "Santé")[0] == 0
    assert _run("pki", "dsc", "issue")[0] == 0
    return SignerParameters(aws.ssm(), "test")


def _run(*arguments: str) -> tuple[int, str]:
    environment = {"COLUMNS": "250", "VIGIE_ENVIRONMENT": "test"}
    answer = CliRunner().invoke(app, arguments, env=environment)
    return answer.exit_code, answer.output


def _created(parameters: SignerParameters, *groups: str) -> SignerRecord:
    options = [option for group in groups for option in ("--for", group)]
    assert _run("signer", "create", *options)[0] == 0
    return parameters.records()[0]


def _signing(parameters: SignerParameters) -> dict[str, str]:
    return {
        group: x509.load_der_x509_certificate(one.der).subject.rfc4514_string()
        for group, one in parameters.active().items()
    }


def test_a_signer_is_trusted_before_it_signs(parameters: SignerParameters) -> None:
    before = parameters.active()
    made = _created(parameters, "recovery")
    assert made.groups == ("r",)
    assert made.kid in parameters.trusted()
    assert parameters.active() == before
    status, output = _run("signer", "activate", made.kid.hex())
    assert (status, "signer-unpublished" in output) == (1, True)
    published_at = made.created_at + timedelta(days=5)
    parameters.note_published(made.kid, published_at)
    # That it is published again does not make it newer.
    parameters.note_published(made.kid, published_at + timedelta(days=1))

    def activate_after(time: timedelta) -> None:
        now = published_at + time
        activate_signer(parameters, aws.kms(), made.kid, groups=(), now=now, at_once=False)

    with pytest.raises(Rejected) as refused:
        activate_after(PUBLISHED_BEFORE - timedelta(minutes=1))
    assert refused.value.code == "signer-too-new"
    activate_after(PUBLISHED_BEFORE)
    active = parameters.active()
    assert active["r"].der == made.der
    assert active["v"] == before["v"]
    assert active["t"] == before["t"]


def test_the_list_tells_who_signs_what(parameters: SignerParameters) -> None:
    made = _created(parameters, "vaccination", "test")
    assert _run("signer", "activate", made.kid.hex(), "--for", "test", "--at-once")[0] == 0
    lines = {
        line.split()[1]: line for line in _run("signer", "list")[1].splitlines() if "│" in line
    }
    first = parameters.records()[1]
    assert "signs test" in lines[made.kid.hex()]
    assert "signs vaccination, recovery" in lines[first.kid.hex()]


def test_who_signs_is_not_retired_and_who_is_retired_does_not_sign(
    parameters: SignerParameters,
) -> None:
    (first,) = parameters.records()
    status, output = _run("signer", "retire", first.kid.hex())
    assert (status, "signer-active" in output) == (1, True)
    made = _created(parameters)
    assert _run("signer", "activate", made.kid.hex(), "--at-once")[0] == 0
    assert _run("signer", "retire", first.kid.hex())[0] == 0
    # What it signed verifies still.
    assert set(parameters.trusted()) == {first.kid, made.kid}
    status, output = _run("signer", "activate", first.kid.hex(), "--at-once")
    assert (status, "signer-retired" in output) == (1, True)
    assert _run("signer", "retire", first.kid.hex(), "--compromised")[0] == 0
    assert set(parameters.trusted()) == {made.kid}
    # Retiring it again does not bring the trust back.
    assert _run("signer", "retire", first.kid.hex())[0] == 0
    assert set(parameters.trusted()) == {made.kid}


@pytest.mark.parametrize(
    ("after", "code"),
    [(timedelta(days=184), "signer-key-usage-over"), (timedelta(days=731), "signer-not-valid")],
)
def test_nobody_signs_outside_of_the_months_of_its_key(
    parameters: SignerParameters, after: timedelta, code: str
) -> None:
    made = _created(parameters)
    with pytest.raises(Rejected) as refused:
        activate_signer(
            parameters,
            aws.kms(),
            made.kid,
            groups=(),
            now=datetime.now(UTC) + after,
            at_once=True,
        )
    assert refused.value.code == code


def test_nobody_signs_what_its_certificate_does_not_let_it(parameters: SignerParameters) -> None:
    made = _created(parameters, "test")
    status, output = _run("signer", "activate", made.kid.hex(), "--for", "recovery", "--at-once")
    assert (status, "signer-usage" in output) == (1, True)
    status, output = _run("signer", "activate", "00" * 8)
    assert (status, "signer-unknown" in output) == (1, True)


def _request(key: CertificateIssuerPrivateKeyTypes) -> bytes:
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(key, algorithm).public_bytes(Encoding.PEM)


def test_a_key_of_a_foreign_hsm_is_certified_and_does_not_sign_here(
    parameters: SignerParameters, tmp_path: Path
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    request, out = tmp_path / "request.pem", tmp_path / "dsc.pem"
    request.write_bytes(_request(key))
    status, _ = _run("signer", "csr", str(request), "--out", str(out), "--for", "test")
    assert status == 0
    certificate = x509.load_pem_x509_certificate(out.read_bytes())
    csca = parameters.csca()
    assert csca is not None
    certificate.verify_directly_issued_by(x509.load_der_x509_certificate(csca.der))
    assert certificate.public_key() == key.public_key()
    made = parameters.records()[0]
    assert made.kid in parameters.trusted()
    status, output = _run("signer", "activate", made.kid.hex(), "--at-once")
    assert (status, "signer-elsewhere" in output) == (1, True)
    assert "foreign HSM" in _run("signer", "list")[1]


@pytest.mark.parametrize(
    ("request_bytes", "code"),
    [
        (b"nothing", "csr-malformed"),
        (b"-----BEGIN CERTIFICATE REQUEST-----", "csr-malformed"),
        (_request(ed25519.Ed25519PrivateKey.generate()), "csr-key"),
        (_request(ec.generate_private_key(ec.SECP384R1())), "signer-key"),
    ],
)
def test_a_request_that_is_none_makes_no_signer(
    parameters: SignerParameters, tmp_path: Path, request_bytes: bytes, code: str
) -> None:
    request = tmp_path / "request.pem"
    request.write_bytes(request_bytes)
    status, output = _run("signer", "csr", str(request), "--out", str(tmp_path / "out"))
    assert (status, code in output) == (1, True)
    assert len(parameters.records()) == 1
