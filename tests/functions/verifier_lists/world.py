"""The function wired to AWS in process, with a published trust list."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from tests.functions.resources import create_bucket
from verifier_lists.handler import build
from verifier_lists.settings import Settings
from vigie import aws
from vigie.lists.list_bucket import ListBucket
from vigie.lists.publication import ListFile
from vigie.trust.listing import next_list
from vigie.trust.signer_list import SIGNERS_FILE, TRUST, SignerList
from vigie.trust.trusted_signer import TrustedSigner

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
UPDATE, STATUS = "/signercertificateUpdate", "/signercertificateStatus"


def trusted(country: str, der: bytes) -> TrustedSigner:
    """A signer; its certificate is never read here."""
    return TrustedSigner.of(country, der)


class Answer:
    """What was answered.

    Attributes:
        status: the HTTP status.
        headers: of the answer, with names in lower case.
        text: the body.
    """

    def __init__(self, answered: dict[str, Any]) -> None:
        self.status = int(answered["statusCode"])
        self.headers = {name.lower(): value for name, value in answered["headers"].items()}
        self.text: str = answered["body"]

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever it is
        """The body, read from JSON."""
        return json.loads(self.text)

    @property
    def problem(self) -> str:
        """The name of the problem."""
        return str(self.json["type"]).removeprefix("urn:vigie:problem:")


class World:
    """The bucket of lists, and the function that reads it.

    Attributes:
        seconds: what the function's clock shows.
        tick: by how much it goes on whenever it is looked at.
    """

    def __init__(self) -> None:
        create_bucket("lists")
        self.bucket = ListBucket(aws.s3(), "lists")
        self.listed = SignerList()
        self.seconds = 0.0
        self.tick = 0.0
        self.log = io.StringIO()
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        self.start()

    def start(self) -> None:
        """Have a new instance of the function."""
        self._api = build(
            Settings(lists_bucket="lists"),
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            clock=self._clock,
        )

    def _clock(self) -> float:
        self.seconds += self.tick
        return self.seconds

    def publish(self, *signers: TrustedSigner, at: datetime = NOW) -> None:
        """Publish a trust list of these signers."""
        self.listed = next_list(self.listed, signers, at)
        file = ListFile(self.listed.model_dump_json().encode())
        self.bucket.publish(TRUST, {SIGNERS_FILE: file}, at, replaced=self.bucket.current(TRUST))

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        """What is answered; the names of headers have `_` for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent["content-type"] = "application/json"
        event = {
            "version": "2.0",
            "routeKey": f"{method} {path}",
            "rawPath": path,
            "rawQueryString": "",
            "headers": sent,
            "requestContext": {
                "http": {"method": method, "path": path},
                "stage": "$default",
                "requestId": "request",
            },
            "isBase64Encoded": False,
            **({} if body is None else {"body": body}),
        }
        return Answer(self._api(event))
