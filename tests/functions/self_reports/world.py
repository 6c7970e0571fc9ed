"""The function wired to AWS in process, with a clock that a test turns, and an app."""

from __future__ import annotations

import base64
import io
import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics
from moto.sns.models import sns_backends

from self_reports.handler import build
from self_reports.settings import Settings
from tests.functions.conftest import REGION
from tests.functions.key_upload.world import NOW
from tests.functions.resources import create_table
from vigie import aws
from vigie.http.answer_slots import AnswerSlots

if TYPE_CHECKING:
    from self_reports.api import Api

PHONE = "+33639980001"
LINK = "app://upload#"
_ACCOUNT = "123456789012"


class World:
    """Table and keys of one test, and the function that uses them.

    Args:
        code_key: ARN of the key that signs upload codes; a new one if it is not given.
    """

    def __init__(self, code_key: str | None = None) -> None:
        self.now = NOW
        self.clock = 0.0
        self.slept: list[float] = []
        self.log = io.StringIO()
        # Powertools keeps one logger, with its stream, for each service.
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        create_table("report-phones", "id")
        kms = aws.kms()
        self.settings = Settings(
            phones_table="report-phones",
            self_report_key_arn=kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")[
                "KeyMetadata"
            ]["Arn"],
            upload_code_key_arn=code_key
            or kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"][
                "Arn"
            ],
            app_link=LINK,
            sms_sender_id="Vigie",
            phone_prefixes="+336,+337",
            requests_a_day=20,
            messages_to_a_phone=3,
        )
        self.api = self.new_api()

    def new_api(self) -> Api:
        """A new instance of the function."""
        return build(
            self.settings,
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: self.now,
            slots=AnswerSlots(lambda: self.clock, self._sleep),
        )

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock += seconds

    def post(self, body: object, **headers: str) -> dict[str, Any]:
        """The response to a request."""
        return self.api(event(body, **headers))

    def ask(self, seed: int = 1, **changes: object) -> tuple[int, dict[str, Any]]:
        """Status and answer, without its padding, of a request that is all right but for changes.

        Args:
            seed: what all bytes of the nonce are.
            changes: of the body.
        """
        answer = self.post(asked(seed, self.now.date().isoformat(), **changes))
        said = json.loads(answer["body"])
        assert 5120 <= len(answer["body"]) < 6144
        assert said.pop("padding")
        return answer["statusCode"], said

    def sms(self) -> list[tuple[str, str]]:
        """Every SMS that SNS took: number and text."""
        return list(sns_backends[_ACCOUNT][REGION].sms_messages.values())

    def later(self, **by: float) -> None:
        """Turn the clock on."""
        self.now += timedelta(**by)


def asked(seed: int, day: str, **changes: object) -> dict[str, object]:
    """The body of a request."""
    return {
        "testDate": day,
        "symptomDate": "",
        "tzOffset": 0,
        "phone": PHONE,
        "nonce": base64.b64encode(bytes((seed,)) * 256).decode(),
        "padding": "AAAA",
    } | changes


def event(body: object, **headers: str) -> dict[str, Any]:
    """A request, as the API hands it over."""
    text = body if isinstance(body, str) else json.dumps(body)
    return {"routeKey": "POST /api/user-report", "headers": headers, "body": text}
