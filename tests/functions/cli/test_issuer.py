"""The operator's command lets systems of tracers issue codes, and ends it."""

from typer.testing import CliRunner

from cli.main import app
from tests.functions.resources import items
from tests.functions.verification_codes.world import World
from vigie import aws


def run(*arguments: str) -> tuple[int, str]:
    """Exit status and output of a command."""
    done = CliRunner().invoke(app, ["tracing", "issuer", *arguments, "--environment", "test"])
    return done.exit_code, done.output


def test_an_issuer_has_a_key_until_it_is_removed(mocked_aws: None) -> None:
    del mocked_aws
    world = World()
    for path, value in (
        ("tables/issuers", "issuers"),
        ("tables/codes", "codes"),
    ):
        aws.ssm().put_parameter(Name=f"/vigie/test/{path}", Value=value, Type="String")

    status, key = run("add", "ars-idf", "--quota", "5")
    assert status == 0
    assert key.strip() not in str(items("issuers"))
    body = {"testType": "confirmed"}
    assert world.said("issue", body, x_api_key=key.strip())["code"]
    # The key is shown once.
    assert run("add", "ars-idf")[0] == 1
    assert run("add", "No Name")[0] == 1
    assert run("remove", "other")[0] == 1

    assert run("remove", "ars-idf")[0] == 0
    assert world.refused("issue", body, x_api_key=key.strip()) == (401, "unauthorized")
    status, listed = run("list")
    assert status == 0
    assert "traceurs" in listed
    assert "ars-idf" not in listed
