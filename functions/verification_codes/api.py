"""The HTTP API of the Exposure Notification verification server.

`POST /api/verify` and `/api/certificate` are for apps: decoys are answered before anything of
them is read, in the same slots and with bodies of the same lengths. The others are for issuers,
and `GET /.well-known/jwks.json` is for key servers.

An app's `X-API-Key` is taken and not looked at: it is in every copy of the app, and so no secret.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from verification_codes.answer import (
    certificate_body,
    ended_body,
    issued_fields,
    refused_fields,
    status_body,
    verified_body,
)
from verification_codes.client import client_network
from verification_codes.log_codes import LogCode
from verification_codes.messages import (
    BatchIssueRequest,
    CertificateRequest,
    IssueRequest,
    StatusRequest,
    VerifyRequest,
)
from verification_codes.refusal import ErrorCode, VerificationRefusedError
from verification_codes.request_body import read_request
from vigie.errors import Rejected, Unavailable
from vigie.http.padded_body import padded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from verification_codes.certifying import Certifying
    from verification_codes.code_status import CodeStatus
    from verification_codes.issuing import Caller, CodeIssuing
    from verification_codes.jwks import KeySet
    from verification_codes.verifying import CodeVerifying
    from vigie.http.answer_slots import AnswerSlots


_BEARER = "bearer "
_NO_MORE: dict[str, str] = {}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Type": "application/json",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}
# Whoever verifies certificates may keep the key for an hour.
_KEPT = {"Cache-Control": "public, max-age=3600"}


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        issuing: issues codes.
        status: tells issuers of codes.
        verifying: exchanges codes.
        certifying: exchanges tokens.
        keys: the public key.
        code_link: what a long code is put behind.
        slots: when answers to apps leave.
        now: the time, aware.
        tell: told the code and the reason of each end.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        issuing: CodeIssuing,
        status: CodeStatus,
        verifying: CodeVerifying,
        certifying: Certifying,
        keys: KeySet,
        code_link: str,
        slots: AnswerSlots,
        now: Callable[[], datetime],
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._issuing = issuing
        self._status = status
        self._verifying = verifying
        self._certifying = certifying
        self._keys = keys
        self._code_link = code_link
        self._slots = slots
        self._now = now
        self._tell = tell
        self._routes: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "POST /api/verify": partial(self._for_app, self._verify),
            "POST /api/certificate": partial(self._for_app, self._certify),
            "POST /api/issue": partial(self._answered, self._issue),
            "POST /api/batch-issue": partial(self._answered, self._issue_batch),
            "POST /api/checkcodestatus": partial(self._answered, self._check),
            "POST /api/expirecode": partial(self._answered, self._expire),
            "GET /.well-known/jwks.json": partial(self._answered, self._jwks),
        }

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event."""
        answer = self._routes.get(str(event.get("routeKey")))
        return _response(HTTPStatus.NOT_FOUND, "{}") if answer is None else answer(event)

    def _for_app(
        self, answer: Callable[[dict[str, Any]], dict[str, Any]], event: dict[str, Any]
    ) -> dict[str, Any]:
        return self._slots.answer(event, partial(self._answered, answer), self._decoy)

    def _decoy(self) -> dict[str, Any]:
        self._tell(LogCode.DECOY_ANSWERED, "")
        return _response(HTTPStatus.OK, padded({}))

    def _answered(
        self, answer: Callable[[dict[str, Any]], dict[str, Any]], event: dict[str, Any]
    ) -> dict[str, Any]:
        try:
            return answer(event)
        except VerificationRefusedError as refused:
            self._tell(LogCode.REQUEST_REFUSED, refused.code)
            return _refusal(refused)
        except (Rejected, Unavailable) as failed:
            self._tell(LogCode.REQUEST_FAILED, failed.code)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets its own answer
            # The text of an unforeseen error may hold what it stumbled over.
            self._tell(LogCode.REQUEST_FAILED, type(error).__name__)
        return _refusal(
            VerificationRefusedError(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                ErrorCode.INTERNAL_ERROR,
                "something went wrong, try again",
            )
        )

    def _verify(self, event: dict[str, Any]) -> dict[str, Any]:
        request = read_request(VerifyRequest, event)
        verified = self._verifying.verify(request, client_network(event), self._now())
        return _response(HTTPStatus.OK, verified_body(*verified))

    def _certify(self, event: dict[str, Any]) -> dict[str, Any]:
        request = read_request(CertificateRequest, event)
        certificate = self._certifying.certify(request, self._now())
        return _response(HTTPStatus.OK, certificate_body(certificate))

    def _issue(self, event: dict[str, Any]) -> dict[str, Any]:
        now = self._now()
        caller = self._caller(event, now)
        request = read_request(IssueRequest, event)
        issued = self._issuing.issue(request, caller, now)
        return _response(HTTPStatus.OK, padded(issued_fields(issued, self._code_link)))

    def _issue_batch(self, event: dict[str, Any]) -> dict[str, Any]:
        now = self._now()
        caller = self._issuer(event, now)
        request = read_request(BatchIssueRequest, event)
        codes: list[dict[str, object]] = []
        first: VerificationRefusedError | None = None
        for one in request.codes:
            try:
                issued = self._issuing.issue(one, caller, now)
            except VerificationRefusedError as refused:
                first = first or refused
                codes.append(refused_fields(refused))
            else:
                codes.append(issued_fields(issued, self._code_link))
        if first is None:
            return _response(HTTPStatus.OK, padded({"codes": codes}))
        said = refused_fields(first) | {"error": "see the error of each code", "codes": codes}
        return _response(first.status, padded(said))

    def _check(self, event: dict[str, Any]) -> dict[str, Any]:
        caller = self._issuer(event, self._now())
        request = read_request(StatusRequest, event)
        return _response(HTTPStatus.OK, status_body(self._status.of(caller.issuer, request.uuid)))

    def _expire(self, event: dict[str, Any]) -> dict[str, Any]:
        now = self._now()
        caller = self._issuer(event, now)
        request = read_request(StatusRequest, event)
        ended = self._status.end(caller.issuer, request.uuid, now)
        return _response(HTTPStatus.OK, ended_body(ended))

    def _jwks(self, _event: dict[str, Any]) -> dict[str, Any]:
        return _response(HTTPStatus.OK, self._keys.document(), _KEPT)

    def _caller(self, event: dict[str, Any], now: datetime) -> Caller:
        """Who has an upload code, or else an issuer."""
        authorization = str(event.get("headers", {}).get("authorization", ""))
        if authorization[: len(_BEARER)].lower() == _BEARER:
            return self._issuing.with_upload_code(authorization[len(_BEARER) :], now)
        return self._issuer(event, now)

    def _issuer(self, event: dict[str, Any], now: datetime) -> Caller:
        return self._issuing.with_key(str(event.get("headers", {}).get("x-api-key", "")), now)


def _refusal(refused: VerificationRefusedError) -> dict[str, Any]:
    wait = {} if refused.retry_after is None else {"Retry-After": str(refused.retry_after)}
    return _response(refused.status, padded(refused_fields(refused)), wait)


def _response(
    status: HTTPStatus, body: str, headers: Mapping[str, str] = _NO_MORE
) -> dict[str, Any]:
    return {
        "statusCode": int(status),
        "headers": {**_HEADERS, **headers},
        "body": body,
        "isBase64Encoded": False,
    }
