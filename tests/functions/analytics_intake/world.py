"""The function wired to AWS in process, with a clock that a test turns, and phones."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from analytics_intake.handler import build
from analytics_intake.settings import Settings
from tests.functions.resources import create_table, items
from vigie import aws

NOW = datetime(2026, 11, 24, 6, 45, tzinfo=UTC)
ADDRESS = "203.0.113.77"


class World:
    """The table and the key of one test, and the function that uses them."""

    def __init__(self) -> None:
        self.now = NOW
        self.log = io.StringIO()
        # Powertools keeps one logger, with its stream, for each service.
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        create_table("analytics", "day", "entry")
        key = aws.kms().create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        self._settings = Settings(
            analytics_table="analytics", tracing_key_arn=key["KeyMetadata"]["Arn"]
        )
        self.new_instance()

    def new_instance(self) -> None:
        """Start the function anew."""
        self.api = build(
            self._settings,
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: self.now,
        )

    def post(self, body: object, **headers: str) -> dict[str, Any]:
        """The response to a report, from a phone that has an address."""
        return self.api(
            {
                "routeKey": "POST /v1/analytics",
                "headers": {"content-type": "application/json", "x-forwarded-for": ADDRESS}
                | headers,
                "requestContext": {"http": {"sourceIp": ADDRESS, "userAgent": "canari/1"}},
                "body": body if isinstance(body, str) else json.dumps(body),
                "isBase64Encoded": False,
            }
        )

    def counted(self) -> dict[tuple[str, str], dict[str, int]]:
        """The sums by day and by probability and question, whatever the counters."""
        sums: dict[tuple[str, str], dict[str, int]] = {}
        for item in items("analytics"):
            if item["entry"]["S"] == "seen":
                continue
            key = item["day"]["S"], item["entry"]["S"].rpartition("#")[0]
            total = sums.setdefault(key, {})
            for name in set(item) - {"day", "entry", "schema", "expires_at"}:
                total[name] = total.get(name, 0) + int(item[name]["N"])
        return sums


def report(number: int = 0, bits: tuple[int, ...] = (1, 0, 1), **changes: object) -> dict[str, Any]:
    """A report, as a phone sends it; its nonce follows from a number."""
    return {
        "question": "alert-shown",
        "flipPercent": 25,
        "bits": list(bits),
        "nonce": f"{number:022d}",
        "padding": "AAAA",
    } | changes
