"""The operator's command publishes whom verifiers trust, signed."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from typer.testing import CliRunner

from cli import did_proof
from cli.main import app
from cli.proof_key import load_proof_key
from cli.signer_parameters import SignerParameters
from tests.functions.resources import create_bucket
from tests.unit.trust.issuers import Country, Uploader, der, entry, gateway
from vigie import aws
from vigie.dcc import signer

FINLAND = Country("FI", start=datetime.now(UTC).replace(microsecond=0) - timedelta(days=1))


@pytest.fixture
def lists_key(mocked_aws: None) -> str:  # noqa: ARG001 - the account that it is in
    """An environment with a CSCA, a DSC and nothing published; the key of the lists."""
    for alias in ("csca", "dsc", "lists"):
        key = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
        aws.kms().create_alias(AliasName=f"alias/vigie-test-{alias}", TargetKeyId=key["Arn"])
    create_bucket("lists")
    told = {
        "buckets/verifier-lists": "lists",
        "keys/lists": key["Arn"],
        "verifiers-url": "https://lists.example",
    }
    for path, value in told.items():
        aws.ssm().put_parameter(Name=f"/vigie/test/{path}", Value=value, Type="String")
    assert _run("pki", "csca", "create", "--organisation", "Santé")[0] == 0
    assert _run("pki", "dsc", "issue")[0] == 0
    return key["Arn"]


def _run(*arguments: str) -> tuple[int, str]:
    environment = {"COLUMNS": "200", "VIGIE_ENVIRONMENT": "test"}
    answer = CliRunner().invoke(app, arguments, env=environment)
    return answer.exit_code, answer.output


def _public(path: str) -> bytes:
    return aws.s3().get_object(Bucket="lists", Key=path)["Body"].read()


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _payload(lists_key: str) -> dict[str, Any]:
    """What the bulk file says, once its signature is verified."""
    signed, _, signature = _public("lists/trust-list.jws").decode().rpartition(".")
    public_key = load_der_public_key(aws.kms().get_public_key(KeyId=lists_key)["PublicKey"])
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    raw = _decoded(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    public_key.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    header, payload = (json.loads(_decoded(part)) for part in signed.split("."))
    (key,) = json.loads(_public("lists/keys.json"))["keys"]
    assert (header["alg"], header["kid"]) == ("ES256", key["kid"])
    told: dict[str, Any] = payload
    return told


def _list_file(folder: Path, *entries: object) -> str:
    path = folder / "list.json"
    path.write_bytes(gateway(*entries))
    return str(path)


def test_own_and_imported_signers_are_published_in_every_form(
    lists_key: str, tmp_path: Path
) -> None:
    finnish = FINLAND.dsc()
    file = _list_file(
        tmp_path,
        entry("CSCA", der(FINLAND.csca), "FI"),
        entry("DSC", finnish, "FI"),
        entry("DSC", Country("SE").dsc(), "SE"),
    )
    status, output = _run("trust", "import", file, "gateway")
    assert (status, "grounds-missing" in output) == (1, True)
    status, output = _run("trust", "import", file, "gateway", "--believe-list")
    assert (status, "1 signers trusted, 1 entries refused" in output) == (0, True)
    assert "the gateway's signatures were not checked" in output
    assert "csca-missing" in output
    assert _run("trust", "publish")[0] == 0
    parameters = SignerParameters(aws.ssm(), "test")
    (own,) = parameters.trusted_certificates()
    published_at = parameters.published_at(signer.kid(own))
    assert published_at is not None
    assert abs(published_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert parameters.published_at(signer.kid(finnish)) is None
    payload = _payload(lists_key)
    assert payload["iss"] == "FR"
    assert payload["exp"] - payload["iat"] == 30 * 86400
    listed = {one["country"]: base64.b64decode(one["x5c"][0]) for one in payload["signers"]}
    assert listed == {"FR": own, "FI": finnish}
    document = json.loads(_public("trustlist/did.json"))
    assert document["id"] == "did:web:lists.example:trustlist"
    prover = tmp_path / "prover.json"
    prover.write_bytes(_public("trustlist/signing/did.json"))
    did_proof.verify(document, load_proof_key(prover))
    (method,) = json.loads(prover.read_text("utf-8"))["verificationMethod"]
    assert document["proof"]["verificationMethod"] == method["id"]
    assert method["id"].startswith("did:web:lists.example:trustlist:signing#")
    keys = [method["publicKeyJwk"] for method in document["verificationMethod"]]
    assert {base64.b64decode(key["x5c"][0]) for key in keys} == {own, finnish}
    for key in keys:
        certificate = x509.load_der_x509_certificate(base64.b64decode(key["x5c"][0]))
        public_key = certificate.public_key()
        assert isinstance(public_key, ec.EllipticCurvePublicKey)
        assert int.from_bytes(_decoded(key["x"]), "big") == public_key.public_numbers().x
    assert _run("trust", "show")[1].count("FI") == 1


def test_a_document_is_believed_on_the_key_of_its_proof(
    lists_key: str,  # noqa: ARG001 - the environment
    tmp_path: Path,
) -> None:
    samples = "tests/samples/gdhcn"
    document = f"{samples}/embedded.json"
    status, output = _run("trust", "import", document, "who")
    assert (status, "grounds-missing" in output) == (1, True)
    known = ("trust", "import", document, "who", "--proof-key", f"{samples}/signing.json")
    # It brings a CSCA of which nobody is signed, and which has expired.
    status, output = _run(*known)
    assert (status, "proof is of 2024-10-24T12:00:15Z" in output) == (1, True)
    assert "csca-validity" in output
    changed = tmp_path / "changed.json"
    changed.write_text(Path(document).read_text("utf-8").replace("ARM:SCA", "ARN:SCA"), "utf-8")
    status, output = _run("trust", "import", str(changed), *known[3:])
    assert (status, "proof-invalid" in output) == (1, True)


def test_the_trust_anchor_of_the_gateway_says_whom_to_believe(
    lists_key: str,  # noqa: ARG001 - the environment
    tmp_path: Path,
) -> None:
    anchor, uploader, finnish = Uploader("EU"), Uploader("FI"), FINLAND.dsc()
    csca, upload = der(FINLAND.csca), der(uploader.certificate)
    file = _list_file(
        tmp_path,
        entry("CSCA", csca, "FI", signature=anchor.signed(csca)),
        entry("UPLOAD", upload, "FI", signature=anchor.signed(upload)),
        entry("DSC", finnish, "FI", signature=uploader.signed(finnish)),
        entry("DSC", FINLAND.dsc(3), "FI", signature=uploader.signed(finnish)),
    )
    pem = tmp_path / "anchor.pem"
    pem.write_bytes(anchor.certificate.public_bytes(Encoding.PEM))
    status, output = _run("trust", "import", file, "gateway", "--trust-anchor", str(pem))
    assert (status, "1 signers trusted, 1 entries refused" in output) == (0, True)
    assert "signature-invalid" in output
    assert "not checked" not in output


def test_who_is_forgotten_is_published_no_more(lists_key: str, tmp_path: Path) -> None:
    entries = (entry("CSCA", der(FINLAND.csca), "FI"), entry("DSC", FINLAND.dsc(), "FI"))
    _run("trust", "import", _list_file(tmp_path, *entries), "gateway", "--believe-list")
    _run("trust", "publish")
    assert len(_payload(lists_key)["signers"]) == 2
    assert _run("trust", "forget", "gateway")[0] == 0
    _run("trust", "publish")
    assert [one["country"] for one in _payload(lists_key)["signers"]] == ["FR"]
    status, output = _run("trust", "forget", "gateway")
    assert (status, "source-unknown" in output) == (1, True)


def test_who_is_overtaken_publishes_nothing(
    lists_key: str,  # noqa: ARG001 - the environment
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = SignerParameters.trusted_certificates

    def overtaken(parameters: SignerParameters) -> list[bytes]:
        found = own(parameters)
        with monkeypatch.context() as undone:
            undone.setattr(SignerParameters, "trusted_certificates", own)
            assert _run("pki", "dsc", "issue", "--replace")[0] == 0
            assert _run("trust", "publish")[0] == 0
        return found

    monkeypatch.setattr(SignerParameters, "trusted_certificates", overtaken)
    status, output = _run("trust", "publish")
    assert (status, "list-contended" in output) == (1, True)
    assert "FR      | 2" in _run("trust", "show")[1].replace("│", "|")


def test_a_list_of_nobody_replaces_no_import(lists_key: str, tmp_path: Path) -> None:
    good = (entry("CSCA", der(FINLAND.csca), "FI"), entry("DSC", FINLAND.dsc(), "FI"))
    _run("trust", "import", _list_file(tmp_path, *good), "gateway", "--believe-list")
    other = tmp_path / "csca.der"
    other.write_bytes(der(Country("FI", start=FINLAND.start).csca))
    # The CSCA that the operator believes is another one.
    file = _list_file(tmp_path, *good)
    status, output = _run("trust", "import", file, "gateway", "--csca", str(other))
    assert (status, "csca-unknown" in output) == (1, True)
    _run("trust", "publish")
    assert len(_payload(lists_key)["signers"]) == 2


@pytest.mark.parametrize("content", [b"{", b"1", b"[" * 100_000])
def test_what_is_no_list_is_told(lists_key: str, tmp_path: Path, content: bytes) -> None:
    assert lists_key
    path = tmp_path / "list.json"
    path.write_bytes(content)
    status, output = _run("trust", "import", str(path), "gateway", "--believe-list")
    assert (status, "list-json" in output) == (1, True)
