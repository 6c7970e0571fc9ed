"""The HTTP API: `POST /v1/certificates/verify`, which keeps nothing of what it is sent."""

from __future__ import annotations

import base64
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from certificate_verification import problem
from certificate_verification.description import description
from certificate_verification.log_codes import LogCode
from certificate_verification.verification_request import VerificationRequest
from vigie.business_rules import rule
from vigie.business_rules.rule import RuleError
from vigie.dcc import verification_answer
from vigie.dcc.acceptance import Destination
from vigie.dcc.verification import verify
from vigie.errors import Rejected, Unavailable
from vigie.http.problem import FAILED, UNAVAILABLE, with_faults
from vigie.http.request_body import body_problem
from vigie.http.response import RETRY_AFTER, protected, refusal
from vigie.twoddoc import code
from vigie.twoddoc import verification as twoddoc_verification
from vigie.twoddoc import verification_answer as twoddoc_answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from certificate_verification.references import PublishedReferences
    from vigie.http.problem import Problem

ROUTE = "POST /v1/certificates/verify"
_DESCRIPTION = "GET /v1/certificates/openapi.json"
# A certificate of 4,296 characters and ten rules.
_MOST_CHARACTERS = 128 * 1024


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        published: what certificates are held against.
        now: the time, aware.
        tell: told the code and the reason of each end; never a word of a certificate.
    """

    def __init__(
        self,
        published: PublishedReferences,
        now: Callable[[], datetime],
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._published = published
        self._now = now
        self._tell = tell

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event; it is never cached."""
        try:
            answered = self._answered(event)
        except ValidationError as error:
            faults = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
            answered = self._refused(with_faults(problem.BODY_INVALID, faults))
        except RuleError:
            answered = self._refused(problem.RULE_MALFORMED)
        except Unavailable as error:
            self._tell(LogCode.REQUEST_FAILED, error.code)
            answered = refusal(UNAVAILABLE, RETRY_AFTER)
        except Rejected as error:
            self._tell(LogCode.REQUEST_FAILED, error.code)
            unpublished = error.code == "list-unpublished"
            answered = refusal(problem.UNPUBLISHED if unpublished else FAILED)
        return protected(answered)

    def _answered(self, event: dict[str, Any]) -> dict[str, Any]:
        if event.get("routeKey") == _DESCRIPTION:
            return _given(description())
        if event.get("routeKey") != ROUTE:
            return self._refused(problem.NOT_FOUND)
        against = body_problem(event, problem.BODY_TOO_LARGE, _MOST_CHARACTERS)
        if against is not None:
            return self._refused(against)
        return self._verified(_request(event))

    def _verified(self, request: VerificationRequest) -> dict[str, Any]:
        if code.is_code(code.carried(request.certificate)):
            return self._verified_code(request.certificate)
        references = self._published.references(self._destination(request))
        at = request.at or self._now()
        result = verify(request.certificate, self._published.signers(), at, references)
        failed = [check.rule for check in result.checks if check.rule]
        body = verification_answer.document(result, request.language)
        return self._judged(body, trusted=result.trusted, failed=failed)

    def _verified_code(self, text: str) -> dict[str, Any]:
        result = twoddoc_verification.verify(
            text,
            (),
            certified=self._published.code_signers(),
            is_revoked=self._published.is_code_revoked,
        )
        failed = [error.rule for error in result.failures.values()]
        body = twoddoc_answer.document(result)
        return self._judged(body, trusted=result.trusted, failed=failed)

    def _judged(
        self, body: dict[str, object], *, trusted: bool, failed: list[str]
    ) -> dict[str, Any]:
        told = LogCode.CERTIFICATE_TRUSTED if trusted else LogCode.CERTIFICATE_NOT_TRUSTED
        self._tell(told, ",".join(failed))
        return _given(json.dumps(body, ensure_ascii=False, allow_nan=False))

    def _destination(self, request: VerificationRequest) -> Destination | None:
        if request.country is None:
            return None
        if request.rules is None:
            rules = self._published.rules()
        else:
            rules = tuple(rule.model(given) for given in request.rules)
        return Destination(request.country, rules, request.region)

    def _refused(self, against: Problem) -> dict[str, Any]:
        self._tell(LogCode.REQUEST_REFUSED, against.type)
        return refusal(against)


def _given(body: str) -> dict[str, Any]:
    return {
        "statusCode": HTTPStatus.OK,
        "headers": {"Content-Type": "application/json"},
        "body": body,
        "isBase64Encoded": False,
        "cookies": [],
    }


def _request(event: dict[str, Any]) -> VerificationRequest:
    body = event.get("body") or ""
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body
    return VerificationRequest.model_validate_json(content)
