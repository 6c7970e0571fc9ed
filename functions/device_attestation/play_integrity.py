"""What a token of Play Integrity must say.

Source: Google's "Integrity verdicts": `requestDetails`, `appIntegrity`, `deviceIntegrity`. Tokens
are decrypted and verified here, so that Google does not learn when a phone uploads.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from device_attestation.encrypted_token import decrypted
from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.tracing import compact_jws

if TYPE_CHECKING:
    from vigie.attestation.play_key_pair import PlayKeyPair

_MOST_CHARACTERS = 8192
_RECOGNISED = "PLAY_RECOGNIZED"
# A phone's clock is Google's here, and both may differ from ours a little.
_AHEAD = timedelta(seconds=30)


class _RequestDetails(Frozen):
    """What the app asked; a classic request has a nonce, a standard one a hash."""

    package: str = Field(alias="requestPackageName", max_length=255)
    nonce: str = Field("", max_length=500)
    request_hash: str = Field("", alias="requestHash", max_length=500)
    milliseconds: int = Field(alias="timestampMillis", ge=0, le=2**43)


class _AppIntegrity(Frozen):
    """Which app asked, and whether Play knows it."""

    verdict: str = Field(alias="appRecognitionVerdict", max_length=64)
    package: str = Field("", alias="packageName", max_length=255)
    certificates: tuple[str, ...] = Field((), alias="certificateSha256Digest", max_length=16)


class _DeviceIntegrity(Frozen):
    """What Play thinks of the device."""

    labels: tuple[str, ...] = Field((), alias="deviceRecognitionVerdict", max_length=16)


class _Token(Frozen):
    """The payload."""

    request: _RequestDetails = Field(alias="requestDetails")
    app: _AppIntegrity = Field(alias="appIntegrity")
    device: _DeviceIntegrity = Field(alias="deviceIntegrity")


class PlayPolicy(Frozen):
    """Which tokens are good.

    Attributes:
        package: name of the app's package.
        certificates: SHA-256 of the certificates that may sign the app, base64url.
        labels: of the device, one of which is enough.
        lifetime: how old a token may be.
    """

    package: str
    certificates: tuple[str, ...]
    labels: tuple[str, ...]
    lifetime: timedelta


def check(token: str, body_hash: str, keys: PlayKeyPair, policy: PlayPolicy, now: datetime) -> None:
    """Check that a token vouches for a body.

    Args:
        token: a JWE around a JWS.
        body_hash: SHA-256 of the body, base64url without padding.
        keys: of the app.
        policy: which tokens are good.
        now: the time, aware.

    Raises:
        Rejected: `jwe-…`, `jws-…`, `play-signature`, `play-payload`, `play-package`,
            `play-body`, `play-time`, `play-app`, `play-certificate` or `play-device`.
    """
    said = _read(token, keys)
    issued = datetime.fromtimestamp(said.request.milliseconds / 1000, UTC)
    rules = (
        ("play-package", said.request.package == policy.package),
        ("play-body", _is_of(said.request, body_hash)),
        ("play-time", -_AHEAD <= now - issued <= policy.lifetime),
        ("play-app", said.app.verdict == _RECOGNISED and said.app.package == policy.package),
        ("play-certificate", bool({*said.app.certificates} & {*policy.certificates})),
        ("play-device", bool({*said.device.labels} & {*policy.labels})),
    )
    for rule, holds in rules:
        if not holds:
            raise Rejected(rule, "the token breaks a rule")


def _read(token: str, keys: PlayKeyPair) -> _Token:
    if len(token) > _MOST_CHARACTERS:
        raise Rejected("jwe-form", "the token is too long")
    try:
        signed = decrypted(token, keys.decrypting).decode("ascii")
    except UnicodeDecodeError:
        raise Rejected("jws-form", "it is not a JWS in compact form") from None
    jws = compact_jws.read(signed, _MOST_CHARACTERS)
    if not jws.is_by(keys.verifying):
        raise Rejected("play-signature", "another key signed the token")
    try:
        return _Token.model_validate(jws.claims())
    except ValidationError:
        raise Rejected("play-payload", "the token does not say what is needed") from None


def _is_of(request: _RequestDetails, body_hash: str) -> bool:
    # Google pads a nonce or not.
    vouched = (request.request_hash or request.nonce).rstrip("=")
    return hmac.compare_digest(vouched.encode(), body_hash.encode())
