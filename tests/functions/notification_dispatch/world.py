"""The function wired to AWS in process, with a clock that a test turns."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

from notification_dispatch.channel import Channel
from notification_dispatch.handler import build
from notification_dispatch.settings import Settings
from tests.unit.certificate_signing.samples import vaccination as sample_vaccination
from vigie import aws
from vigie.events.event import (
    AnyEvent,
    CertificateIssued,
    CertificateRevoked,
    ResultCorrected,
    ResultRecorded,
    ResultWithdrawn,
    event_id,
    write_event,
)
from vigie.person.identity import Contact
from vigie.results.codes import Language, Method, Outcome, Status
from vigie.results.stored_result import StoredResult, to_item
from vigie.sealing import FieldCipher
from vigie.vaccinations import stored_vaccination
from vigie.vaccinations.stored_vaccination import StoredVaccination

REGION = "eu-west-3"
ACCOUNT = "123456789012"
RESULT_ID = "750000001-abc"
RESULT_EXPIRES_AT = 2_000_000_000
RECEIVED = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
VACCINATION_ID = "V-mfrggzdfmztwq2lknnwg23tpoa"
EMAIL = "canary.martin@example.org"
PHONE = "+33612345678"


class World:
    """Tables, keys and providers of one test, and the function that uses them."""

    def __init__(self, preferred: Channel = Channel.EMAIL) -> None:
        self.now = RECEIVED + timedelta(minutes=1)
        self.log = io.StringIO()
        # Powertools keeps one logger, with its stream, for each service.
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        self.dynamodb = aws.dynamodb()
        for table, key in (
            ("results", "result_id"),
            ("vaccinations", "vaccination_id"),
            ("grants", "token_hash"),
        ):
            self.dynamodb.create_table(
                TableName=table,
                KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
        kms = aws.kms()
        contact_key = kms.create_key()["KeyMetadata"]["Arn"]
        link_key = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        self.contacts = FieldCipher(kms, contact_key, "contact")
        self.dead_letters = aws.sqs().create_queue(QueueName="dead")["QueueUrl"]
        aws.sesv2().create_email_identity(EmailIdentity="no-reply@vigie.example")
        self.settings = Settings(
            results_table="results",
            vaccinations_table="vaccinations",
            grants_table="grants",
            contact_key_arn=contact_key,
            link_key_arn=link_key["KeyMetadata"]["Arn"],
            dead_letters_url=self.dead_letters,
            link_base_url="https://vigie.example",
            email_from="no-reply@vigie.example",
            sms_sender_id="VIGIE",
            preferred_channel=preferred,
        )

    def result(self, **changes: Any) -> StoredResult:  # noqa: ANN401 - any field of a result
        """Store a result; `contact` is given as it is before it is sealed."""
        contact = changes.pop("contact", Contact(email=EMAIL, phone=PHONE))
        values: dict[str, Any] = {
            "result_id": RESULT_ID,
            "version": 1,
            "revision": 1,
            "laboratory": "750000001",
            "person": "p1.someone",
            "contact_tag": "c1.somewhere" if contact else None,
            "status": Status.FINAL,
            "outcome": Outcome.DETECTED,
            "disease": "covid-19",
            "method": Method.NAAT,
            "loinc": "94500-6",
            "device": None,
            "sampled_at": RECEIVED - timedelta(days=1),
            "reported_at": RECEIVED - timedelta(hours=1),
            "language": Language.FRENCH,
            "cycle_threshold": None,
            "variant": None,
            "prescriber": None,
            "commune": None,
            "testing_centre": None,
            "content_hash": "0" * 64,
            "answers": (),
            "received_at": RECEIVED,
            "expires_at": RESULT_EXPIRES_AT,
            "identity": b"sealed",
        }
        values |= changes
        sealed = contact and self.contacts.seal(
            contact.model_dump_json().encode(), record_id=values["result_id"], field="contact"
        )
        result = StoredResult(**values, contact=sealed)
        self.dynamodb.put_item(TableName="results", Item=to_item(result))
        return result

    def vaccination(self, **changes: Any) -> StoredVaccination:  # noqa: ANN401 - any field of a vaccination
        """Store a vaccination of somebody whose language is French."""
        document = sample_vaccination(
            vaccination_id=VACCINATION_ID,
            contact_tag="c1.somewhere",
            language=Language.FRENCH,
            recorded_at=RECEIVED,
            **changes,
        )
        contact = self.contacts.seal(
            Contact(email=EMAIL).model_dump_json().encode(),
            record_id=VACCINATION_ID,
            field="contact",
        )
        stored = StoredVaccination(**document.model_dump(), identity=b"sealed", contact=contact)
        item = stored_vaccination.to_item(stored)
        self.dynamodb.put_item(TableName="vaccinations", Item=item)
        return stored

    def deliver(self, *events: AnyEvent | str) -> list[str]:
        """Hand a batch to a new instance of the function; the messages that go back, by place."""
        consumer = build(
            self.settings,
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: self.now,
        )
        bodies = [event if isinstance(event, str) else write_event(event) for event in events]
        answer = consumer(
            {
                "Records": [
                    {
                        "messageId": str(place),
                        "body": body,
                        "eventSource": "aws:sqs",
                        "receiptHandle": "r",
                    }
                    for place, body in enumerate(bodies)
                ]
            },
            None,
        )
        return [str(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]

    def emails(self) -> list[Any]:
        """Every e-mail that SES took."""
        return list(ses_backends[ACCOUNT][REGION].sent_messages)

    def sms(self) -> list[tuple[str, str]]:
        """Every SMS that SNS took: number and text."""
        return list(sns_backends[ACCOUNT][REGION].sms_messages.values())

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every item of a table."""
        return list(self.dynamodb.scan(TableName=table)["Items"])

    def states(self) -> list[str]:
        """The states of all sendings."""
        return sorted(row["state"]["S"] for row in self.rows("grants"))

    def codes(self) -> list[str]:
        """The codes of all log lines."""
        return [json.loads(line)["message"] for line in self.log.getvalue().splitlines()]


