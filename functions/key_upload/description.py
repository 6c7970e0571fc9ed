"""The routes of this function, for the OpenAPI description of tracing."""

from typing import Literal

from pydantic import Field

from key_upload.publish_request import PublishRequest
from key_upload.refusal import ErrorCode
from vigie.http.openapi import JSON, Answer, Operation
from vigie.model import Frozen


class PublishAnswer(Frozen):
    """What is answered to uploads, refusals and decoys alike; what is empty is left out.

    Attributes:
        revision_token: for a later upload of the same person.
        inserted: how many keys were stored.
        code: what an app may act on.
        error: for its developer.
        warnings: which keys were left out although they break no rule.
        padding: makes answers alike, and says nothing.
    """

    revision_token: str | None = Field(None, alias="revisionToken")
    inserted: int | None = Field(None, alias="insertedExposures")
    code: ErrorCode | None = None
    error: str | None = None
    warnings: tuple[str, ...] = ()
    padding: str


class Health(Frozen):
    """That the API answers."""

    status: Literal["ok"]


_SAID = {
    200: "Taken, in whole or in part; or a decoy.",
    400: "The request breaks a rule: see `code`.",
    401: "The health authority or the permission is not known.",
    403: "The device vouched for another body.",
    413: "The body is larger than 64,000 bytes.",
    415: "The body is not JSON.",
    500: "Something went wrong; send the same again later.",
}

OPERATIONS = (
    Operation(
        method="post",
        path="/v1/publish",
        name="publishKeys",
        summary="Publish diagnosis keys",
        headers={
            "X-Chaff": "Any value makes the request a decoy, which is answered unread.",
            "X-Attestation": "What the device vouches with.",
            "X-Attested-Body": "SHA-256 of the body that the device vouches for.",
        },
        body=PublishRequest,
        answers={status: Answer(said, PublishAnswer) for status, said in _SAID.items()},
    ),
    Operation(
        method="get",
        path="/health",
        name="health",
        summary="Say that the API answers",
        answers={200: Answer("It does.", Health)},
    ),
    Operation(
        method="get",
        path="/v1/openapi.json",
        name="description",
        summary="Give this description",
        answers={200: Answer("This description.", drawn=(JSON,))},
    ),
)
