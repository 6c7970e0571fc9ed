"""The operator's commands install certificates, and show what became of batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from typer.testing import CliRunner

from cli.main import app
from tests.functions.federation.authority import authority, country, issued
from tests.functions.federation.gateway_double import Given, Upload, kept_served
from tests.functions.federation.world import NOW, World, key_of
from vigie import aws
from vigie.certificates.document_signer import DocumentSigner
from vigie.federation.credentials import read_credentials
from vigie.federation.gateway import GATEWAYS
from vigie.tracing import release

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def world(
    mocked_aws: None,  # noqa: ARG001 - the account that the world is in
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    monkeypatch.setattr(release, "SHARDS", 1)
    world = World(kept_served())
    value = GATEWAYS.dump_json((world.efgs,)).decode()
    for name, text in (("federation/gateways", value), ("tables/federation", "federation")):
        aws.ssm().put_parameter(Name=f"/vigie/test/{name}", Value=text, Type="String")
    return world


@pytest.fixture
def client(tmp_path: Path) -> list[str]:
    """Options with the files of a client certificate."""
    party = issued("Client")
    contents = {
        "certificate": party.pem,
        "private-key": party.key_pem,
        "authorities": authority().pem,
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
    return [part for name in contents for part in (f"--{name}", str(tmp_path / name))]


def run(*arguments: str) -> tuple[int, str, str]:
    answer = CliRunner().invoke(app, ["federation", *arguments], env={"VIGIE_ENVIRONMENT": "test"})
    return answer.exit_code, answer.stdout, answer.stderr


def test_a_signer_is_made_by_its_key_and_printed_to_be_registered(world: World) -> None:
    assert world.records() == []
    created = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    arn = created["KeyMetadata"]["Arn"]
    status, pem, told = run("install", "signer", "--organisation", "Ministère", "--key", arn)
    assert status == 0
    printed = x509.load_pem_x509_certificate(pem.encode())
    value = aws.ssm().get_parameter(Name="/vigie/test/federation/signer")["Parameter"]["Value"]
    signer = DocumentSigner.model_validate_json(value)
    assert x509.load_der_x509_certificate(signer.der) == printed
    assert told.startswith("thumbprint ")


def test_a_certificate_of_another_key_is_not_installed(
    world: World, client: list[str], tmp_path: Path
) -> None:
    aws.secretsmanager().create_secret(Name="vigie-test-federation-efgs")
    assert run("install", "tls", world.efgs.name, *client)[0] == 0
    installed = read_credentials(aws.secretsmanager(), "vigie-test-federation-efgs")
    assert installed.certificate == issued("Client").pem
    (tmp_path / "private-key").write_text(issued("Gateway").key_pem)
    status, _, told = run("install", "tls", "efgs", *client)
    assert (status, told.partition(":")[0]) == (1, "credentials-tls")
    created = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    key = ("--key", created["KeyMetadata"]["Arn"])
    status, _, told = run("install", "signer", "--certificate", client[1], *key)
    assert (status, told.partition(":")[0]) == (1, "signer-key")


def test_a_batch_is_shown_with_what_the_gateway_says_of_it(world: World, client: list[str]) -> None:
    upload = Upload.of(country("DE"), "DE", [key_of(1), key_of(2, rolling_period=0)])
    world.double.batches = [Given(NOW.date(), "t-1", [upload])]
    world.download()
    status, shown, _ = run("status")
    assert status == 0
    assert "rolling-period 1" in shown
    assert f"downloaded: day {NOW.date()}, batch t-1" in shown
    status, shown, _ = run("audit", "efgs", str(NOW.date()), "t-1", *client)
    assert status == 0
    assert f"DE 2 keys, signed by {country('DE').thumbprint}, registered" in shown
    assert run("audit", "efgs", str(NOW.date()), "t-2")[2].startswith("batch-unknown")


def test_keys_of_a_country_that_the_settings_do_not_name_are_no_difference(
    world: World, client: list[str]
) -> None:
    uploads = [Upload.of(country(code), code, [key_of(1, code)]) for code in ("DE", "ES")]
    world.double.batches = [Given(NOW.date(), "t-1", uploads)]
    world.download()
    status, shown, _ = run("audit", "efgs", str(NOW.date()), "t-1", *client)
    assert status == 0
    assert "ES 1 keys" in shown
