"""The HTTP API: a challenge, and the registration of a key of App Attest."""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from device_registration import problem
from device_registration.log_codes import LogCode
from device_registration.registration_request import (
    GivenChallenge,
    KeyRegistration,
    RegisteredKey,
)
from vigie.errors import Rejected, Unavailable
from vigie.http.problem import UNAVAILABLE, with_faults
from vigie.http.request_body import body_problem
from vigie.http.response import RETRY_AFTER, described, protected, refusal
from vigie.tracing.compact_jws import base64url

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from device_registration.challenge import Challenges
    from device_registration.registration import Registration
    from vigie.http.door import Tell

_MOST_CHARACTERS = 20_000


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        challenges: gives challenges.
        registration: registers keys.
        now: the time, aware.
        tell: told the code and the reason of each end.
    """

    def __init__(
        self,
        challenges: Challenges,
        registration: Registration,
        now: Callable[[], datetime],
        tell: Tell,
    ) -> None:
        self._challenges = challenges
        self._registration = registration
        self._now = now
        self._tell = tell

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event; it is never cached."""
        try:
            return protected(self._answered(event))
        except Unavailable as failed:
            self._tell(LogCode.REGISTRATION_FAILED, failed.code)
            return protected(refusal(UNAVAILABLE, RETRY_AFTER))

    def _answered(self, event: dict[str, Any]) -> dict[str, Any]:
        match event.get("routeKey"):
            case "POST /v1/attestation/challenge":
                return self._challenge()
            case "POST /v1/attestation/keys":
                return self._key(event)
            case _:
                return refusal(problem.NOT_FOUND)

    def _challenge(self) -> dict[str, Any]:
        challenge = base64url(self._challenges.new(self._now()))
        self._tell(LogCode.CHALLENGE_GIVEN)
        return described(GivenChallenge(challenge=challenge).model_dump_json())

    def _key(self, event: dict[str, Any]) -> dict[str, Any]:
        against = body_problem(event, problem.BODY_TOO_LARGE, _MOST_CHARACTERS)
        if against is not None:
            self._tell(LogCode.KEY_REFUSED, against.type)
            return refusal(against)
        try:
            ends = self._registration.register(_request(event), self._now())
        except ValidationError as error:
            self._tell(LogCode.KEY_REFUSED, problem.BODY_INVALID.type)
            faults = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
            return refusal(with_faults(problem.BODY_INVALID, faults))
        except Rejected as broken:
            # Which rule it was is told to operators alone.
            self._tell(LogCode.KEY_REFUSED, broken.code)
            return refusal(problem.NOT_ATTESTED)
        self._tell(LogCode.KEY_REGISTERED)
        registered = RegisteredKey(expires_at=ends.isoformat())
        return {
            **described(registered.model_dump_json(by_alias=True)),
            "statusCode": HTTPStatus.CREATED,
        }


def _request(event: dict[str, Any]) -> KeyRegistration:
    body = event.get("body") or ""
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body
    return KeyRegistration.model_validate_json(content)
