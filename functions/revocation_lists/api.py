"""The HTTP API: its routes, and what is answered when something is wrong.

Paths and answers are those of the EU's gateway (`/revocation-list`) and revocation distribution
service (`/lists`), which applications know. `If-Match` is not judged: a slice that a document names
stays for a day after the document is replaced, so that documents of two moments go together.
"""

from __future__ import annotations

import base64
import gzip
import io
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.api_gateway import Response
from pydantic import StringConstraints, TypeAdapter, ValidationError

from revocation_lists import problem
from revocation_lists.description import PATH, description
from revocation_lists.log_codes import LogCode
from revocation_lists.since import read_since
from vigie.cms.signed_data import verify
from vigie.errors import Rejected, Unavailable
from vigie.http.problem import FAILED, UNAVAILABLE, answer
from vigie.http.request_body import body_problem
from vigie.http.response import RETRY_AFTER, protected, refusal
from vigie.revocation.batch import write_list
from vigie.revocation.device_list import read_kid_in_path, write_partition

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from revocation_lists.listing import Listing
    from revocation_lists.slice_archives import SliceArchives
    from vigie.revocation.revocation_bucket import RevocationBucket

_JSON = "application/json"
_CMS = "application/cms"
_GZIP = "application/gzip"
_GZIP_CODING = "gzip"
_BY_CODING = {"Vary": "Accept-Encoding"}
_PACKED = {"Content-Encoding": _GZIP_CODING}
_BRIEFLY = {"Cache-Control": "public, max-age=300"}
# A batch never changes, and neither does a slice.
_FOREVER = {"Cache-Control": "public, max-age=86400, immutable"}
# An answer of a function has 6 MB at most, as a string of JSON with its quotes escaped.
_MOST_UNPACKED_BYTES = 4 * 1024 * 1024
_SLICES = "/lists/<kid>/partitions/<partition_id>"
_ASKED = frozenset({"batch-id-malformed", "kid-malformed", "since-malformed", "names-malformed"})
_Names = list[Annotated[str, StringConstraints(max_length=64)]]
_NAMES: TypeAdapter[_Names] = TypeAdapter(_Names)


class _NothingHereError(Exception):
    """There is nothing of that name."""


