"""Answering API Gateway: who comes in, and what the functions behind learn of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from device_attestation.log_codes import LogCode
from vigie.attestation.attested_body import BODY_HASH, MODE, VERDICT
from vigie.attestation.verdict import Mode, Verdict
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from device_attestation.judging import Judge
    from vigie.http.door import Tell
    from vigie.http.origin_secret import OriginSecret

_CODES = {
    Verdict.GOOD: LogCode.ATTESTATION_GOOD,
    Verdict.BAD: LogCode.ATTESTATION_BAD,
    Verdict.UNKNOWN: LogCode.ATTESTATION_UNKNOWN,
}


class Authorising:
    """Authorises requests.

    Args:
        origin: the secrets that CloudFront sends; None where the API answers to everyone.
        judge: judges attestations.
        mode: what follows from a verdict.
        now: the time, aware.
        tell: told the code and the reason of each end.
    """

    def __init__(
        self,
        origin: OriginSecret | None,
        judge: Judge,
        mode: Mode,
        now: Callable[[], datetime],
        tell: Tell,
    ) -> None:
        self._origin = origin
        self._judge = judge
        self._mode = mode
        self._now = now
        self._tell = tell

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """A simple response to an authorizer's event.

        Raises:
            Unavailable: the secrets of CloudFront cannot be read, or nobody can tell at the moment
                what a request is to be refused for; API Gateway answers with a server error.
        """
        if self._origin is not None and not self._origin.came_through(event):
            self._tell(LogCode.ORIGIN_REFUSED)
            return {"isAuthorized": False}
        judgement = self._judge.judge(event.get("headers") or {}, self._now())
        self._tell(_CODES[judgement.verdict], judgement.reason)
        if self._mode is Mode.OBSERVE:
            return self._answer(judgement.verdict, judgement.body_hash)
        if judgement.verdict is Verdict.UNKNOWN:
            raise Unavailable(judgement.reason)
        if judgement.verdict is Verdict.BAD:
            return {"isAuthorized": False}
        return self._answer(judgement.verdict, judgement.body_hash)

    def _answer(self, verdict: Verdict, body_hash: str) -> dict[str, Any]:
        context = {VERDICT: verdict.value, MODE: self._mode.value, BODY_HASH: body_hash}
        return {"isAuthorized": True, "context": context}
