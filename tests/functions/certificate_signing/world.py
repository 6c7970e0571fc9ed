"""The function wired to AWS in process, with signers made by the operator's commands."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger

from certificate_signing.handler import build
from certificate_signing.settings import Settings
from cli.kms_private_key import KmsPrivateKey
from cli.kms_public_key import KmsPublicKey
from cli.signer_parameters import SignerParameters
from cli.signing_authority import create_csca, issue_dsc
from tests.functions.resources import create_table
from tests.unit.certificate_signing.samples import DISEASE, IDENTITY, SAMPLED
from tests.unit.certificate_signing.samples import result as sample_result
from tests.unit.certificate_signing.samples import vaccination as sample_vaccination
from vigie import aws
from vigie.certificates.certificate_due import RecoveryDue
from vigie.certificates.packing import unpacked
from vigie.certificates.stored_certificate import StoredCertificate, from_item
from vigie.dcc.verification import Verification, verify
from vigie.events.bundle import unbundled
from vigie.events.event import AnyEvent, parse_event, write_event
from vigie.results.stored_result import StoredResult, to_item
from vigie.sealing import FieldCipher
from vigie.vaccinations import stored_vaccination
from vigie.vaccinations.stored_vaccination import StoredVaccination
from vigie.vaccinations.vaccination_event import vaccination_event

if TYPE_CHECKING:
    from vigie.person.identity import Identity

RESULT_ID = "750000001-abc"
ENVIRONMENT = "test"
VALUE_SETS = "value-sets"
PARAMETER = f"/vigie/{ENVIRONMENT}/certificates/current-dsc"


class World:
    """Tables, keys, queues and the topic of one test, and the function that uses them."""

    def __init__(self) -> None:
        self.now = SAMPLED + timedelta(hours=3)
        # One after the other, calls come in one order.
        self.side_by_side = 1
        self.log = io.StringIO()
        # Powertools keeps one logger, with its stream, for each service.
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        self._create_tables()
        kms = aws.kms()
        identity_key = kms.create_key()["KeyMetadata"]["Arn"]
        certificates_key = kms.create_key()["KeyMetadata"]["Arn"]
        uvci_key = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        self.identities = FieldCipher(kms, identity_key, "identity")
        self.sealed = FieldCipher(kms, certificates_key, "certificates")
        aws.s3().create_bucket(
            Bucket=VALUE_SETS, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
        )
        self.dead_letters = aws.sqs().create_queue(QueueName="dead")["QueueUrl"]
        self.parameters = SignerParameters(aws.ssm(), ENVIRONMENT)
        self.csca_key = signing_key()
        create_csca(
            self.parameters,
            self.csca_key,
            country="FR",
            organisation="Santé publique",
            now=self.now,
            replace=False,
        )
        self.issue_dsc(signing_key())
        self.settings = Settings(
            results_table="results",
            vaccinations_table="vaccinations",
            certificates_table="certificates",
            dead_letters_url=self.dead_letters,
            events_topic_arn=self._topic(),
            identity_key_arn=identity_key,
            certificates_key_arn=certificates_key,
            uvci_key_arn=uvci_key["KeyMetadata"]["Arn"],
            current_dsc_parameter=PARAMETER,
            value_sets_bucket=VALUE_SETS,
            issuer_country="FR",
            issuer_name="Santé publique",
            issuer_time_zone=ZoneInfo("Europe/Paris"),
        )

    def issue_dsc(self, key: KmsPrivateKey | KmsPublicKey) -> None:
        """Have another document signer sign from now on."""
        issue_dsc(self.parameters, key, self.csca_key, now=self.now, replace=True)

    def result(self, identity: Identity = IDENTITY, **changes: Any) -> StoredResult:  # noqa: ANN401 - any field of a result
        """Store a version of a result, which replaces the one before."""
        document = sample_result(**changes)
        sealed = self.identities.seal(
            identity.model_dump_json().encode(), record_id=document.result_id, field="identity"
        )
        result = StoredResult(**document.model_dump(), identity=sealed, contact=None)
        aws.dynamodb().put_item(TableName="results", Item=to_item(result))
        return result

    def vaccination(self, identity: Identity = IDENTITY, **changes: Any) -> str:  # noqa: ANN401 - any field of a vaccination
        """Store a version of a vaccination, which replaces the one before; its event."""
        document = sample_vaccination(**changes)
        sealed = self.identities.seal(
            identity.model_dump_json().encode(),
            record_id=document.vaccination_id,
            field="identity",
        )
        stored = StoredVaccination(**document.model_dump(), identity=sealed, contact=None)
        aws.dynamodb().put_item(TableName="vaccinations", Item=stored_vaccination.to_item(stored))
        return write_event(vaccination_event(document))

    def deliver(self, *bodies: str) -> list[str]:
        """Hand a batch to a new instance of the function; what goes back, by place.

        Without bodies, one message about the sample result.
        """
        door = build(
            self.settings,
            logger=self._logger,
            now=lambda: self.now,
            catalogue={DISEASE.key: DISEASE},
            side_by_side=self.side_by_side,
        )
        messages = bodies or (RecoveryDue(result_id=RESULT_ID).model_dump_json(),)
        answer = door(
            {
                "Records": [
                    {
                        "messageId": str(place),
                        "body": body,
                        "eventSource": "aws:sqs",
                        "receiptHandle": "r",
                    }
                    for place, body in enumerate(messages)
                ]
            },
            None,
        )
        return [str(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]

    def rows(self) -> list[dict[str, Any]]:
        """Every item of the certificates table, in the order of its keys."""
        items = aws.dynamodb().scan(TableName="certificates", ConsistentRead=True)["Items"]
        return sorted(items, key=lambda item: (item["source_id"]["S"], item["certificate"]["S"]))

    def certificates(self) -> list[StoredCertificate]:
        """Every certificate, in the order of its name."""
        return [from_item(row) for row in self.rows() if "hcert" in row]

    def reminders(self) -> list[str]:
        """The partition of every reminder."""
        return [row["due_on"]["S"] for row in self.rows() if "hcert" not in row]

    def text(self, certificate: StoredCertificate) -> str:
        """The HC1 text of a certificate."""
        return unpacked(
            self.sealed.open(certificate.hcert, record_id=certificate.record_id, field="hcert")
        )

    def verified(self, certificate: StoredCertificate) -> Verification:
        """What a verifier says of a certificate when it is issued."""
        return verify(self.text(certificate), self.parameters.trusted(), certificate.issued_at)

    def entry(self, certificate: StoredCertificate) -> dict[str, Any]:
        """The entry of a certificate, by the keys of the schema, once it is verified."""
        verification = self.verified(certificate)
        if not verification.trusted or verification.claims is None:
            raise AssertionError(verification.checks)
        entries: Any = verification.claims.certificate[certificate.kind[0]]
        return dict(entries[0])

    def events(self) -> list[AnyEvent]:
        """Every event that was published since the last time."""
        return [parse_event(event) for body in drained(self._events) for event in unbundled(body)]

    def told(self) -> list[tuple[str, str]]:
        """Type and certificate of each event since the last time, each once, in order."""
        events = [event for event in self.events() if "Certificate" in event.type]
        return sorted({(event.type, event.certificate) for event in events})  # type: ignore[union-attr]

    def codes(self) -> list[str]:
        """The codes of all log lines, with their detail or reason."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [
            " ".join(filter(None, (line["message"], line.get("detail") or line.get("reason"))))
            for line in lines
        ]

    def _topic(self) -> str:
        topic = aws.sns().create_topic(Name="events")["TopicArn"]
        self._events = aws.sqs().create_queue(QueueName="events")["QueueUrl"]
        queue_arn = aws.sqs().get_queue_attributes(
            QueueUrl=self._events, AttributeNames=["QueueArn"]
        )["Attributes"]["QueueArn"]
        aws.sns().subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=queue_arn,
            Attributes={"RawMessageDelivery": "true"},
        )
        return topic

    def _create_tables(self) -> None:
        aws.dynamodb().create_table(
            TableName="results",
            KeySchema=[{"AttributeName": "result_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "result_id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        create_table("vaccinations", "vaccination_id")
        create_certificates_table()


def create_certificates_table() -> None:
    """The certificates table with its index `due`."""
    aws.dynamodb().create_table(
        TableName="certificates",
        KeySchema=[
            {"AttributeName": "source_id", "KeyType": "HASH"},
            {"AttributeName": "certificate", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("source_id", "certificate", "due_on")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "due",
                "KeySchema": [
                    {"AttributeName": "due_on", "KeyType": "HASH"},
                    {"AttributeName": "source_id", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def rsa_key() -> KmsPublicKey:
    """A new KMS key that signs with PS256."""
    made = aws.kms().create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    return KmsPublicKey.of(aws.kms(), made["KeyMetadata"]["Arn"])


def signing_key() -> KmsPrivateKey:
    """A new KMS key of the type that signs certificates."""
    made = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    return KmsPrivateKey(aws.kms(), made["KeyMetadata"]["Arn"])


def drained(queue_url: str) -> list[str]:
    """The bodies of all messages in a queue, which is empty afterwards."""
    bodies: list[str] = []
    while True:
        messages = (
            aws.sqs()
            .receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
            .get("Messages", [])
        )
        if not messages:
            return bodies
        for message in messages:
            bodies.append(message["Body"])
            aws.sqs().delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def at(day: int, hour: int = 12) -> datetime:
    """A time of a day after the sampling, in UTC."""
    return datetime(2026, 11, 1, hour, tzinfo=UTC) + timedelta(days=day)
