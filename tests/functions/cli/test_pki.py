"""The operator's commands make a chain of trust from KMS keys, once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from cli.kms_private_key import KmsPrivateKey
from cli.main import app
from cli.signer_parameters import SignerParameters
from vigie import aws
from vigie.certificates.document_signer import DocumentSigner
from vigie.errors import Rejected

CREATE = ["pki", "csca", "create", "--organisation", "Santé publique", "--environment", "test"]
ISSUE = ["pki", "dsc", "issue", "--environment", "test"]
SHOW = ["pki", "show", "--environment", "test"]


@pytest.fixture(autouse=True)
def _keys(mocked_aws: None) -> None:  # noqa: ARG001 - the account that the keys are in
    for role in ("csca", "dsc"):
        _key(f"alias/vigie-test-{role}")


def _key(alias: str = "", spec: str = "ECC_NIST_P256") -> str:
    kms = aws.kms()
    arn = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]  # type: ignore[arg-type]
    if alias:
        kms.create_alias(AliasName=alias, TargetKeyId=arn)
    return arn


def _run(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})
    return answer.exit_code, answer.output


def _parameters() -> SignerParameters:
    return SignerParameters(aws.ssm(), "test")


def _csca() -> DocumentSigner:
    csca = _parameters().csca()
    assert csca is not None
    return csca


def _dsc() -> DocumentSigner:
    dsc = _parameters().current_dsc()
    assert dsc is not None
    return dsc


def test_the_dsc_chains_to_the_csca() -> None:
    assert _run(*CREATE)[0] == 0
    assert _run(*ISSUE)[0] == 0
    csca = x509.load_der_x509_certificate(_csca().der)
    dsc = x509.load_der_x509_certificate(_dsc().der)
    csca.verify_directly_issued_by(csca)
    dsc.verify_directly_issued_by(csca)
    assert dsc.public_key() == KmsPrivateKey(aws.kms(), "alias/vigie-test-dsc").public_key()
    assert csca.subject.rfc4514_string().endswith("O=Santé publique,C=FR")
    assert dsc.subject.rfc4514_string().endswith("O=Santé publique,C=FR")
    assert dsc.subject != csca.subject
    assert dsc.not_valid_before_utc <= datetime.now(UTC)


def test_doing_it_again_changes_nothing() -> None:
    _run(*CREATE)
    _run(*ISSUE)
    before = _csca(), _dsc()
    for command in (CREATE, ISSUE):
        status, output = _run(*command)
        assert (status, "kept" in output) == (0, True)
    assert (_csca(), _dsc()) == before
    assert len(_parameters().trusted()) == 1


def test_a_new_signer_leaves_the_old_one_trusted() -> None:
    _run(*CREATE)
    _run(*ISSUE)
    first = _dsc()
    assert _run(*ISSUE, "--key", _key(), "--replace")[0] == 0
    second = _dsc()
    assert second.key_arn != first.key_arn
    assert len(_parameters().trusted()) == 2


@pytest.mark.parametrize(
    ("command", "code"), [(CREATE, "csca-other-key"), (ISSUE, "dsc-other-key")]
)
def test_a_signer_of_another_key_is_not_replaced_unasked(command: list[str], code: str) -> None:
    _run(*CREATE)
    _run(*ISSUE)
    before = _csca(), _dsc()
    status, output = _run(*command, "--key", _key())
    assert (status, code in output) == (1, True)
    assert (_csca(), _dsc()) == before


def test_a_former_csca_vouches_for_the_next_one_where_its_key_changed(tmp_path: Path) -> None:
    out = tmp_path / "link.pem"
    link = ["pki", "csca", "link", "--environment", "test", "--out", str(out)]
    _run(*CREATE)
    status, output = _run(*link)
    assert (status, "csca-former-missing" in output) == (1, True)
    former = x509.load_der_x509_certificate(_csca().der)
    assert _run(*CREATE, "--key", _key(), "--replace")[0] == 0
    assert _run(*link)[0] == 0
    made = x509.load_pem_x509_certificate(out.read_bytes())
    made.verify_directly_issued_by(former)
    csca = x509.load_der_x509_certificate(_csca().der)
    assert (made.subject, made.public_key()) == (csca.subject, csca.public_key())
    assert made.public_key() != former.public_key()


def test_a_dsc_needs_a_csca() -> None:
    status, output = _run(*ISSUE)
    assert (status, "csca-missing" in output) == (1, True)


def test_show_tells_what_there_is() -> None:
    assert "CSCA: none" in _run(*SHOW)[1]
    _run(*CREATE)
    _run(*ISSUE)
    status, output = _run(*SHOW)
    assert status == 0
    [kid] = _parameters().trusted()
    assert output.count(kid.hex()) == 2
    assert _csca().key_arn in output


@pytest.mark.parametrize(
    "option", [("--country", "FRA"), ("--country", "fr"), ("--organisation", "x" * 65)]
)
def test_a_name_that_x509_cannot_hold_is_refused(option: tuple[str, str]) -> None:
    assert _run(*CREATE, *option)[0] == 2
    assert _parameters().csca() is None


def test_an_absent_key_is_told_without_a_trace() -> None:
    status, output = _run(*CREATE, "--key", "alias/absent")
    assert (status, "Traceback" in output) == (1, False)
    assert "kms-describe-key:NotFoundException" in output


def test_another_type_of_key_is_refused() -> None:
    status, output = _run(*CREATE, "--key", _key(spec="ECC_NIST_P384"))
    assert (status, "key-type" in output) == (1, True)


def test_a_kms_key_signs_nothing_but_ecdsa_with_sha256() -> None:
    key = KmsPrivateKey(aws.kms(), "alias/vigie-test-dsc")
    assert key.key_size == 256
    # More than KMS would hash itself: it gets the digest.
    data = b"x" * 5000
    key.public_key().verify(
        key.sign(data, ec.ECDSA(hashes.SHA256())), data, ec.ECDSA(hashes.SHA256())
    )
    with pytest.raises(Rejected, match="SHA-256"):
        key.sign(data, ec.ECDSA(hashes.SHA384()))
    with pytest.raises(NotImplementedError):
        key.private_numbers()
