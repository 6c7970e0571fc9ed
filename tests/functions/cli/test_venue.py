"""The operator installs the key, prints a poster, and makes the codes of a screen."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from cli.venue import app
from vigie import aws
from vigie.venues import contact
from vigie.venues.location_part import decrypt, is_genuine, read
from vigie.venues.public_key import written_public_key
from vigie.venues.venue_code import code_bytes
from vigie.venues.venue_keys import VenueKey

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

LINK = "vigie-tracing://venue?v=0#"


@pytest.fixture
def key_arn(mocked_aws: None) -> str:
    """The key of KMS, and what the stack tells of it."""
    del mocked_aws
    arn = aws.kms().create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"][
        "Arn"
    ]
    told = {"keys/venues": arn, "venues/key-versions": "2 1", "venues/link": LINK}
    for path, value in told.items():
        aws.ssm().put_parameter(Name=f"/vigie/dev/{path}", Value=value, Type="String")
    return arn


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_codes_are_opened_by_the_key_that_was_installed(key_arn: str, tmp_path: Path) -> None:
    assert _run("codes", "--type", "1", "--secret", str(tmp_path / "s")).exit_code == 1
    assert _run("key").output.startswith("-----BEGIN PUBLIC KEY-----")
    secret = tmp_path / "venue.secret"
    arguments = ("codes", "--type", "4", "--secret", str(secret), "--hours", "1")
    runs = [_run(*arguments), _run(*arguments)]
    assert [run.exit_code for run in runs] == [0, 0]
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    private_key = VenueKey(aws.kms(), key_arn, "2").private_key()
    for run in runs:
        for line in run.output.splitlines():
            shown, link = line.split(" ")
            assert shown.endswith("+00:00")
            part = read(code_bytes(link.removeprefix(LINK)) or b"")
            location = decrypt(part, private_key)
            assert is_genuine(part, location)
            assert (location.venue_type, location.period_hours) == (4, 24)


def test_a_poster_may_have_a_contact(key_arn: str, tmp_path: Path) -> None:
    del key_arn
    callers = ec.generate_private_key(ec.SECP256R1())
    pem = tmp_path / "callers.pem"
    pem.write_text(written_public_key(callers.public_key()))
    _run("key")
    page = tmp_path / "poster.pdf"
    asked = ("poster", str(page), "--type", "1", "--contact", "33139980147,11,012345")
    assert _run(*asked).exit_code == 1
    assert _run(*asked, "--callers-key", str(pem)).exit_code == 0
    assert page.read_bytes().startswith(b"%PDF")
    assert contact.SEALED_BYTES == 65


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("--contact", "x,1,012345"), "venue-contact"),
        (("--contact", "331,1,0123"), "venue-contact"),
    ],
)
def test_a_contact_that_is_none_is_refused(
    key_arn: str, tmp_path: Path, arguments: tuple[str, ...], rule: str
) -> None:
    del key_arn
    _run("key")
    pem = tmp_path / "callers.pem"
    pem.write_text(written_public_key(ec.generate_private_key(ec.SECP256R1()).public_key()))
    run = _run("poster", str(tmp_path / "p"), "--type", "1", "--callers-key", str(pem), *arguments)
    assert run.exit_code == 1
    assert rule in run.output
