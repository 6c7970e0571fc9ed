"""The function wired to AWS in process, with a clock that a test turns."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from laboratory_uploads.handler import build
from laboratory_uploads.settings import Settings
from tests.functions.laboratories import register
from tests.functions.laboratory_uploads.tokens import ISSUER, SCOPE, jwk_set, token
from tests.functions.resources import create_bucket, create_files_table, create_table
from vigie import aws
from vigie.inbox import FileStore, InboxFile

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LILAS, BLEUETS = "750000001", "690000002"
UPLOADS = "/v1/lab/uploads"
A_FILE = {"content_type": "text/csv", "size": 3}
RETENTION = timedelta(days=90)


class Answer:
    """What was answered.

    Attributes:
        status: the HTTP status.
        headers: of the answer.
        body: read from JSON.
    """

    def __init__(self, answered: dict[str, Any]) -> None:
        self.status = int(answered["statusCode"])
        self.headers: dict[str, str] = answered["headers"]
        self.body: dict[str, Any] = json.loads(answered["body"])

    @property
    def problem(self) -> str:
        """The name of the problem."""
        return str(self.body["type"]).removeprefix("urn:vigie:problem:")


class World:
    """Two laboratories with a client each, and the function that they call."""

    def __init__(self) -> None:
        self.now = NOW
        self.log = io.StringIO()
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        create_table("laboratories", "finess", by_client=("client_id", "finess"))
        create_table("uploads", "upload_id")
        create_files_table()
        create_bucket("inbox", versioned=True)
        create_bucket("outbox")
        self.files = FileStore(aws.dynamodb(), "files")
        for finess in (LILAS, BLEUETS):
            register(finess, client_id=f"client-{finess}")
        self.settings = Settings(
            laboratories_table="laboratories",
            files_table="files",
            uploads_table="uploads",
            inbox_bucket="inbox",
            outbox_bucket="outbox",
            token_issuer=ISSUER,
            token_keys_url="https://issuer",
            token_scope=SCOPE,
            retention_days=RETENTION.days,
        )
        self.start()

    def start(self) -> None:
        """Have a new instance of the function."""
        self._api = build(
            self.settings,
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: self.now,
            fetch=lambda _: jwk_set(),
        )

    def ask(  # noqa: PLR0913 - a request has so many parts
        self,
        method: str,
        path: str,
        *,
        of: str | None = LILAS,
        body: object = None,
        key: str | None = None,
        query: dict[str, str] | None = None,
        token_of: str | None = None,
    ) -> Answer:
        """What a laboratory is answered.

        Args:
            method: of the request.
            path: of the request.
            of: FINESS of the laboratory that asks, with a token of its client.
            body: as JSON.
            key: the idempotency key.
            query: the parameters.
            token_of: another token than that of the laboratory's client.
        """
        headers = {}
        if of is not None:
            given = token_of or token(f"client-{of}", self.now.timestamp() + 3600)
            headers["authorization"] = f"Bearer {given}"
        if body is not None:
            headers["content-type"] = "application/json"
        if key is not None:
            headers["idempotency-key"] = key
        event = {
            "version": "2.0",
            "routeKey": f"{method} {path}",
            "rawPath": path,
            "rawQueryString": "",
            "queryStringParameters": query or {},
            "headers": headers,
            "requestContext": {
                "http": {"method": method, "path": path},
                "stage": "$default",
                "requestId": "request",
            },
            "isBase64Encoded": False,
            **({} if body is None else {"body": json.dumps(body)}),
        }
        return Answer(self._api(event))

    def open(self, key: str | None = None, **changes: object) -> Answer:
        """What is answered to who opens an upload."""
        return self.ask("POST", UPLOADS, body={**A_FILE, **changes}, key=key)

    def put(self, key: str, body: bytes = b"a;b") -> InboxFile:
        """A file of the inbox, as the form puts it there."""
        version = aws.s3().put_object(Bucket="inbox", Key=key, Body=body)["VersionId"]
        return InboxFile(
            bucket="inbox",
            key=key,
            version_id=version,
            size=len(body),
            received_at=aws.s3().head_object(Bucket="inbox", Key=key)["LastModified"],
        )

    def recorded(self, file: InboxFile) -> InboxFile:
        """A file that the intake has begun with."""
        self.files.open(file, now=file.received_at, retention=RETENTION)
        return file
