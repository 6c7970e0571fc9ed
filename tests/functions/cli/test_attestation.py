"""An operator installs the keys of Play Integrity."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.functions.attestation.devices import Android
from vigie import aws

if TYPE_CHECKING:
    from pathlib import Path

_SECRET = "vigie-dev-play-integrity"


@pytest.mark.usefixtures("mocked_aws")
def test_keys_are_installed_whole_or_not_at_all(tmp_path: Path) -> None:
    aws.secretsmanager().create_secret(Name=_SECRET, SecretString="none yet")
    wanted = json.loads(Android().installed())
    files = {}
    for name, value in wanted.items():
        files[name] = tmp_path / name
        files[name].write_text(f"{value}\n")
    command = ["tracing", "attestation", "install"]
    swapped = [*command, "--decryption-key", str(files["verification_key"])]
    refused = CliRunner().invoke(
        app, [*swapped, "--verification-key", str(files["decryption_key"])]
    )
    assert refused.exit_code != 0
    assert wanted["decryption_key"] not in refused.output
    assert _installed() == "none yet"
    taken = [*command, "--decryption-key", str(files["decryption_key"])]
    done = CliRunner().invoke(app, [*taken, "--verification-key", str(files["verification_key"])])
    assert done.exit_code == 0, done.output
    assert json.loads(_installed()) == wanted


def _installed() -> str:
    return aws.secretsmanager().get_secret_value(SecretId=_SECRET)["SecretString"]
