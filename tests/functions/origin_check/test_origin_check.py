"""Only who knows the secret, or the one before it, comes in."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto import mock_aws

from origin_check import handler as door
from vigie import aws
from vigie.errors import Unavailable
from vigie.http.origin_secret import HEADER, OriginSecret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_secretsmanager.client import SecretsManagerClient

SAMPLE = Path(__file__).parents[3] / "events" / "origin_check" / "authorize.json"


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> "Iterator[SecretsManagerClient]":
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    aws.forget_clients()
    with mock_aws():
        yield aws.secretsmanager()
    aws.forget_clients()


class Clock:
    """Seconds that a test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_current_and_the_previous_value_are_known(secrets: "SecretsManagerClient") -> None:
    arn = secrets.create_secret(Name="origin", SecretString="first")["ARN"]
    clock = Clock()
    secret = OriginSecret(secrets, [arn], clock)
    assert secret.knows("first")
    for stranger in ("", "firs", "first ", "second", "é", "\ud800"):
        assert not secret.knows(stranger)
    secrets.put_secret_value(SecretId=arn, SecretString="second")
    clock.now += 11
    assert secret.knows("second")
    assert secret.knows("first")
    secrets.put_secret_value(SecretId=arn, SecretString="third")
    clock.now += 301
    assert [secret.knows(value) for value in ("first", "second", "third")] == [False, True, True]


def test_the_old_and_the_new_secret_are_known_while_cloudfront_changes(
    secrets: "SecretsManagerClient",
) -> None:
    arns = [
        secrets.create_secret(Name=name, SecretString=f"value {name}")["ARN"]
        for name in ("origin-1", "origin-2")
    ]
    both, new = OriginSecret(secrets, arns, Clock()), OriginSecret(secrets, arns[1:], Clock())
    assert [both.knows(f"value origin-{number}") for number in (1, 2, 3)] == [True, True, False]
    assert [new.knows(f"value origin-{number}") for number in (1, 2, 3)] == [False, True, False]


def test_strangers_do_not_make_it_ask_at_every_request(secrets: "SecretsManagerClient") -> None:
    arn = secrets.create_secret(Name="origin", SecretString="first")["ARN"]
    secret = OriginSecret(secrets, [arn], Clock())
    assert secret.knows("first")
    secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    assert not any(secret.knows("stranger") for _ in range(100))
    assert secret.knows("first")


def test_what_was_known_serves_while_it_cannot_be_read(secrets: "SecretsManagerClient") -> None:
    arn = secrets.create_secret(Name="origin", SecretString="first")["ARN"]
    clock = Clock()
    secret = OriginSecret(secrets, [arn], clock)
    assert secret.knows("first")
    secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    clock.now += 301
    assert secret.knows("first")
    assert not secret.knows("stranger")
    with pytest.raises(Unavailable):
        OriginSecret(secrets, [arn], clock).knows("first")


def test_the_door(
    secrets: "SecretsManagerClient",
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arn = secrets.create_secret(Name="origin", SecretString="sample")["ARN"]
    monkeypatch.setenv("ORIGIN_SECRET_ARNS", arn)
    door._secret.cache_clear()
    event = json.loads(SAMPLE.read_text(encoding="utf-8"))
    assert door.handler(event, LambdaContext()) == {"isAuthorized": True}
    for headers in ({}, {HEADER: ""}, {HEADER: "x" * 5000}, {HEADER: "canary"}):
        assert door.handler(event | {"headers": headers}, LambdaContext()) == {
            "isAuthorized": False
        }
    door._secret.cache_clear()
    assert "canary" not in capsys.readouterr().out
