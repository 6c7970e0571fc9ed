"""The HTTP API: `POST /v1/venues/poster`, a page to hang at the entrance of a venue.

Each poster has a code of its own, made of a secret that nobody keeps: what is not printed is lost,
and another poster is another place to phones.
"""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from venue_posters import problem
from venue_posters.log_codes import LogCode
from venue_posters.poster_request import PosterRequest
from vigie.errors import Rejected, Unavailable
from vigie.http.problem import FAILED, UNAVAILABLE, Problem, with_faults
from vigie.http.request_body import body_problem
from vigie.http.response import RETRY_AFTER, protected, refusal
from vigie.venues.venue_code import CodeMaker, new_secret
from vigie.venues.venue_poster import poster
from vigie.venues.venue_rules import Venue

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from venue_posters.public_key import PublicKeyParameter
    from vigie.http.door import Tell

ROUTE = "POST /v1/venues/poster"


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        public_key: that codes are encrypted to.
        link: what a code is put behind.
        now: the time, aware.
        tell: told the code and the reason of each end.
    """

    def __init__(
        self, public_key: PublicKeyParameter, link: str, now: Callable[[], datetime], tell: Tell
    ) -> None:
        self._public_key = public_key
        self._link = link
        self._now = now
        self._tell = tell

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event; it is never cached."""
        return protected(self._answer_or_problem(event))

    def _answer_or_problem(self, event: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._answered(event)
        except ValidationError as error:
            faults = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
            return self._refused(with_faults(problem.BODY_INVALID, faults))
        except Unavailable as error:
            self._tell(LogCode.REQUEST_FAILED, error.code)
            return refusal(UNAVAILABLE, RETRY_AFTER)
        except Exception as error:  # noqa: BLE001 - its text may hold what it stumbled over
            code = error.code if isinstance(error, Rejected) else type(error).__name__
            self._tell(LogCode.REQUEST_FAILED, code)
            return refusal(FAILED)

    def _answered(self, event: dict[str, Any]) -> dict[str, Any]:
        if event.get("routeKey") != ROUTE:
            return self._refused(problem.NOT_FOUND)
        against = body_problem(event, problem.BODY_TOO_LARGE)
        if against is not None:
            return self._refused(against)
        request = _request(event)
        authority = self._public_key.key()
        if authority is None:
            return self._refused(problem.NO_KEY)
        venue = Venue(
            type=request.venue_type, category1=request.category1, category2=request.category2
        )
        now = self._now()
        code = CodeMaker(authority, venue, new_secret(), staff=request.staff).poster(now)
        page = poster(self._link, code, name=request.name, staff=request.staff, now=now)
        self._tell(LogCode.POSTER_DRAWN)
        return _pdf(page)

    def _refused(self, against: Problem) -> dict[str, Any]:
        self._tell(LogCode.REQUEST_REFUSED, against.type)
        return refusal(against)


def _request(event: dict[str, Any]) -> PosterRequest:
    body = event.get("body") or ""
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body
    return PosterRequest.model_validate_json(content)


def _pdf(page: bytes) -> dict[str, Any]:
    return {
        "statusCode": HTTPStatus.OK,
        "headers": {
            "Content-Type": "application/pdf",
            "Content-Disposition": 'attachment; filename="poster.pdf"',
        },
        "body": base64.b64encode(page).decode("ascii"),
        "isBase64Encoded": True,
        "cookies": [],
    }
