"""A token is one that the issuer signed, for this, and not yet over."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laboratory_uploads.access_token import AccessTokens
from laboratory_uploads.signing_keys import SigningKeys
from tests.functions.laboratory_uploads.tokens import ISSUER, KID, SCOPE, jwk_set, token
from vigie.errors import Rejected, Unavailable

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = NOW.timestamp() + 3600


class Issuer:
    """Publishes keys, and counts who asks."""

    def __init__(self, *kids: str) -> None:
        self.kids = kids
        self.asked = 0
        self.seconds = 0.0
        self.keys = SigningKeys("https://issuer", self.fetch, lambda: self.seconds)
        self.tokens = AccessTokens(self.keys, ISSUER, SCOPE)

    def fetch(self, _: str) -> bytes:
        self.asked += 1
        return jwk_set(*self.kids)

    def judged(self, text: str) -> str:
        """The client, or the code of the refusal."""
        try:
            return self.tokens.client_of(text, NOW)
        except Rejected as refused:
            return refused.code


def test_a_token_says_whose_it_is() -> None:
    assert Issuer().judged(token("lilas", LATER)) == "lilas"
    assert Issuer().judged(token("lilas", LATER, scope=f"other/x {SCOPE}")) == "lilas"


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (token("lilas", NOW.timestamp()), "token-refused"),
        (token("lilas", LATER, iss=f"{ISSUER}2"), "token-refused"),
        (token("lilas", LATER, token_use="id"), "token-refused"),
        (token("lilas", LATER, exp="never"), "token-refused"),
        (token("lilas", LATER, client_id=None), "token-refused"),
        (token("lilas", LATER, {"alg": "none"}), "token-refused"),
        (token("lilas", LATER, {"alg": "HS256"}), "token-refused"),
        (token("lilas", LATER, {"kid": "key-2"}), "token-refused"),
        (token("lilas", LATER, {"kid": [KID]}), "token-refused"),
        (token("lilas", LATER, scope="laboratories/others"), "scope-missing"),
        (token("lilas", LATER, scope=f"{SCOPE}s"), "scope-missing"),
        (token("lilas", LATER) + "A" * 4096, "token-refused"),
        (f"{token('lilas', LATER)}é", "token-refused"),
    ],
)
def test_what_is_wrong_with_a_token_refuses_it(bad: str, code: str) -> None:
    assert Issuer().judged(bad) == code


def test_a_token_that_is_signed_with_the_public_key_as_a_secret_is_refused() -> None:
    header, claims, _ = token("lilas", LATER, {"alg": "HS256"}).split(".")
    mac = hmac.digest(jwk_set(), f"{header}.{claims}".encode(), hashlib.sha256)
    signature = base64.urlsafe_b64encode(mac).decode().rstrip("=")
    assert Issuer().judged(f"{header}.{claims}.{signature}") == "token-refused"


@given(st.integers(0, 2), st.data())
def test_no_part_of_a_token_can_be_changed(part: int, data: st.DataObject) -> None:
    parts = token("lilas", LATER).split(".")
    content = bytearray(base64.urlsafe_b64decode(parts[part] + "=="))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    parts[part] = base64.urlsafe_b64encode(content).decode().rstrip("=")
    assert Issuer().judged(".".join(parts)) == "token-refused"


@given(st.text(max_size=200) | st.lists(st.binary(max_size=60), min_size=3, max_size=3))
def test_whatever_stands_for_a_token_is_refused(text: str | list[bytes]) -> None:
    if not isinstance(text, str):
        text = ".".join(base64.urlsafe_b64encode(part).decode() for part in text)
    assert Issuer().judged(text) == "token-refused"


def test_keys_are_asked_for_once_an_hour_and_for_a_new_one_once_a_minute() -> None:
    issuer = Issuer()
    for _ in range(3):
        assert issuer.keys.key(KID) is not None
        assert issuer.keys.key("invented") is None
    assert issuer.asked == 1
    issuer.kids = ("key-2", KID)
    issuer.seconds = 60
    assert issuer.keys.key("key-2") is not None
    assert issuer.asked == 2
    issuer.seconds = 60 + 3599
    assert issuer.keys.key(KID) is not None
    assert issuer.asked == 2
    issuer.seconds = 60 + 3600
    issuer.kids = ("key-2",)
    assert issuer.keys.key(KID) is None


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", json.dumps({"keys": [{}]}).encode()])
def test_an_issuer_without_keys_is_not_available(document: bytes) -> None:
    with pytest.raises(Unavailable):
        SigningKeys("https://issuer", lambda _: document).key(KID)
