"""The operator's commands set up wallets with keys that stay in KMS."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from typer.testing import CliRunner

from cli.kms_rsa_private_key import KmsRsaPrivateKey
from cli.main import app
from cli.wallet_signers import WalletSigners
from tests.unit.wallets.certificates import PASS_TYPE, TEAM, Keys, der, pass_certificate, wwdr
from vigie import aws
from vigie.errors import Rejected

START = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
_APPLE = ("--environment", "test", "--pass-type", PASS_TYPE, "--team", TEAM)
_GOOGLE = {
    "--environment": "test",
    "--issuer-id": "3388000000022212345",
    "--service-account": "passes@vigie-example.iam.gserviceaccount.com",
    "--origin": "https://vigie.example",
}


@pytest.fixture(autouse=True)
def _keys(mocked_aws: None) -> None:  # noqa: ARG001 - the account that the keys are in
    for wallet in ("apple", "google"):
        _key(f"alias/vigie-test-{wallet}-wallet")


def _key(alias: str, spec: str = "RSA_2048") -> None:
    arn = aws.kms().create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]  # type: ignore[arg-type]
    aws.kms().create_alias(AliasName=alias, TargetKeyId=arn)


def _run(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(app, ("wallet", *arguments), env={"COLUMNS": "200"})
    return answer.exit_code, answer.output


def _signers() -> WalletSigners:
    return WalletSigners(aws.ssm(), "test")


def _install_apple(folder: Path, certificate: bytes, *options: str) -> tuple[int, str]:
    (folder / "pass.cer").write_bytes(certificate)
    (folder / "wwdr.cer").write_bytes(der(wwdr(START)))
    files = ("--certificate", str(folder / "pass.cer"), "--wwdr", str(folder / "wwdr.cer"))
    return _run("apple", "install", *files, *_APPLE, *options)


def _requested(folder: Path) -> rsa.RSAPublicKey:
    out = folder / "request.pem"
    code, output = _run("apple", "csr", "--out", str(out), "--environment", "test")
    assert code == 0, output
    request = x509.load_pem_x509_csr(out.read_bytes())
    assert request.is_signature_valid
    key = request.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def test_what_apple_issues_for_the_request_is_installed(tmp_path: Path) -> None:
    key = _requested(tmp_path)
    code, output = _install_apple(tmp_path, der(pass_certificate(key, start=START)))
    assert code == 0, output
    installed = _signers().apple()
    assert installed is not None
    assert (installed.pass_type, installed.team) == (PASS_TYPE, TEAM)
    assert PASS_TYPE in _run("show", "--environment", "test")[1]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("certificate-key", {"other_key": True}),
        ("pass-type", {"pass_type": "pass.example.other"}),
        ("pass-team", {"team": "ZZZZZZZZZZ"}),
        ("certificate-dates", {"start": START - timedelta(days=366)}),
        ("certificate-malformed", None),
    ],
)
def test_what_does_not_fit_is_refused_by_its_rule(
    tmp_path: Path, rule: str, fault: dict[str, object] | None
) -> None:
    key = _requested(tmp_path)
    values: dict[str, object] = {"start": START, **(fault or {})}
    if values.pop("other_key", False):
        key = Keys.passes.public_key()
    issued = der(pass_certificate(key, **values)) if fault is not None else b"0\x03\x02\x01\x01"  # type: ignore[arg-type]
    code, output = _install_apple(tmp_path, issued)
    assert code == 1
    assert output.startswith(f"{rule}: ")
    assert _signers().apple() is None


def test_another_ca_is_refused(tmp_path: Path) -> None:
    certificate = der(pass_certificate(_requested(tmp_path), start=START))
    (tmp_path / "self.cer").write_bytes(certificate)
    code, output = _install_apple(tmp_path, certificate, "--wwdr", str(tmp_path / "self.cer"))
    assert (code, output.partition(":")[0]) == (1, "certificate-issuer")


def test_a_ca_that_has_ended_is_refused(tmp_path: Path) -> None:
    certificate = der(pass_certificate(_requested(tmp_path), start=START))
    (tmp_path / "old.cer").write_bytes(der(wwdr(START - timedelta(days=366))))
    code, output = _install_apple(tmp_path, certificate, "--wwdr", str(tmp_path / "old.cer"))
    assert (code, output.partition(":")[0]) == (1, "certificate-dates")


def test_the_certificate_for_google_is_of_its_own_key_and_names_nobody(tmp_path: Path) -> None:
    out = tmp_path / "upload.pem"
    code, _ = _run("google", "certificate", "--out", str(out), "--environment", "test")
    assert code == 0
    certificate = x509.load_pem_x509_certificate(out.read_bytes())
    certificate.verify_directly_issued_by(certificate)
    assert certificate.subject.rfc4514_string() == "CN=vigie-test-wallet"
    options = [part for option in _GOOGLE.items() for part in option]
    code, output = _run("google", "install", "--certificate", str(out), *options)
    assert code == 0, output
    installed = _signers().google()
    assert installed is not None
    assert installed.origin == "https://vigie.example"
    assert "3388000000022212345" in _run("show", "--environment", "test")[1]


@pytest.mark.parametrize(
    ("option", "value", "rule"),
    [
        ("--issuer-id", "BCR2DN4T", "issuer-id"),
        ("--service-account", "someone@example.com", "service-account"),
        ("--origin", "https://vigie.example/link", "origin"),
    ],
)
def test_what_google_does_not_know_is_refused(
    tmp_path: Path, option: str, value: str, rule: str
) -> None:
    out = tmp_path / "upload.pem"
    _run("google", "certificate", "--out", str(out), "--environment", "test")
    options = [part for each in {**_GOOGLE, option: value}.items() for part in each]
    code, output = _run("google", "install", "--certificate", str(out), *options)
    assert (code, output.partition(":")[0]) == (1, rule)
    assert _signers().google() is None


def test_nothing_is_set_up_at_first() -> None:
    assert _run("show", "--environment", "test")[1].count("not set up") == 2


def test_a_key_of_another_type_or_algorithm_is_refused() -> None:
    _key("alias/elliptic", "ECC_NIST_P256")
    with pytest.raises(Rejected, match="RSA_2048"):
        KmsRsaPrivateKey(aws.kms(), "alias/elliptic")
    key = KmsRsaPrivateKey(aws.kms(), "alias/vigie-test-apple-wallet")
    with pytest.raises(Rejected, match="SHA-256"):
        key.sign(b"text", padding.PKCS1v15(), hashes.SHA512())
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    with pytest.raises(Rejected, match="PKCS #1"):
        key.sign(b"text", pss, hashes.SHA256())
    signature = key.sign(b"text", padding.PKCS1v15(), hashes.SHA256())
    key.public_key().verify(signature, b"text", padding.PKCS1v15(), hashes.SHA256())
