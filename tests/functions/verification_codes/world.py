"""The function wired to AWS in process, with a clock that a test turns, an app and an issuer."""

from __future__ import annotations

import base64
import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from tests.functions.resources import create_table, items
from verification_codes.handler import build
from verification_codes.settings import Settings
from vigie import aws
from vigie.dcc.cose import der_to_raw
from vigie.http.answer_slots import AnswerSlots
from vigie.tracing.compact_jws import compact, kid_of
from vigie.tracing.issuer import Issuer, key_hash, new_key
from vigie.tracing.issuer_store import IssuerStore
from vigie.tracing.upload_code import CodeReport, UploadCode, signing_input

NOW = datetime(2026, 11, 24, 6, 45, tzinfo=UTC)
PHONE = "198.51.100.7"
CLOUDFRONT = "203.0.113.9"
MAC = base64.b64encode(bytes(32)).decode()
OTHER_MAC = base64.b64encode(bytes((1,)) * 32).decode()
QUOTA = 12
TRIES = 3


class World:
    """Tables and keys of one test, and the function that uses them."""

    def __init__(self) -> None:
        self.now = NOW
        self.clock = 0.0
        self.log = io.StringIO()
        # Powertools keeps one logger, with its stream, for each service.
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        for table in ("codes", "tries"):
            create_table(table, "id")
        create_table("issuers", "kind", "name")
        create_table("used-codes", "jti")
        self.code_key, self.signing_key = (
            aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"][
                "Arn"
            ]
            for _ in range(2)
        )
        tracing_key = aws.kms().create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        self.settings = Settings(
            codes_table="codes",
            tries_table="tries",
            issuers_table="issuers",
            used_codes_table="used-codes",
            tracing_key_arn=tracing_key["KeyMetadata"]["Arn"],
            upload_code_key_arn=self.code_key,
            verification_key_arn=self.signing_key,
            verification_issuer="fr.gouv.vigie",
            verification_audience="exposure-notifications-server",
            code_link="ens://v?r=FR&c=",
            wrong_tries_an_hour=TRIES,
        )
        self.issuer_key = self.issuer("traceurs", QUOTA)
        self.new_instance()

    def new_instance(self) -> None:
        """Start the function anew."""
        self.api = build(
            self.settings,
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: self.now,
            slots=AnswerSlots(lambda: self.clock, self._sleep),
        )

    def _sleep(self, seconds: float) -> None:
        self.clock += seconds

    def issuer(self, name: str, quota: int) -> str:
        """The key of a new issuer."""
        key = new_key(name)
        issuer = Issuer(name=name, key_hash=key_hash(key), daily_quota=quota, added_at=self.now)
        assert IssuerStore(aws.dynamodb(), "issuers").add(issuer)
        return key

    def upload_code(self, report: CodeReport = CodeReport.CONFIRMED) -> str:
        """An upload code as the giver signs it."""
        code = UploadCode(jti="A" * 22, issued_at=NOW - timedelta(hours=1), report=report)
        signed = signing_input(code, kid_of(self.code_key))
        der = aws.kms().sign(
            KeyId=self.code_key,
            Message=signed.encode(),
            MessageType="RAW",
            SigningAlgorithm="ECDSA_SHA_256",
        )["Signature"]
        return compact(signed, der_to_raw(der))

    def post(
        self, path: str, body: object, *, address: str = PHONE, **headers: str
    ) -> dict[str, Any]:
        """The response to a request, through CloudFront."""
        return self.api(
            {
                "routeKey": f"POST /api/{path}",
                "headers": {
                    "content-type": "application/json",
                    "x-forwarded-for": f"{address}, {CLOUDFRONT}",
                }
                | {name.replace("_", "-"): value for name, value in headers.items()},
                "requestContext": {"http": {"sourceIp": CLOUDFRONT}},
                "body": body if isinstance(body, str) else json.dumps(body),
                "isBase64Encoded": False,
            }
        )

    def said(self, path: str, body: object, **headers: str) -> dict[str, Any]:
        """What a request that is taken is answered, without its padding."""
        answer = self.post(path, body, **headers)
        assert answer["statusCode"] == 200, answer["body"][:300]
        return said(answer)

    def refused(self, path: str, body: object, **headers: str) -> tuple[int, str]:
        """Status and code of a request that is not taken."""
        answer = self.post(path, body, **headers)
        return answer["statusCode"], said(answer)["errorCode"]

    def issue(self, **body: object) -> dict[str, Any]:
        """What a tracer's system is given for a code."""
        asked = {"testType": "confirmed"} | body
        return self.said("issue", asked, x_api_key=self.issuer_key)

    def stored(self) -> list[dict[str, Any]]:
        """Every item of every table."""
        return [item for table in ("codes", "tries", "used-codes") for item in items(table)]


def said(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer says, without its padding."""
    body: dict[str, Any] = json.loads(answer["body"])
    body.pop("padding", None)
    return body
