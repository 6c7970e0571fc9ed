"""The function wired to AWS in process, with a clock that a test turns."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from result_access.handler import build
from result_access.settings import Settings
from tests.functions.resources import create_table
from tests.unit.certificate_signing.samples import vaccination as sample_vaccination
from vigie import aws
from vigie.access.grant import AccessGrant, link_token, to_attributes, token_hash
from vigie.certificates import stored_certificate
from vigie.certificates.certificate_due import RECOVERY_DUE, due_on
from vigie.certificates.packing import packed
from vigie.certificates.stored_certificate import StoredCertificate
from vigie.dcc import hcert
from vigie.dcc.certificate import (
    DigitalCovidCertificate,
    Entry,
    PersonName,
    RecoveryEntry,
    TestEntry,
    TestKind,
    TestOutcome,
    VaccinationEntry,
)
from vigie.person.identity import Identity
from vigie.results import stored_result
from vigie.results.codes import Language, Method, Outcome, Status
from vigie.results.stored_result import StoredResult
from vigie.sealing import FieldCipher
from vigie.vaccinations import stored_vaccination
from vigie.vaccinations.stored_vaccination import StoredVaccination

if TYPE_CHECKING:
    from vigie.certificates.kind import CertificateKind

REGION = "eu-west-3"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TOKEN = link_token(bytes(32), "sending")
RESULT_ID = "750000001-abc"
# Of `sample_vaccination`.
VACCINATION_ID = "V-abc"
NAMED = Identity(family_name="Canary", given_names=("Éloïse", "Anne"), birth_date="1980-05-12")
OPEN = "/v1/results/open"
UPLOAD_CODE = "/v1/results/upload-code"


class World:
    """Tables and keys of one test, and the function that uses them."""

    def __init__(self) -> None:
        self.now = NOW
        self.log = io.StringIO()
        # Powertools keeps one logger, with its stream, for each service.
        self.logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        self.dynamodb = aws.dynamodb()
        self._create_tables()
        identity_key, certificates_key = (
            aws.kms().create_key()["KeyMetadata"]["Arn"] for _ in range(2)
        )
        self.identities = FieldCipher(aws.kms(), identity_key, "identity")
        self.certificates = FieldCipher(aws.kms(), certificates_key, "certificates")
        self.upload_code_key = aws.kms().create_key(
            KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY"
        )["KeyMetadata"]["Arn"]
        self.settings = Settings(
            results_table="results",
            vaccinations_table="vaccinations",
            certificates_table="certificates",
            grants_table="grants",
            identity_key_arn=identity_key,
            certificates_key_arn=certificates_key,
            upload_key_arn=aws.kms().create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")[
                "KeyMetadata"
            ]["Arn"],
            upload_code_key_arn=self.upload_code_key,
            app_link="app://upload#",
        )
        self.api = build(
            self.settings,
            logger=self.logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: self.now,
        )

    def _create_tables(self) -> None:
        self.dynamodb.create_table(
            TableName="results",
            KeySchema=[{"AttributeName": "result_id", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"}
                for name in ("result_id", "person", "sampled_at")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-person",
                    "KeySchema": [
                        {"AttributeName": "person", "KeyType": "HASH"},
                        {"AttributeName": "sampled_at", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        create_table("vaccinations", "vaccination_id", by_person=("person", "given_on"))
        self.dynamodb.create_table(
            TableName="certificates",
            KeySchema=[
                {"AttributeName": "source_id", "KeyType": "HASH"},
                {"AttributeName": "certificate", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "source_id", "AttributeType": "S"},
                {"AttributeName": "certificate", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        self.dynamodb.create_table(
            TableName="grants",
            KeySchema=[{"AttributeName": "token_hash", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "token_hash", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    def result(self, identity: Identity = NAMED, **changes: Any) -> StoredResult:  # noqa: ANN401 - any field of a result
        """Store a result of that identity."""
        values: dict[str, Any] = {
            "result_id": RESULT_ID,
            "version": 1,
            "revision": 1,
            "laboratory": "750000001",
            "person": "p1.canary",
            "contact_tag": "c1.canary",
            "status": Status.FINAL,
            "outcome": Outcome.NOT_DETECTED,
            "disease": "covid-19",
            "method": Method.NAAT,
            "loinc": "94500-6",
            "device": None,
            "sampled_at": NOW - timedelta(days=1),
            "reported_at": NOW - timedelta(hours=6),
            "language": Language.FRENCH,
            "cycle_threshold": None,
            "variant": None,
            "prescriber": None,
            "commune": None,
            "testing_centre": "Laboratoire du Port",
            "content_hash": "0" * 64,
            "answers": (),
            "received_at": NOW,
            "expires_at": 2_000_000_000,
            "contact": None,
        }
        values |= changes
        sealed = self.identities.seal(
            identity.model_dump_json().encode(), record_id=values["result_id"], field="identity"
        )
        result = StoredResult(**values, identity=sealed)
        self.dynamodb.put_item(TableName="results", Item=stored_result.to_item(result))
        return result

    def vaccination(self, identity: Identity = NAMED, **changes: Any) -> StoredVaccination:  # noqa: ANN401 - any field of a vaccination
        """Store a vaccination of that identity."""
        values = {"person": "p1.canary", "contact_tag": "c1.canary", "language": Language.FRENCH}
        document = sample_vaccination(**(values | changes))
        sealed = self.identities.seal(
            identity.model_dump_json().encode(),
            record_id=document.vaccination_id,
            field="identity",
        )
        stored = StoredVaccination(**document.model_dump(), identity=sealed, contact=None)
        item = stored_vaccination.to_item(stored)
        self.dynamodb.put_item(TableName="vaccinations", Item=item)
        return stored

    def grant(self, **changes: Any) -> None:  # noqa: ANN401 - any field of a grant
        """Keep the grant of `TOKEN`."""
        values: dict[str, Any] = {
            "token_hash": token_hash(TOKEN),
            "result_id": RESULT_ID,
            "person": "p1.canary",
            "contact_tag": "c1.canary",
            "expires_at": NOW + timedelta(days=30),
        }
        grant = AccessGrant(**(values | changes))
        self.dynamodb.put_item(
            TableName="grants",
            Item={
                "token_hash": {"S": grant.token_hash},
                **to_attributes(grant),
                "tries": {"N": "0"},
                # The record outlives the link.
                "expires_at": {"N": "2000000000"},
            },
        )

    def certificate(
        self,
        kind: CertificateKind,
        result_id: str = RESULT_ID,
        **changes: Any,  # noqa: ANN401 - any field
    ) -> str:
        """Store a certificate; gives its text."""
        text = _hcert_text(kind)
        values: dict[str, Any] = {
            "source_id": result_id,
            "certificate": f"{kind}#1",
            "kind": kind,
            "source_version": 1,
            "person": "p1.canary",
            "disease": "covid-19",
            "content_hash": "0" * 64,
            "uvci_hash": "0" * 32,
            "signature_hash": "0" * 32,
            "kid": "0" * 16,
            "issued_at": NOW - timedelta(hours=1),
            "expires_at": NOW + timedelta(days=365),
        }
        values |= changes
        sealed = self.certificates.seal(
            packed(text), record_id=f"{result_id}/{values['certificate']}", field="hcert"
        )
        item = stored_certificate.to_item(StoredCertificate(**values, hcert=sealed))
        self.dynamodb.put_item(TableName="certificates", Item=item)
        return text

    def reminder(self, day: str, result_id: str = RESULT_ID) -> None:
        """Keep the reminder of a recovery certificate."""
        on = due_on(datetime.fromisoformat(day).date(), result_id)
        self.dynamodb.put_item(
            TableName="certificates",
            Item={
                "source_id": {"S": result_id},
                "certificate": {"S": RECOVERY_DUE},
                "due_on": {"S": on},
                "schema": {"N": "1"},
            },
        )

    def ask(self, path: str, body: str | None = None, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of an event
        """The response to a request; a body is posted."""
        return self.api(_event(path, body) | changes)

    def open(self, birth_date: str = "1980-05-12", token: str = TOKEN, language: str = "fr") -> Any:  # noqa: ANN401 - the body as JSON gives it
        """The body of the answer to a link that opens."""
        answer = self.attempt(birth_date, token, language)
        assert answer["statusCode"] == 200, answer
        return json.loads(answer["body"])

    def attempt(
        self, birth_date: str = "1980-05-12", token: str = TOKEN, language: str = "fr"
    ) -> dict[str, Any]:
        """The answer to a try."""
        body = json.dumps({"token": token, "birth_date": birth_date})
        headers = {"content-type": "application/json", "accept-language": language}
        return self.ask(OPEN, body, headers=headers)

    def alert(
        self,
        result_id: str = RESULT_ID,
        birth_date: str = "1980-05-12",
        token: str = TOKEN,
    ) -> dict[str, Any]:
        """The answer to who asks for an upload code."""
        body = {"token": token, "birth_date": birth_date, "result_id": result_id}
        return self.ask(UPLOAD_CODE, json.dumps(body))

    def attempt_alone(self, birth_date: str) -> dict[str, Any]:
        """The answer of an instance of the function that serves nobody else."""
        alone = build(
            self.settings,
            logger=self.logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: self.now,
        )
        body = json.dumps({"token": TOKEN, "birth_date": birth_date})
        return alone(_event(OPEN, body))

    def tries(self) -> int:
        """How many tries are counted on the grant."""
        (item,) = self.dynamodb.scan(TableName="grants")["Items"]
        return int(item["tries"]["N"])

    def codes(self) -> list[str]:
        """The codes of all log lines."""
        return [json.loads(line)["message"] for line in self.log.getvalue().splitlines()]


def _hcert_text(kind: CertificateKind) -> str:
    shared: dict[str, Any] = {
        "disease": "840539006",
        "country": "FR",
        "issuer": "Vigie",
        "uvci": "URN:UVCI:01:FR:SAMPLE#1",
    }
    entries: dict[CertificateKind, Entry] = {
        "test": TestEntry(
            **shared,
            kind=TestKind.NAAT,
            collected_at=NOW - timedelta(days=1),
            outcome=TestOutcome.NOT_DETECTED,
        ),
        "recovery": RecoveryEntry(
            **shared,
            first_positive_on="2026-11-01",
            valid_from="2026-11-12",
            valid_until="2027-04-30",
        ),
        "vaccination": VaccinationEntry(
            **shared,
            prophylaxis="1119349007",
            product="EU/1/20/1528",
            holder="ORG-100030215",
            dose=2,
            series=2,
            given_on="2026-10-31",
        ),
    }
    unsigned = hcert.unsigned(
        DigitalCovidCertificate(
            name=PersonName.of("Canary", "Éloïse"), birth_date="1980-05-12", entry=entries[kind]
        ),
        issuer="FR",
        issued_at=NOW,
        expires_at=NOW + timedelta(days=365),
        kid=bytes(8),
    )
    return hcert.assemble(unsigned, bytes(64))


def _event(path: str, body: str | None) -> dict[str, Any]:
    method = "GET" if body is None else "POST"
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": method, "path": path},
            "stage": "$default",
            "requestId": "request",
        },
        "body": body,
        "isBase64Encoded": False,
    }
