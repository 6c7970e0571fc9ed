"""The certificate of 2D-DOC: asked for, checked and installed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from typer.testing import CliRunner

from cli.main import app
from cli.twoddoc_signer import CodeSignerParameters
from vigie import aws

if TYPE_CHECKING:
    from pathlib import Path

_AUTHORITY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(autouse=True)
def environment(mocked_aws: None) -> None:  # noqa: ARG001 - the account that it is in
    """An environment that asked for 2D-DOC."""
    key = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    for name, value in (("keys/twoddoc", key["Arn"]), ("twoddoc-authority", "FR03")):
        aws.ssm().put_parameter(Name=f"/vigie/test/{name}", Value=value, Type="String")


def _run(*arguments: str | Path) -> tuple[int, str]:
    settings = {"COLUMNS": "200", "VIGIE_ENVIRONMENT": "test"}
    answer = CliRunner().invoke(app, ["twoddoc", *map(str, arguments)], env=settings)
    return answer.exit_code, answer.output


def _request(folder: Path, certificate_id: str = "VIG1") -> x509.CertificateSigningRequest:
    out = folder / f"{certificate_id}.csr"
    options = ("--organisation", "Santé", "--siren", "180000000", "--out", out)
    status, output = _run("csr", "--certificate-id", certificate_id, *options)
    assert status == 0, output
    return x509.load_pem_x509_csr(out.read_bytes())


def _certified(
    request: x509.CertificateSigningRequest,
    folder: Path,
    *,
    key: ec.EllipticCurvePublicKey | None = None,
    name: str | None = None,
    days: int = 1000,
) -> Path:
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) if name else None
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject or request.subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "FR03")]))
        .public_key(key or request.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .sign(_AUTHORITY, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    return path


def test_what_an_authority_certifies_signs_from_then_on(tmp_path: Path) -> None:
    request = _request(tmp_path)
    assert request.is_signature_valid
    assert request.subject.rfc4514_string() == "CN=VIG1,OU=0002 180000000,O=Santé,C=FR"
    assert _run("show") == (0, "none: no 2D-DOC is issued\n")

    status, output = _run("install", "--certificate", _certified(request, tmp_path))

    assert status == 0, output
    current = CodeSignerParameters(aws.ssm(), "test").current()
    assert current is not None
    assert (current.authority, current.certificate_id) == ("FR03", "VIG1")
    second = _certified(_request(tmp_path, "VIG2"), tmp_path)
    assert _run("install", "--certificate", second)[0] == 0
    status, output = _run("show")
    assert "FR03 VIG2" in output
    assert "before: FR03 VIG1" in output


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": ec.generate_private_key(ec.SECP256R1()).public_key()}, "certificate-key"),
        ({"name": "Vigie"}, "certificate-name"),
        ({"days": -1}, "certificate-not-valid"),
    ],
)
def test_a_certificate_that_cannot_sign_is_refused(
    tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    path = _certified(_request(tmp_path), tmp_path, **changes)  # type: ignore[arg-type]  # as listed

    status, output = _run("install", "--certificate", path)

    assert (status, code in output) == (1, True)
    assert CodeSignerParameters(aws.ssm(), "test").current() is None
