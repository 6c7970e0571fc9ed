"""Google Wallet passes, read by a library of JWT that is not ours."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.unit.dcc.issuing import issuer_of
from tests.unit.wallets.certificates import (
    ENTRIES,
    NOW,
    TEST,
    Keys,
    google_signer,
    text_of,
)
from tests.unit.wallets.kms import signing_kms
from vigie.dcc.certificate import Entry
from vigie.dcc.signer import by_kid
from vigie.dcc.value_sets import shipped
from vigie.dcc.verification import verify
from vigie.errors import Rejected, Unavailable
from vigie.results.codes import Language
from vigie.wallets.google_pass import MOST_CHARACTERS
from vigie.wallets.google_wallet import GoogleWallet
from vigie.wallets.pass_content import PassContent, pass_content

_WALLET = GoogleWallet(signing_kms())
_LINK = "https://pay.google.com/gp/v/save/"
_KEY = RSAKey.import_key(Keys.passes.public_key())


def _content(entry: Entry) -> PassContent:
    return pass_content(text_of(entry), shipped())


def _claims(content: PassContent) -> dict[str, Any]:
    link = _WALLET.link_of(content, google_signer(), Language.FRENCH, NOW)
    token = link.removeprefix(_LINK)
    assert len(token) <= MOST_CHARACTERS
    read = jwt.decode(token, _KEY, algorithms=["RS256"])
    assert read.header == {"alg": "RS256", "typ": "JWT"}
    return read.claims


def _pass(content: PassContent) -> dict[str, Any]:
    (only,) = _claims(content)["payload"]["genericPrivatePasses"]
    assert isinstance(only, dict)
    return only


def test_the_link_is_a_token_that_google_takes() -> None:
    claims = _claims(_content(TEST))
    del claims["payload"]
    assert claims == {
        "iss": "passes@vigie-example.iam.gserviceaccount.com",
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(NOW.timestamp()),
        "origins": ["https://vigie.example"],
    }


@pytest.mark.parametrize("group", ENTRIES)
def test_the_code_of_each_kind_fits_and_is_verified(group: str) -> None:
    shown = _pass(_content(ENTRIES[group]))
    assert shown["barcode"]["type"] == "QR_CODE"
    verified = verify(shown["barcode"]["value"], by_kid([issuer_of().signer]), at=NOW)
    assert verified.trusted
    title = shown["title"]["defaultValue"]
    assert title == {"language": "fr", "value": "Zoé Maëlle Lefèvre-d'Aubigné"}
    assert shown["header"]["defaultValue"]["value"].startswith("Certificat de ")
    assert shown["id"].startswith("3388000000022212345.")


def test_what_there_is_room_for_stands_beside_the_code() -> None:
    roomy = replace(_content(TEST), hcert="HC1:" + "A" * 100)
    assert _pass(roomy)["textModulesData"] == [
        {"id": "0", "header": "Résultat", "body": "Négatif"},
        {"id": "1", "header": "Date de naissance", "body": "1988-02-29"},
        {"id": "2", "header": "Prélèvement", "body": "2021-07-01 00:00 UTC"},
    ]


def test_the_longest_name_is_cut_and_the_code_is_not() -> None:
    # Two bytes a letter.
    content = replace(_TEMPLATE, hcert="HC1:" + "A" * 620, name="Ω" * 80 + " " + "Ψ" * 80)
    shown = _pass(content)
    assert shown["barcode"]["value"] == content.hcert
    assert shown["title"]["defaultValue"]["value"].endswith("…")


def test_a_certificate_that_fills_the_link_alone_is_refused() -> None:
    with pytest.raises(Rejected) as refused:
        _claims(replace(_content(TEST), hcert="HC1:" + "A" * 900))
    assert refused.value.code == "wallet-length"


@given(name=st.text(min_size=1, max_size=161), length=st.integers(0, 700))
@settings(max_examples=60, deadline=None)
def test_any_name_and_code_fit_or_are_refused(name: str, length: int) -> None:
    content = replace(_TEMPLATE, name=name, hcert="HC1:" + "A" * length)
    try:
        shown = _pass(content)
    except Rejected:
        assert length > 500
        return
    assert shown["barcode"]["value"] == content.hcert
    written = shown["title"]["defaultValue"]["value"]
    assert name.startswith(written.removesuffix("…").rstrip()) or written == name


def test_a_link_is_not_signed_after_the_end_of_its_certificate() -> None:
    with pytest.raises(Unavailable, match="wallet-certificate-ended"):
        _WALLET.link_of(_TEMPLATE, google_signer(), Language.FRENCH, NOW + timedelta(days=365))


_TEMPLATE = _content(TEST)
