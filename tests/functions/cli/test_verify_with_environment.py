"""`vigie certificate verify --environment` trusts the signers that the environment lists."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.functions.certificate_signing.world import ENVIRONMENT, VALUE_SETS, World
from tests.functions.resources import create_bucket
from tests.functions.revocation.published import publish_slices
from vigie import aws
from vigie.certificates.value_set_releases import ValueSetReleases
from vigie.dcc import hcert, value_sets
from vigie.revocation.hashes import HashType, of_certificate
from vigie.revocation.revocation_bucket import RevocationBucket
from vigie.revocation.slices import Revoked


@pytest.fixture
def text(mocked_aws: None) -> str:  # noqa: ARG001 - the account that the world is in
    """The HC1 text of a certificate that the environment has signed."""
    world = World()
    world.result()
    world.deliver()
    [certificate] = world.certificates()
    return world.text(certificate)


def _verify(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(
        app, ["certificate", "verify", *arguments, "--at", "2026-11-02"], env={"COLUMNS": "200"}
    )
    return answer.exit_code, answer.output


def test_a_certificate_of_the_environment_is_trusted(text: str) -> None:
    status, output = _verify(text, "--environment", ENVIRONMENT)
    assert (status, "The certificate is trusted." in output) == (0, True)


def test_the_value_sets_of_the_environment_are_those_in_force(text: str) -> None:
    name = f"/vigie/{ENVIRONMENT}/buckets/value-sets"
    aws.ssm().put_parameter(Name=name, Value=VALUE_SETS, Type="String")
    document = value_sets.shipped().model_dump(mode="json", by_alias=True)
    document["release"] = "without-france"
    for part in document["sets"]["country-2-codes"]["parts"]:
        part["codes"].pop("FR", None)
    ValueSetReleases(aws.s3(), VALUE_SETS).publish(json.dumps(document).encode())
    status, output = _verify(text, "--environment", ENVIRONMENT)
    assert (status, "value sets" in output, "not trusted" in output) == (1, True, True)


def test_what_the_environment_publishes_as_revoked_is_not_trusted(text: str) -> None:
    create_bucket("revocation")
    name = f"/vigie/{ENVIRONMENT}/buckets/revocation"
    aws.ssm().put_parameter(Name=name, Value="revocation", Type="String")
    contents = hcert.read(text)
    hashed = of_certificate(contents)[HashType.SIGNATURE]
    revoked = [Revoked(HashType.SIGNATURE, hashed, datetime(2030, 1, 1, tzinfo=UTC))]
    bucket = RevocationBucket(aws.s3(), "revocation")
    assert "revocations-unpublished" in _verify(text, "--environment", ENVIRONMENT)[1]
    publish_slices(bucket, contents.message.kid or b"", revoked, datetime(2026, 11, 2, tzinfo=UTC))

    status, output = _verify(text, "--environment", ENVIRONMENT)
    assert (status, "its issuer revoked it" in output) == (1, True)


def test_one_of_another_environment_is_not(text: str) -> None:
    status, output = _verify(text, "--environment", "elsewhere")
    assert (status, "kid-unknown" in output) == (1, True)


def test_somebody_must_be_trusted(text: str) -> None:
    assert _verify(text)[0] == 2
