"""The function wired to AWS in process, beside the one that opens links."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from certificate_documents.handler import build
from certificate_documents.settings import Settings
from tests.functions.resources import create_bucket
from tests.functions.result_access.world import RESULT_ID, TOKEN, World
from vigie import aws
from vigie.certificates.value_set_releases import ValueSetReleases
from vigie.dcc import value_sets

PATH = "/v1/results/certificate"


class DocumentWorld(World):
    """Tables and keys of one test, and both functions that use them.

    Attributes:
        wallets: the settings of wallets; none at first.
        accept_language: the header `Accept-Language`, if there is one.
        qr_correction: level of error correction of QR codes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.wallets: dict[str, str] = {}
        self.accept_language: str | None = None
        self.qr_correction = "M"
        create_bucket("value-sets")

    def draw(
        self,
        accept: str | None = "image/png",
        *,
        birth_date: str = "1980-05-12",
        token: str = TOKEN,
        source_id: str = RESULT_ID,
        certificate: str = "test#1",
        **more: object,
    ) -> dict[str, Any]:
        """The answer to who asks for a certificate."""
        body = {
            "token": token,
            "birth_date": birth_date,
            "source_id": source_id,
            "certificate": certificate,
            **more,
        }
        headers = {"accept": accept, "accept-language": self.accept_language}
        return self.post(json.dumps(body), {name: it for name, it in headers.items() if it})

    def call(self, value_set: str, code: str, name: str) -> None:
        """Put a release in force in which a code has another name."""
        release = value_sets.shipped().model_dump(mode="json", by_alias=True)
        release["release"] = "9"
        for part in release["sets"][value_set]["parts"]:
            part["codes"][code] = name
        ValueSetReleases(aws.s3(), "value-sets").publish(json.dumps(release).encode())

    def post(self, body: str, headers: dict[str, str]) -> dict[str, Any]:
        """The answer to who sends a body."""
        return self.answer_to(f"POST {PATH}", body, headers)

    def answer_to(
        self, route: str, body: str = "", headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """The answer of an instance of the function that serves nobody else."""
        api = build(
            Settings.model_validate(
                self.settings.model_dump()
                | {"value_sets_bucket": "value-sets", "qr_correction": self.qr_correction}
                | self.wallets
            ),
            logger=Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG"),
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: self.now,
        )
        return api(
            {
                "routeKey": route,
                "headers": {"content-type": "application/json", **(headers or {})},
                "body": body,
                "isBase64Encoded": False,
            }
        )


def content(answer: dict[str, Any]) -> bytes:
    """The bytes that API Gateway gives of an answer."""
    assert answer["statusCode"] == 200, answer
    assert answer["isBase64Encoded"] is True
    return base64.b64decode(answer["body"])


def problem(answer: dict[str, Any]) -> str:
    """The kind of problem of an answer."""
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    kind: str = json.loads(answer["body"])["type"]
    return kind.removeprefix("urn:vigie:problem:")
