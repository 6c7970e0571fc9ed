"""The OpenAPI description of the API, at `/v1/revocations/openapi.json`."""

from typing import Annotated, Any

from pydantic import StringConstraints

from revocation_lists import problem
from vigie.http.openapi import JSON, Answer, Operation, describe, problem_answers
from vigie.http.problem import BODY_NOT_JSON, BODY_UNREADABLE, FAILED, UNAVAILABLE
from vigie.revocation.batch import BatchList
from vigie.revocation.device_list import ListedSigner, Partition

PATH = "/v1/revocations/openapi.json"
_TITLE = "Vigie: what is revoked"
_DESCRIPTION = (
    "Batches of revocations as the EU's gateway exchanges them, and the lists that devices look "
    "certificates up in, as its revocation distribution service has them. Problems are described "
    "as RFC 9457 says, and never repeat what was sent."
)
_Names = list[Annotated[str, StringConstraints(max_length=64)]]
_PARTITION = "/lists/{kid}/partitions/{id}"
_PROBLEMS = problem_answers(problem.REQUEST_INVALID, problem.NOT_FOUND, FAILED, UNAVAILABLE)
_BODY_PROBLEMS = problem_answers(BODY_UNREADABLE, problem.BODY_TOO_LARGE, BODY_NOT_JSON)
_UNLESS = {"If-None-Match": "The ETag of an answer before: 304 says that nothing is new."}
_SINCE = {"If-Modified-Since": "An HTTP date, or ISO 8601: the batches that changed since."}
_SAME = {304: Answer("Nothing is new.")}


def _given(body: Any) -> dict[int, Answer]:  # noqa: ANN401 - whatever describes JSON
    return {200: Answer("Given.", body), **_PROBLEMS}


_SLICES = {200: Answer("A gzipped tar of slices.", bytes, ("application/gzip",)), **_PROBLEMS}
_OPERATIONS = (
    Operation(
        "get",
        "/revocation-list",
        "changedBatches",
        "The batches that changed, some thousand at a time",
        _given(BatchList) | {204: Answer("Nothing changed.")},
        _SINCE,
    ),
    Operation(
        "get",
        "/revocation-list/{batch}",
        "oneBatch",
        "A batch, as CMS in base64 or as JSON",
        {
            200: Answer("Given.", Any, (JSON, "application/cms")),
            **_PROBLEMS,
        },
        {"Accept": "`application/json` for the content without its signature."},
    ),
    Operation(
        "get",
        "/lists",
        "signers",
        "Of which signers something is revoked",
        _given(list[ListedSigner]) | _SAME,
        _UNLESS,
    ),
    Operation(
        "get",
        "/lists/{kid}/partitions",
        "partitions",
        "The partitions of a signer",
        _given(list[Partition]) | _SAME | problem_answers(problem.PACKED_ONLY),
        _UNLESS | {"Accept-Encoding": "gzip, which a signer of many needs."},
    ),
    Operation("get", _PARTITION, "onePartition", "A partition of a signer", _given(Partition)),
    Operation(
        "post",
        f"{_PARTITION}/slices",
        "slicesOfPartition",
        "The slices of a partition, or of the chunks that are named",
        _SLICES | _BODY_PROBLEMS,
        body=_Names,
        body_required=False,
    ),
    Operation(
        "get",
        f"{_PARTITION}/chunks/{{chunk}}/slices",
        "slicesOfChunk",
        "The slices of a chunk",
        _SLICES,
    ),
    Operation(
        "post",
        f"{_PARTITION}/chunks/{{chunk}}/slices",
        "namedSlices",
        "The slices of a chunk that are named",
        _SLICES | _BODY_PROBLEMS,
        body=_Names,
        body_required=False,
    ),
    Operation(
        "get",
        f"{_PARTITION}/chunks/{{chunk}}/slices/{{slice}}",
        "oneSlice",
        "A slice",
        _SLICES,
    ),
)


def description() -> str:
    """The description, as JSON."""
    return describe(_TITLE, _DESCRIPTION, _OPERATIONS)
