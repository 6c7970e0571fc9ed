"""Judging what a request brings to show that it comes from the app on a real device.

Two headers: `x-attestation`, the name of a scheme and what its device made, and
`x-attested-body`, the SHA-256 of the body that it vouches for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from device_attestation import assertion, play_integrity
from vigie.attestation.verdict import Verdict
from vigie.errors import Rejected, Unavailable
from vigie.tracing.base64_text import decoded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from device_attestation.play_integrity import PlayPolicy
    from device_attestation.play_keys import PlayKeys
    from vigie.attestation.device_key import DeviceKeyStore

_ATTESTATION, _BODY = "x-attestation", "x-attested-body"
_SHA256 = re.compile(r"[A-Za-z0-9_-]{43}")
# A key of App Attest, by its name: SHA-256, base64.
_KEY_ID = re.compile(r"[A-Za-z0-9+/]{43}=")
_PLAY_INTEGRITY, _APP_ATTEST = "play-integrity", "app-attest"


class Judgement(NamedTuple):
    """Of one request.

    Attributes:
        verdict: what is made of it.
        reason: the rule that it breaks, or what did not answer; it names no device.
        body_hash: that a device vouched for; empty if none did.
    """

    verdict: Verdict
    reason: str = ""
    body_hash: str = ""


class Judge:
    """Judges requests.

    Args:
        keys: of Play Integrity.
        policy: which tokens of Play Integrity are good.
        devices: the keys of App Attest.
        apps: the App IDs of App Attest.
    """

    def __init__(
        self, keys: PlayKeys, policy: PlayPolicy, devices: DeviceKeyStore, apps: Sequence[str]
    ) -> None:
        self._keys = keys
        self._policy = policy
        self._devices = devices
        self._apps = apps

    def judge(self, headers: Mapping[str, str], now: datetime) -> Judgement:
        """The judgement of a request.

        Args:
            headers: by their names in lower case.
            now: the time, aware.
        """
        body_hash = headers.get(_BODY, "")
        scheme, _, made = headers.get(_ATTESTATION, "").partition(" ")
        try:
            self._check(scheme, made, body_hash, now)
        except Rejected as broken:
            return Judgement(Verdict.BAD, broken.code)
        except Unavailable as failed:
            return Judgement(Verdict.UNKNOWN, failed.code)
        return Judgement(Verdict.GOOD, body_hash=body_hash)

    def _check(self, scheme: str, made: str, body_hash: str, now: datetime) -> None:
        if not scheme:
            raise Rejected("missing", "the request has no attestation")
        if not _SHA256.fullmatch(body_hash):
            raise Rejected("body-hash", "it is not the SHA-256 of a body")
        if scheme == _PLAY_INTEGRITY and self._policy.package:
            play_integrity.check(made, body_hash, self._keys.pair(), self._policy, now)
        elif scheme == _APP_ATTEST and self._apps:
            self._check_assertion(made, body_hash, now)
        else:
            raise Rejected("scheme", "no such attestation is taken")

    def _check_assertion(self, made: str, body_hash: str, now: datetime) -> None:
        key_id, _, text = made.partition(" ")
        if not _KEY_ID.fullmatch(key_id):
            raise Rejected("key-id", "it is not the name of a key")
        read = assertion.read(text)
        device = self._devices.find(key_id, now)
        if device is None:
            raise Rejected("key-unknown", "the key is not registered")
        counter = assertion.counter_of(
            read, decoded(body_hash) or b"", device.public_key, self._apps
        )
        if not self._devices.count(key_id, counter):
            raise Rejected("counter", "a later assertion was seen")
