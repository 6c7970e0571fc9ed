"""Both functions of polling wired to AWS in process, with a clock that a test turns."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from order_answering.handler import build as build_answering
from order_answering.settings import Settings as AnsweringSettings
from result_polling.handler import build
from result_polling.order_store import OrderStore
from result_polling.settings import Settings
from tests.functions.resources import create_queue, create_table, sqs_event
from vigie import aws
from vigie.events.event import ResultCorrected, ResultRecorded, event_id, write_event
from vigie.http.answer_slots import AnswerSlots
from vigie.orders.order_token import hashed_token
from vigie.results.codes import Method, Outcome, Status
from vigie.results.stored_result import StoredResult, to_item
from vigie.sealing import DerivedKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from result_polling.api import Api

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ORDER, RESULTS, EXCHANGE = (
    f"/virology-test/v2/{name}" for name in ("order", "results", "cta-exchange")
)


class World:
    """Tables and keys of one test, and the functions that use them."""

    def __init__(self) -> None:
        self.now = NOW
        self.clock = 0.0
        self.slept: list[float] = []
        self.log = io.StringIO()
        # Powertools keeps one logger, with its stream, for each service.
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        create_table("results", "result_id")
        create_table("orders", "token")
        hidden, upload = (
            aws.kms().create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"][
                "Arn"
            ]
            for _ in range(2)
        )
        self.code_key = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")[
            "KeyMetadata"
        ]["Arn"]
        self.upload_secret = DerivedKey(aws.kms(), upload, "upload-code")
        self._order_secret = DerivedKey(aws.kms(), hidden, "order")
        self._settings = Settings(
            orders_table="orders",
            order_key_arn=hidden,
            upload_code_key_arn=self.code_key,
            order_website="https://order.example/?ctaToken=",
        )
        self._answering_settings = AnsweringSettings(
            results_table="results",
            orders_table="orders",
            upload_key_arn=upload,
            dead_letters_url=create_queue("dead"),
        )
        self.api = self._new_api()

    def _new_api(self) -> Api:
        return build(
            self._settings,
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: self.now,
            slots=AnswerSlots(lambda: self.clock, self._sleep),
        )

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock += seconds

    def post(self, path: str, body: object = None) -> dict[str, Any]:
        """The response to a request."""
        text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        return self.api({"routeKey": f"POST {path}", "headers": {}, "body": text})

    def order(self) -> dict[str, str]:
        """What an app is given when it orders."""
        answer = self.post(ORDER)
        assert answer["statusCode"] == 200, answer
        found: dict[str, str] = json.loads(answer["body"])
        return found

    def fixed_order(self, token: str, polling_token: str) -> dict[str, str]:
        """An order with tokens of the test's choice."""
        order = {"tokenParameterValue": token, "testResultPollingToken": polling_token}
        key = self._order_secret.bytes()
        kept = OrderStore(aws.dynamodb(), "orders").add(
            hashed_token(key, token), hashed_token(key, polling_token), self.now
        )
        assert kept
        return order

    def poll_alone(self, polling_token: str) -> dict[str, Any]:
        """The answer of an instance of the function that serves nobody else."""
        body = json.dumps({"testResultPollingToken": polling_token})
        return self._new_api()({"routeKey": f"POST {RESULTS}", "headers": {}, "body": body})

    def poll(self, order: dict[str, str]) -> dict[str, Any] | int:
        """The result of an order, or the status without one."""
        token = order["testResultPollingToken"]
        return _read(self.post(RESULTS, {"testResultPollingToken": token, "country": "England"}))

    def exchange(self, token: str) -> dict[str, Any] | int:
        """The result of the order of a token, or the status without one."""
        return _read(self.post(EXCHANGE, {"ctaToken": token}))

    def hashed(self, order: dict[str, str]) -> str:
        """What a result keeps of an order."""
        return hashed_token(self._order_secret.bytes(), order["tokenParameterValue"])

    def result(
        self,
        order: dict[str, str] | None = None,
        *,
        earlier: Sequence[dict[str, str]] = (),
        **changes: Any,  # noqa: ANN401 - any field of a result
    ) -> str:
        """Store a version of a result; the message that tells of it."""
        fields: dict[str, Any] = {
            "result_id": "750000001-abc",
            "version": 1,
            "revision": 1,
            "laboratory": "750000001",
            "person": "p1.canary",
            "contact_tag": None,
            "status": Status.FINAL,
            "outcome": Outcome.DETECTED,
            "disease": "covid-19",
            "method": Method.NAAT,
            "loinc": "94500-6",
            "device": None,
            "sampled_at": NOW - timedelta(days=1, hours=3),
            "reported_at": NOW - timedelta(hours=1),
            "language": None,
            "cycle_threshold": None,
            "variant": None,
            "prescriber": None,
            "commune": None,
            "testing_centre": None,
            "order": None if order is None else self.hashed(order),
            "earlier_orders": tuple(map(self.hashed, earlier)),
            "content_hash": "0" * 64,
            "answers": (),
            "received_at": NOW,
            "expires_at": 2_000_000_000,
            "identity": b"sealed",
            "contact": None,
        }
        result = StoredResult(**(fields | changes))
        aws.dynamodb().put_item(TableName="results", Item=to_item(result))
        kind = ResultRecorded if result.version == 1 else ResultCorrected
        name = kind.model_fields["type"].default
        return write_event(
            kind(
                id=event_id(name, result.result_id, result.version),
                occurred_at=NOW,
                result_id=result.result_id,
                version=result.version,
                person=result.person,
                laboratory=result.laboratory,
                disease=result.disease,
                method=result.method,
                outcome=result.outcome,
                sampled_at=result.sampled_at,
            )
        )

    def tell(self, *messages: str) -> list[str]:
        """Hand messages to a new instance of what answers orders; those that go back."""
        answering = build_answering(
            self._answering_settings, logger=self._logger, now=lambda: self.now
        )
        answer = answering(sqs_event(list(messages)), None)
        return [messages[int(str(each["itemIdentifier"]))] for each in answer["batchItemFailures"]]


def _read(answer: dict[str, Any]) -> dict[str, Any] | int:
    if answer["statusCode"] != 200:
        return int(answer["statusCode"])
    found: dict[str, Any] = json.loads(answer["body"])
    assert len(answer["body"]) == 1024
    del found["padding"]
    return found
