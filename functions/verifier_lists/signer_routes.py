"""The trust list, as the EU verifier service gives it (dgca-verifier-service).

Verifier applications of the member states speak this; what they should rather download is the
signed list behind CloudFront.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler.api_gateway import Response

from verifier_lists import problem
from verifier_lists.list_answer import CACHED_BRIEFLY, list_answer
from vigie.http.problem import answer
from vigie.trust.signer_list import SIGNERS_FILE, TRUST, SignerList

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

    from vigie.lists.published_lists import PublishedLists
    from vigie.trust.signer_list import ListedSigner

_UPDATE = "/signercertificateUpdate"
_STATUS = "/signercertificateStatus"
_MOST_DIGITS = 18
_READ = SignerList.model_validate_json
_CACHED_BY_TOKEN = {"Cache-Control": CACHED_BRIEFLY, "Vary": "X-RESUME-TOKEN"}


def add_signer_routes(routes: APIGatewayHttpResolver, lists: PublishedLists) -> None:
    """Add the routes of the trust list.

    Args:
        routes: of the API.
        lists: as they are published.
    """

    @routes.get(_UPDATE)
    def next_certificate() -> Response[str]:
        token = routes.current_event.headers.get("x-resume-token")
        if token is not None and not _is_number(token):
            return answer(problem.TOKEN_MALFORMED)
        return _certificate_after(_signers(lists), 0 if token is None else int(token))

    @routes.post(_UPDATE)
    def certificates_of_kids() -> Response[str]:
        asked = _kids(routes.current_event.decoded_body)
        if asked is None:
            return answer(problem.KIDS_MALFORMED)
        return _json(_by_country(_signers(lists), asked))

    @routes.get(_STATUS)
    def all_kids() -> Response[str]:
        publication, listed = lists.versioned(TRUST, SIGNERS_FILE, _READ)
        body = json.dumps(_unique_kids(listed))
        return list_answer(routes.current_event, body, tag=publication.version)

    @routes.get(f"{_STATUS}/delta")
    def changed_kids() -> Response[str]:
        given = routes.current_event.headers.get("if-modified-since")
        since = None if given is None else _moment(given)
        if given is not None and since is None:
            return answer(problem.TIME_MALFORMED)
        return _json(_delta(_signers(lists), since))


def _signers(lists: PublishedLists) -> SignerList:
    return lists.file(TRUST, SIGNERS_FILE, _READ)


def _certificate_after(listed: SignerList, number: int) -> Response[str]:
    """One certificate as text, and where to go on; nothing at the end."""
    found = next((one for one in listed.signers if one.number > number), None)
    if found is None:
        return Response(status_code=HTTPStatus.NO_CONTENT, body="", headers=_CACHED_BY_TOKEN)
    return Response(
        status_code=HTTPStatus.OK,
        content_type="text/plain",
        body=found.certificate,
        headers={
            "X-RESUME-TOKEN": str(found.number),
            "X-KID": found.kid,
            **_CACHED_BY_TOKEN,
        },
    )


def _unique_kids(listed: SignerList) -> list[str]:
    """The kids in the order of their first signers."""
    return list(dict.fromkeys(one.kid for one in listed.signers))


def _delta(listed: SignerList, since: datetime | None) -> dict[str, list[str]]:
    """The kids that came and went after a time, or all that there are."""
    if since is None:
        return {"updated": _unique_kids(listed), "deleted": []}
    # HTTP dates are of whole seconds: what happened in that second is told twice rather than never.
    came = dict.fromkeys(one.kid for one in listed.signers if one.added_at >= since)
    return {
        "updated": list(came),
        "deleted": [one.kid for one in listed.removed if one.removed_at >= since],
    }


def _by_country(listed: SignerList, kids: set[str]) -> dict[str, list[dict[str, str]]]:
    def country(signer: ListedSigner) -> str:
        return signer.country

    found = sorted((one for one in listed.signers if one.kid in kids), key=country)
    return {
        code: [{"kid": one.kid, "rawData": one.certificate} for one in signers]
        for code, signers in groupby(found, key=country)
    }


def _kids(body: str | None) -> set[str] | None:
    """The kids of a request; None if it is not a list of texts."""
    asked = json.loads(body) if body else None
    if not isinstance(asked, list) or not all(isinstance(one, str) for one in asked):
        return None
    return set(asked)


def _moment(text: str) -> datetime | None:
    """A time as HTTP or ISO 8601 writes it; None if it is neither, or has no time zone."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
            return None if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, IndexError, OverflowError):
            continue
    return None


def _is_number(token: str) -> bool:
    return token.isascii() and token.isdigit() and len(token) <= _MOST_DIGITS


def _json(content: Any) -> Response[str]:  # noqa: ANN401 - whatever JSON can say
    return Response(
        status_code=HTTPStatus.OK, content_type="application/json", body=json.dumps(content)
    )
