"""The HTTP API: `POST /v1/results/certificate`, in the form that the request accepts."""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from certificate_documents import problem
from certificate_documents.certificate_request import CertificateRequest
from certificate_documents.log_codes import LogCode
from certificate_documents.negotiation import accepted
from certificate_documents.not_given import NotGivenError
from certificate_documents.wallet_pass import WALLETS
from vigie.access.problem import LINK_NOT_OPENED
from vigie.errors import Rejected, Unavailable
from vigie.http.problem import FAILED, UNAVAILABLE, Problem, with_faults
from vigie.http.request_body import body_problem
from vigie.http.response import RETRY_AFTER, described, protected, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from certificate_documents.certificate_opening import CertificateOpening, OpenedCertificate
    from certificate_documents.representation import Representation

ROUTE = "POST /v1/results/certificate"
_DESCRIPTION = "GET /v1/results/certificate/openapi.json"
_VARY = {"Vary": "Accept"}


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        opening: opens certificates.
        representations: the forms that there are, the best one first.
        now: the time, aware.
        tell: told the code and the reason of each end; never a word of a certificate.
    """

    def __init__(
        self,
        opening: CertificateOpening,
        representations: Sequence[Representation],
        now: Callable[[], datetime],
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._opening = opening
        self._by_media_type = {each.media_type: each for each in representations}
        self._now = now
        self._tell = tell

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event; it is never cached, whatever it is."""
        answered = self._answer_or_problem(event)
        return protected({**answered, "headers": {**answered["headers"], **_VARY}})

    def _answer_or_problem(self, event: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._answered(event)
        except ValidationError as error:
            faults = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
            return self._refused(with_faults(problem.BODY_INVALID, faults))
        except NotGivenError as error:
            self._tell(LogCode.CERTIFICATE_REFUSED, error.problem.type)
            return refusal(error.problem)
        except Unavailable as error:
            self._tell(LogCode.REQUEST_FAILED, error.code)
            return refusal(UNAVAILABLE, RETRY_AFTER)
        except Exception as error:  # noqa: BLE001 - its text may hold what it stumbled over
            code = error.code if isinstance(error, Rejected) else type(error).__name__
            self._tell(LogCode.REQUEST_FAILED, code)
            return refusal(FAILED)

    def _answered(self, event: dict[str, Any]) -> dict[str, Any]:
        if event.get("routeKey") == _DESCRIPTION:
            # Only who asks for it waits for what writes it to be loaded.
            from certificate_documents.description import description  # noqa: PLC0415

            return described(description())
        if event.get("routeKey") != ROUTE:
            return self._refused(problem.NOT_FOUND)
        # Before a try is counted: what cannot be answered opens nothing.
        headers = event.get("headers", {})
        media_type = accepted(headers.get("accept"), tuple(self._by_media_type))
        if media_type is None:
            return self._refused(self._not_acceptable(headers["accept"]))
        against = body_problem(event, problem.BODY_TOO_LARGE)
        if against is not None:
            return self._refused(against)
        request, form = _request(event), self._by_media_type[media_type]
        if form.shared and not request.share_with_google:
            return self._refused(problem.CONSENT_MISSING)
        opened = self._opening.open(request, headers.get("accept-language"), self._now())
        return refusal(LINK_NOT_OPENED) if opened is None else self._drawn(opened, form)

    def _not_acceptable(self, accept: str) -> Problem:
        if accepted(accept, WALLETS) is not None:
            return problem.WALLET_NOT_CONFIGURED
        return problem.not_acceptable(self._by_media_type)

    def _drawn(self, opened: OpenedCertificate, form: Representation) -> dict[str, Any]:
        body = form.draw(opened)
        self._tell(LogCode.CERTIFICATE_DRAWN, form.media_type)
        return {
            "statusCode": HTTPStatus.OK,
            "headers": {
                "Content-Type": form.media_type,
                # The name of a file stays where it is saved: it says nothing of a person.
                "Content-Disposition": f'attachment; filename="certificate.{form.extension}"',
            },
            "body": base64.b64encode(body).decode("ascii"),
            "isBase64Encoded": True,
            "cookies": [],
        }

    def _refused(self, against: Problem) -> dict[str, Any]:
        self._tell(LogCode.REQUEST_REFUSED, against.type)
        return refusal(against)


def _request(event: dict[str, Any]) -> CertificateRequest:
    body = event.get("body") or ""
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body
    return CertificateRequest.model_validate_json(content)