class _PackedOnlyError(Exception):
    """Whoever asks does not take what is packed, and as it is it is too large."""


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        listing: the list of batches.
        bucket: keeps documents.
        archives: packs slices.
        now: the time, aware.
        tell: told the code and the reason of each refusal and failure.
    """

    def __init__(
        self,
        listing: Listing,
        bucket: RevocationBucket,
        archives: SliceArchives,
        now: Callable[[], datetime],
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._listing = listing
        self._bucket = bucket
        self._archives = archives
        self._now = now
        self._tell = tell
        self._routes = APIGatewayHttpResolver(debug=False)
        self._add_batches()
        self._add_documents()
        self._add_slices()
        self._add_description()
        self._add_problems()

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event."""
        against = body_problem(event, problem.BODY_TOO_LARGE)
        if against is not None:
            self._tell(LogCode.REQUEST_REFUSED, against.type)
            return protected(refusal(against))
        return protected(self._routes.resolve(event, None))  # type: ignore[arg-type]  # the context is unused

    def _header(self, name: str) -> str | None:
        return self._routes.current_event.headers.get(name)

    def _add_batches(self) -> None:
        @self._routes.get("/revocation-list")
        def batches() -> Response[str]:
            since = read_since(self._header("if-modified-since"))
            page = self._listing.page(since, self._now())
            if not page.batches:
                return Response(status_code=HTTPStatus.NO_CONTENT, body="")
            return _answer(write_list(page), _JSON, _BRIEFLY)

        @self._routes.get("/revocation-list/<batch_id>")
        def batch(batch_id: str) -> Response[str]:
            message = self._listing.message(batch_id)
            if message is None:
                raise _NothingHereError
            if _JSON in (self._header("accept") or ""):
                return _answer(verify(message).content, _JSON, _FOREVER)
            return _answer(base64.b64encode(message), _CMS, _FOREVER)

    def _add_documents(self) -> None:
        @self._routes.get("/lists")
        def lists() -> Response[str]:
            document = self._bucket.lists()
            if document is None:
                raise _NothingHereError
            return self._document(document.content, document.tag)

        @self._routes.get("/lists/<kid>/partitions")
        def partitions(kid: str) -> Response[str]:
            document = self._bucket.partitions(read_kid_in_path(kid))
            if document is None:
                raise _NothingHereError
            if _GZIP_CODING in (self._header("accept-encoding") or ""):
                return self._document(document.content, document.tag, packed=True)
            return self._document(_unpacked(document.content), document.tag)

        @self._routes.get(_SLICES)
        def partition(kid: str, partition_id: str) -> Response[str]:
            found = self._archives.partition(kid, partition_id)
            if found is None:
                raise _NothingHereError
            return _answer(write_partition(found), _JSON, _BRIEFLY)

    def _document(self, content: bytes, tag: str, *, packed: bool = False) -> Response[str]:
        """A document, or that whoever asks has it."""
        quoted = f'"{tag}"'
        headers = {"ETag": quoted, **_BRIEFLY, **_BY_CODING} | (_PACKED if packed else {})
        known = (self._header("if-none-match") or "").split(",")
        # The reference's application sends the tag without its quotes.
        if any(one.strip().removeprefix("W/").strip('"') == tag for one in known):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, body="", headers=headers)
        return _answer(content, _JSON, headers, binary=packed)

    def _add_slices(self) -> None:
        @self._routes.post(f"{_SLICES}/slices")
        def of_partition(kid: str, partition_id: str) -> Response[str]:
            names = self._names()
            return self._packed(kid, partition_id, chunk=_among(names))

        @self._routes.get(f"{_SLICES}/chunks/<chunk>/slices")
        def of_chunk(kid: str, partition_id: str, chunk: str) -> Response[str]:
            return self._packed(kid, partition_id, chunk=_among([chunk]))

        @self._routes.post(f"{_SLICES}/chunks/<chunk>/slices")
        def some_of_chunk(kid: str, partition_id: str, chunk: str) -> Response[str]:
            names = self._names()
            return self._packed(kid, partition_id, chunk=_among([chunk]), name=_among(names))

        @self._routes.get(f"{_SLICES}/chunks/<chunk>/slices/<name>")
        def one(kid: str, partition_id: str, chunk: str, name: str) -> Response[str]:
            return self._packed(kid, partition_id, chunk=_among([chunk]), name=_among([name]))

    def _add_description(self) -> None:
        @self._routes.get(PATH)
        def openapi() -> Response[str]:
            return _answer(description().encode(), _JSON, {})

    def _packed(
        self,
        kid: str,
        partition_id: str,
        *,
        chunk: Callable[[str], bool],
        name: Callable[[str], bool] = lambda _: True,
    ) -> Response[str]:
        partition = self._archives.partition(kid, partition_id)
        packed = None if partition is None else self._archives.packed(partition, chunk, name)
        if packed is None:
            raise _NothingHereError
        return _answer(packed, _GZIP, _BRIEFLY, binary=True)

    def _names(self) -> _Names | None:
        """The names in the body; None without one."""
        body = self._routes.current_event.decoded_body
        if not body:
            return None
        try:
            return _NAMES.validate_json(body)
        except ValidationError:
            raise Rejected("names-malformed", "not a list of names in JSON") from None

    def _add_problems(self) -> None:
        self._routes.not_found(lambda _: answer(problem.NOT_FOUND))
        for kind, answered in (
            (_NothingHereError, lambda _: answer(problem.NOT_FOUND)),
            (_PackedOnlyError, lambda _: answer(problem.PACKED_ONLY)),
            (Unavailable, self._unavailable),
            (Rejected, self._rejected),
            (Exception, self._failed),
        ):
            self._routes.exception_handler(kind)(answered)

    def _unavailable(self, error: Unavailable) -> Response[Any]:
        self._tell(LogCode.REQUEST_FAILED, error.code)
        return answer(UNAVAILABLE, RETRY_AFTER)

    def _rejected(self, error: Rejected) -> Response[Any]:
        if error.code in _ASKED:
            self._tell(LogCode.REQUEST_REFUSED, error.code)
            return answer(problem.REQUEST_INVALID)
        self._tell(LogCode.REQUEST_FAILED, error.code)
        return answer(FAILED)

    def _failed(self, error: Exception) -> Response[Any]:
        # The text of an unforeseen error may hold what it stumbled over.
        self._tell(LogCode.REQUEST_FAILED, type(error).__name__)
        return answer(FAILED)


def _answer(
    content: bytes, content_type: str, headers: dict[str, str], *, binary: bool = False
) -> Response[Any]:
    response: Response[Any] = Response(
        status_code=HTTPStatus.OK,
        content_type=content_type,
        body=base64.b64encode(content).decode() if binary else content.decode(),
        headers=headers,
    )
    # The library would write bytes that are JSON as JSON once more.
    response.base64_encoded = binary
    return response


def _unpacked(content: bytes) -> bytes:
    with gzip.open(io.BytesIO(content)) as stream:
        unpacked = stream.read(_MOST_UNPACKED_BYTES + 1)
    if len(unpacked) > _MOST_UNPACKED_BYTES:
        raise _PackedOnlyError
    return unpacked


def _among(names: _Names | None) -> Callable[[str], bool]:
    """Whether a name is among some; every one is, if none are given."""
    return lambda name: names is None or name in names