def recorded_event(version: int = 1) -> ResultRecorded:
    """The event of the first version of the result that `World.result` stores."""
    return ResultRecorded(
        id=event_id("ResultRecorded", RESULT_ID, version),
        result_id=RESULT_ID,
        version=version,
        **_EVENT,
    )


def corrected_event(version: int = 2) -> ResultCorrected:
    """The event of a later version of it."""
    return ResultCorrected(
        id=event_id("ResultCorrected", RESULT_ID, version),
        result_id=RESULT_ID,
        version=version,
        **_EVENT,
    )


def withdrawn_event(version: int = 2) -> ResultWithdrawn:
    """The event of its withdrawal."""
    return ResultWithdrawn(
        id=event_id("ResultWithdrawn", RESULT_ID, version),
        result_id=RESULT_ID,
        version=version,
        **_EVENT,
    )


def issued_event(kind: Literal["test", "recovery"]) -> CertificateIssued:
    """The event of a certificate that was made from it."""
    certificate = f"{kind}#1"
    return CertificateIssued(
        id=event_id("CertificateIssued", f"{RESULT_ID}/{certificate}", 1),
        occurred_at=RECEIVED,
        result_id=RESULT_ID,
        certificate=certificate,
        version=1,
        person="p1.someone",
        kind=kind,
        disease="covid-19",
    )


def dose_issued_event() -> CertificateIssued:
    """The event of the certificate of the first version of `World.vaccination`."""
    return CertificateIssued(
        id=event_id("CertificateIssued", f"{VACCINATION_ID}/vaccination#1", 1),
        occurred_at=RECEIVED,
        result_id=VACCINATION_ID,
        certificate="vaccination#1",
        version=1,
        person="p1.someone",
        kind="vaccination",
        disease="covid-19",
    )


def revoked_event(kind: Literal["test", "recovery"]) -> CertificateRevoked:
    """The event of the revocation of that certificate."""
    issued = issued_event(kind)
    return CertificateRevoked(
        **issued.model_dump(exclude={"id", "type"}),
        id=event_id("CertificateRevoked", f"{RESULT_ID}/{issued.certificate}", 1),
    )


_EVENT: dict[str, Any] = {
    "occurred_at": RECEIVED,
    "person": "p1.someone",
    "laboratory": "750000001",
    "disease": "covid-19",
    "method": Method.NAAT,
    "outcome": Outcome.DETECTED,
    "sampled_at": RECEIVED - timedelta(days=1),
}
