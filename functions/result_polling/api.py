"""The HTTP API: its routes, and what is answered when something is wrong."""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from result_polling import problem
from result_polling.description import DESCRIPTION, EXCHANGE, ORDER, RESULTS, description
from result_polling.log_codes import LogCode
from result_polling.message import ExchangeRequest, PollRequest, delivered_body
from result_polling.polling import NoOrderError
from vigie.errors import Rejected, Unavailable
from vigie.http.problem import FAILED, UNAVAILABLE
from vigie.http.response import RETRY_AFTER, described, protected, refusal
from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from result_polling.message import ResultAnswer
    from result_polling.polling import ResultPolling
    from vigie.http.answer_slots import AnswerSlots
    from vigie.http.door import Tell

# A token and a country.
_MOST_CHARACTERS = 1024
_Request = TypeVar("_Request", bound=Frozen)


class _BodyInvalidError(Exception):
    """The body is not what the route takes."""


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        polling: makes orders and delivers results.
        slots: holds answers back to a whole second: those with a result, so that signing an upload
            code does not show, and all to exchanges, so that trying tokens out is slow.
        now: the time, aware.
        tell: told the code and the reason of each refusal and failure.
    """

    def __init__(
        self,
        polling: ResultPolling,
        slots: AnswerSlots,
        now: Callable[[], datetime],
        tell: Tell,
    ) -> None:
        self._polling = polling
        self._slots = slots
        self._now = now
        self._tell = tell

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event; it is never cached, whatever it is."""
        return protected(self._answered(event))

    def _answered(self, event: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._routed(event)
        except NoOrderError:
            return refusal(problem.NO_ORDER)
        except _BodyInvalidError:
            self._tell(LogCode.REQUEST_REFUSED, problem.BODY_INVALID.type)
            return refusal(problem.BODY_INVALID)
        except Unavailable as unavailable:
            self._tell(LogCode.REQUEST_FAILED, unavailable.code)
            return refusal(UNAVAILABLE, RETRY_AFTER)
        except Rejected as rejected:
            self._tell(LogCode.REQUEST_FAILED, rejected.code)
        except Exception as error:  # noqa: BLE001 - its text may hold what it stumbled over
            self._tell(LogCode.REQUEST_FAILED, type(error).__name__)
        return refusal(FAILED)

    def _routed(self, event: dict[str, Any]) -> dict[str, Any]:
        route = event.get("routeKey")
        if route == f"POST {ORDER}":
            return _given(self._polling.order(self._now()).model_dump_json(by_alias=True))
        if route == f"POST {RESULTS}":
            return self._polled(event)
        if route == f"POST {EXCHANGE}":
            return self._exchanged(event)
        if route == f"GET {DESCRIPTION}":
            return described(description())
        return refusal(problem.NOT_FOUND)

    def _polled(self, event: dict[str, Any]) -> dict[str, Any]:
        began = self._slots.began()
        answer = self._polling.poll(_request(event, PollRequest).token, self._now())
        if answer is not None:
            self._slots.wait(began)
        return _result(answer)

    def _exchanged(self, event: dict[str, Any]) -> dict[str, Any]:
        began = self._slots.began()
        try:
            token = _request(event, ExchangeRequest).token
            return _result(self._polling.exchange(token, self._now()))
        finally:
            self._slots.wait(began)


def _request(event: dict[str, Any], model: type[_Request]) -> _Request:
    body = event.get("body") or ""
    if len(body) > _MOST_CHARACTERS:
        raise _BodyInvalidError
    try:
        content = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body
        return model.model_validate_json(content)
    except (binascii.Error, ValidationError, ValueError):
        raise _BodyInvalidError from None


def _result(answer: ResultAnswer | None) -> dict[str, Any]:
    if answer is None:
        return {**_given(""), "statusCode": int(HTTPStatus.NO_CONTENT), "headers": {}}
    return _given(delivered_body(answer))


def _given(body: str) -> dict[str, Any]:
    return {
        "statusCode": int(HTTPStatus.OK),
        "headers": {"Content-Type": "application/json"},
        "body": body,
        "isBase64Encoded": False,
        "cookies": [],
    }
