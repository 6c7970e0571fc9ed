"""Asking for a certificate as a pass of a phone's wallet."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools.metrics import Metrics
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.functions.certificate_documents.wallet_world import START, WalletWorld
from tests.functions.certificate_documents.world import content, problem
from tests.functions.result_access.world import NAMED, NOW
from tests.unit.wallets.certificates import PASS_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

_APPLE = "application/vnd.apple.pkpass"
_GOOGLE = "application/vnd.vigie.google-wallet+json"


@pytest.fixture
def wallets(mocked_aws: None) -> Iterator[WalletWorld]:
    """An environment that gives passes, where nobody has installed a signer."""
    del mocked_aws
    yield WalletWorld()
    Metrics(namespace="test", service="test").clear_metrics()


def _pass(answer: dict[str, Any]) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content(answer))) as package:
        described: dict[str, Any] = json.loads(package.read("pass.json"))
    return described


def test_a_certificate_is_given_as_a_pass_of_apples_wallet(wallets: WalletWorld) -> None:
    wallets.install()
    wallets.accept_language = "en-GB"
    answer = wallets.draw(_APPLE)
    assert answer["headers"]["Content-Type"] == _APPLE
    assert answer["headers"]["Content-Disposition"].endswith('"certificate.pkpass"')
    shown = _pass(answer)
    assert shown["barcodes"][0]["message"] == wallets.text
    assert shown["passTypeIdentifier"] == PASS_TYPE
    assert shown["description"] == "Test certificate"
    assert NAMED.family_name not in wallets.log.getvalue()


def test_codes_are_called_as_the_value_sets_in_force_call_them(wallets: WalletWorld) -> None:
    wallets.install()
    wallets.call("disease-agent-targeted", "840539006", "Another name of it")
    back = _pass(wallets.draw(_APPLE))["generic"]["backFields"]
    assert back[0]["value"] == "Another name of it"


def test_a_certificate_is_given_as_a_link_for_googles_wallet(wallets: WalletWorld) -> None:
    wallets.install()
    link = json.loads(content(wallets.draw(_GOOGLE, share_with_google=True)))["save_url"]
    token = link.removeprefix("https://pay.google.com/gp/v/save/")
    read = jwt.decode(token, RSAKey.import_key(wallets.public_key), algorithms=["RS256"])
    (shown,) = read.claims["payload"]["genericPrivatePasses"]
    assert shown["barcode"]["value"] == wallets.text
    assert read.claims["iat"] == int(NOW.timestamp())


@pytest.mark.parametrize("agreed", [None, False, "true", 1])
def test_google_learns_nothing_of_who_has_not_agreed(wallets: WalletWorld, agreed: object) -> None:
    wallets.install()
    said: dict[str, Any] = {} if agreed is None else {"share_with_google": agreed}
    answer = wallets.draw(_GOOGLE, **said)
    expected = (422, "body-invalid") if agreed in ("true", 1) else (403, "consent-missing")
    assert (answer["statusCode"], problem(answer)) == expected
    assert wallets.tries() == 0


@pytest.mark.parametrize("media_type", [_APPLE, _GOOGLE])
def test_without_a_signer_the_answer_says_so(wallets: WalletWorld, media_type: str) -> None:
    answer = wallets.draw(media_type, share_with_google=True)
    assert (answer["statusCode"], problem(answer)) == (406, "wallet-not-configured")


@pytest.mark.parametrize("media_type", [_APPLE, _GOOGLE])
def test_an_environment_without_wallets_says_so_or_gives_the_next_form(
    wallets: WalletWorld, media_type: str
) -> None:
    wallets.wallets = {}
    answer = wallets.draw(media_type, birth_date="1999-01-01")
    assert (answer["statusCode"], problem(answer)) == (406, "wallet-not-configured")
    assert wallets.tries() == 0
    answer = wallets.draw(f"{media_type}, image/png;q=0.5")
    assert answer["headers"]["Content-Type"] == "image/png"


def test_whoever_takes_anything_gets_no_pass(wallets: WalletWorld) -> None:
    wallets.install()
    assert wallets.draw("*/*")["headers"]["Content-Type"].startswith(("image/", "application/pdf"))


def test_a_certificate_that_ends_soon_is_told_of_and_one_that_ended_signs_nothing(
    wallets: WalletWorld,
) -> None:
    wallets.install()
    wallets.certificate("test", expires_at=NOW + timedelta(days=500))
    wallets.draw(_APPLE)
    assert "wallet-certificate-ending" not in wallets.codes()
    wallets.now = START + timedelta(days=336)
    wallets.grant(expires_at=wallets.now + timedelta(days=1))
    content(wallets.draw(_APPLE))
    assert "wallet-certificate-ending" in wallets.codes()
    wallets.now = START + timedelta(days=365)
    wallets.grant(expires_at=wallets.now + timedelta(days=1))
    answer = wallets.draw(_APPLE)
    assert (answer["statusCode"], problem(answer)) == (503, "unavailable")


def test_a_certificate_that_is_too_long_for_a_link_is_told_of(
    wallets: WalletWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    wallets.install()
    monkeypatch.setattr("vigie.wallets.google_pass.MOST_CHARACTERS", 1000)
    answer = wallets.draw(_GOOGLE, share_with_google=True)
    assert (answer["statusCode"], problem(answer)) == (406, "wallet-too-small")
