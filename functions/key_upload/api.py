"""The HTTP API: `POST /v1/publish` of the Exposure Notification key server, and `GET /health`.

Decoys are answered before anything of them is read. Answers of one kind and the other leave
in the same slots, with bodies of the same lengths.
"""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from key_upload.answer import decoy_body, published_body, refused_body
from key_upload.log_codes import LogCode
from key_upload.refusal import ErrorCode, PublishRefusedError, bad_request
from key_upload.request_body import read_request
from vigie import tracing
from vigie.attestation.attested_body import is_refused
from vigie.errors import Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from key_upload.publishing import KeyPublishing
    from vigie.http.answer_slots import AnswerSlots

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Type": "application/json",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "x-api-version": "v1",
}


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        publishing: takes uploads.
        slots: when answers leave.
        now: the time, aware.
        tell: told the code and the reason of each end.
    """

    def __init__(
        self,
        publishing: KeyPublishing,
        slots: AnswerSlots,
        now: Callable[[], datetime],
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._publishing = publishing
        self._slots = slots
        self._now = now
        self._tell = tell

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event."""
        match event.get("routeKey"):
            case "POST /v1/publish":
                return self._slots.answer(event, self._answered, self._decoy)
            case "GET /health":
                return _response(HTTPStatus.OK, '{"status": "ok"}')
            case "GET /v1/openapi.json":
                return _response(HTTPStatus.OK, _description())
            case _:
                return _response(HTTPStatus.NOT_FOUND, "{}")

    def _decoy(self) -> dict[str, Any]:
        self._tell(LogCode.DECOY_ANSWERED, "")
        return _response(HTTPStatus.OK, decoy_body())

    def _answered(self, event: dict[str, Any]) -> dict[str, Any]:
        try:
            self._check_attested(event)
            published, token = self._publishing.publish(read_request(event), self._now())
        except PublishRefusedError as refused:
            self._tell(LogCode.PUBLISH_REFUSED, refused.code)
            body = refused_body(refused.code, refused.text, refused.warnings)
            return _response(refused.status, body)
        except (Rejected, Unavailable) as failed:
            self._tell(LogCode.PUBLISH_FAILED, failed.code)
        except Exception as error:  # noqa: BLE001 - whatever it is, the app gets its own answer
            # The text of an unforeseen error may hold what it stumbled over.
            self._tell(LogCode.PUBLISH_FAILED, type(error).__name__)
        else:
            return _response(HTTPStatus.OK, published_body(published, token))
        return _response(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            refused_body(ErrorCode.INTERNAL_ERROR, "something went wrong, try again"),
        )

    def _check_attested(self, event: dict[str, Any]) -> None:
        """Count a body that its device did not vouch for, and refuse it where that is enforced."""
        if is_refused(event, lambda: self._tell(LogCode.ATTESTED_BODY_DIFFERS, "")):
            raise bad_request("the request is not accepted", HTTPStatus.FORBIDDEN)


@cache
def _description() -> str:
    return files(tracing).joinpath("openapi.json").read_text(encoding="utf-8")


def _response(status: HTTPStatus, body: str) -> dict[str, Any]:
    return {
        "statusCode": int(status),
        "headers": _HEADERS,
        "body": body,
        "isBase64Encoded": False,
    }
