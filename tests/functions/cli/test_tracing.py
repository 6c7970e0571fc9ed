"""The operator's commands give the key that exports verify with, and verify one."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.functions.key_export.world import FIRST_DUE, World
from tests.functions.resources import objects
from vigie import aws
from vigie.tracing import release

if TYPE_CHECKING:
    from pathlib import Path


KEYS = [
    {
        "id": "208",
        "version": "v1",
        "alias": "alias/vigie-test-export",
        "since": None,
        "until": "2999-01-01T00:00:00Z",
    },
    {
        "id": "208",
        "version": "v2",
        "alias": "alias/vigie-test-export-v2",
        "since": "2998-12-01T00:00:00Z",
        "until": None,
    },
]


@pytest.fixture
def world(
    mocked_aws: None,  # noqa: ARG001 - the account that the world is in
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    monkeypatch.setattr(release, "SHARDS", 1)
    world = World()
    aws.kms().create_alias(
        AliasName="alias/vigie-test-export", TargetKeyId=world.settings.signing_key_arn
    )
    aws.ssm().put_parameter(
        Name="/vigie/test/tracing/verification-keys", Value=json.dumps(KEYS), Type="String"
    )
    return world


@pytest.fixture
def export(world: World, tmp_path: Path) -> Path:
    """An export of eight keys, downloaded."""
    world.release(range(8))
    world.run(FIRST_DUE)
    path = tmp_path / "export.zip"
    path.write_bytes(objects("exports")[world.index()])
    return path


def run(*arguments: str) -> tuple[int, str, str]:
    answer = CliRunner().invoke(app, ["tracing", *arguments], env={"VIGIE_ENVIRONMENT": "test"})
    return answer.exit_code, answer.stdout, answer.stderr


def test_the_public_key_comes_with_the_names_that_phones_know_it_by(
    export: Path, tmp_path: Path
) -> None:
    status, pem, names = run("public-key")
    assert status == 0
    assert pem.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert names.splitlines() == [
        "verification_key_id: 208",
        "verification_key_version: v1",
        "signature_algorithm: 1.2.840.10045.4.3.2",
    ]
    key = tmp_path / "public.pem"
    key.write_text(pem)
    assert run("verify", str(export), "--public-key", str(key))[0] == 0


def test_an_export_is_verified_with_the_key_of_its_environment(export: Path) -> None:
    status, said, _ = run("verify", str(export))
    assert status == 0
    start = FIRST_DUE - timedelta(hours=6)
    assert said.splitlines() == [
        f"released from {start.isoformat()} to {(start + timedelta(hours=4)).isoformat()}",
        "signed by 208 v1",
        "8 keys, 0 revised keys",
    ]


def test_the_keys_that_sign_are_listed_with_their_time(world: World) -> None:
    status, listed, _ = run("verification-keys")
    assert status == 0
    assert listed.splitlines() == [
        "208 v1 always 2999-01-01T00:00:00+00:00 signs",
        "208 v2 2998-12-01T00:00:00+00:00 - does not sign",
    ]
    aws.kms().create_alias(
        AliasName="alias/vigie-test-export-v2", TargetKeyId=world.settings.signing_key_arn
    )
    status, _, names = run("public-key", "--version", "v2")
    assert (status, names.splitlines()[1]) == (0, "verification_key_version: v2")
    assert run("public-key", "--version", "v3")[0] == 1


def test_what_is_not_signed_by_the_key_is_refused(export: Path) -> None:
    other = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    status, _, said = run("verify", str(export), "--key", other["KeyMetadata"]["Arn"])
    assert (status, said.partition(":")[0]) == (1, "export-signature")
    export.write_bytes(b"no zip")
    status, _, said = run("verify", str(export))
    assert (status, said.partition(":")[0]) == (1, "export-zip")


def test_a_file_that_is_no_public_key_is_refused(export: Path) -> None:
    for name in (str(export), "missing.pem"):
        assert run("verify", str(export), "--public-key", name)[0] == 1
