"""A Google Wallet pass: a signed JWT that the phone hands to Google.

It is a generic private pass, Google's kind for health and other sensitive data: the whole pass
stands in the token, there is no class, and only a phone with a screen lock takes it.

Source: Google Wallet API, "Generic private pass" and its reference, "JSON Web Tokens" and "Add to
Google Wallet"; tokens: RFC 7519, RFC 7518 section 3.3 (RS256).
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from vigie.errors import Rejected
from vigie.lists.list_signer import base64url
from vigie.model import Frozen
from vigie.results.codes import Language
from vigie.wallets.pass_content import Field, PassContent
from vigie.wallets.serial import serial_of
from vigie.wallets.wording import Word, Wording, wording

# Google's safe length of an encoded JWT: browsers may cut a longer link.
MOST_CHARACTERS = 1800
TOO_LONG = "wallet-length"

_LINK = "https://pay.google.com/gp/v/save/"
_HEADER = {"alg": "RS256", "typ": "JWT"}
# RSA of 2,048 bits: 256 bytes, in base64.
_SIGNATURE_CHARACTERS = 342
_SHORTEST_NAME = 8


class Issuer(Frozen):
    """Who issues passes.

    Attributes:
        issuer_id: Google's number of the issuer's account.
        service_account: e-mail address of the account whose key signs.
        origin: where the link is shown, such as `https://vigie.example`.
    """

    issuer_id: str
    service_account: str
    origin: str


def signing_input(content: PassContent, issuer: Issuer, language: Language, now: datetime) -> str:
    """The token without its signature.

    The code stands in it whole. What there is no room for beside it is left out: lines, the last
    one first, and then the end of the name; who scans the code reads them there.

    Args:
        content: what the pass shows.
        issuer: who issues it.
        language: of its words.
        now: the time, aware.

    Raises:
        Rejected: `wallet-length`, the certificate leaves no room for a name.
    """
    for shown in _ever_shorter(content, language):
        claims = _claims(shown, issuer, serial_of(content.hcert), now)
        token = f"{_part(_HEADER)}.{_part(claims)}"
        if len(token) + 1 + _SIGNATURE_CHARACTERS <= MOST_CHARACTERS:
            return token
    raise Rejected(TOO_LONG, "the certificate is too long for Google's link")


def digest(token: str) -> bytes:
    """What is signed with RSA: the SHA-256 of a token without its signature."""
    return hashlib.sha256(token.encode()).digest()


def save_link(token: str, signature: bytes) -> str:
    """The link that adds the pass to a wallet."""
    return f"{_LINK}{token}.{base64url(signature)}"


def _ever_shorter(content: PassContent, language: Language) -> Iterator[dict[str, Any]]:
    """The pass, and shorter and shorter ones."""
    rows = [_row(number, field, language) for number, field in enumerate(content.front)]
    for left in range(len(rows), -1, -1):
        yield _shown(content, content.name, rows[:left], language)
    for length in range(len(content.name) - 1, _SHORTEST_NAME, -1):
        yield _shown(content, f"{content.name[:length].rstrip()}…", [], language)


def _shown(
    content: PassContent, name: str, rows: list[dict[str, str]], language: Language
) -> dict[str, Any]:
    return {
        "header": _localized(wording(language)[content.title], language),
        "title": _localized(name, language),
        "barcode": {"type": "QR_CODE", "value": content.hcert},
        **({"textModulesData": rows} if rows else {}),
    }


def _claims(shown: dict[str, Any], issuer: Issuer, serial: str, now: datetime) -> dict[str, Any]:
    return {
        "iss": issuer.service_account,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(now.timestamp()),
        "origins": [issuer.origin],
        "payload": {"genericPrivatePasses": [{"id": f"{issuer.issuer_id}.{serial}", **shown}]},
    }


def _row(number: int, field: Field, language: Language) -> dict[str, str]:
    words = wording(language)
    return {"id": str(number), "header": words[field.label], "body": _text(field, words)}


def _text(field: Field, words: Wording) -> str:
    match field.value:
        case Word() as word:
            return words[word]
        case datetime() as instant:
            return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        case date() as day:
            return day.isoformat()
        case text:
            return text


def _localized(text: str, language: Language) -> dict[str, dict[str, str]]:
    return {"defaultValue": {"language": language.value, "value": text}}


def _part(value: object) -> str:
    return base64url(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
