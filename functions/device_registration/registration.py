"""Registering a key: Apple vouches for it, and it is kept."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from device_registration.attestation_object import public_key_of
from vigie.attestation.device_key import LIFETIME, DeviceKey
from vigie.errors import Rejected
from vigie.tracing.base64_text import decoded

if TYPE_CHECKING:
    from datetime import datetime

    from device_registration.attestation_object import Apple
    from device_registration.challenge import Challenges
    from device_registration.registration_request import KeyRegistration
    from vigie.attestation.device_key import DeviceKeyStore


class Registration:
    """Registers keys.

    Args:
        challenges: knows those that were given.
        apple: what is believed.
        devices: keeps keys.
    """

    def __init__(self, challenges: Challenges, apple: Apple, devices: DeviceKeyStore) -> None:
        self._challenges = challenges
        self._apple = apple
        self._devices = devices

    def register(self, request: KeyRegistration, now: datetime) -> datetime:
        """Register a key; gives when it ends. The same request again changes nothing.

        Args:
            request: read.
            now: the time, aware.

        Raises:
            Rejected: the rule that the request breaks.
            Unavailable: KMS or the table did not answer.
        """
        challenge = _bytes(request.challenge, "challenge")
        self._challenges.check(challenge, now)
        public_key = public_key_of(
            _bytes(request.attestation, "attestation-form"),
            base64.b64decode(request.key_id),
            challenge,
            self._apple,
            now,
        )
        # A whole day: the end is to tell nobody at what time of which day a key was made.
        ends = (now + LIFETIME).replace(hour=0, minute=0, second=0, microsecond=0)
        key = DeviceKey(key_id=request.key_id, public_key=public_key, expires_at=ends)
        self._devices.keep(key)
        return ends


def _bytes(text: str, rule: str) -> bytes:
    content = decoded(text)
    if content is None:
        raise Rejected(rule, "it is not base64")
    return content
