"""The two functions of 2D-DOC wired to AWS in process, with a clock that a test turns."""

from __future__ import annotations

import base64
import json
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.metrics import Metrics
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from cli.kms_private_key import KmsPrivateKey
from cli.twoddoc_signer import CodeSignerParameters
from tests.functions.resources import create_bucket, create_queue, create_table, sqs_event
from tests.functions.result_access import world as access
from twoddoc_issuing.handler import build as build_issuing
from twoddoc_issuing.settings import Settings as IssuingSettings
from twoddoc_revocation.handler import build as build_revocation
from twoddoc_revocation.settings import Settings as RevocationSettings
from vigie import aws
from vigie.dcc import signer
from vigie.events.event import ResultCorrected, ResultWithdrawn, event_id, write_event
from vigie.results.codes import Status
from vigie.twoddoc.installed_signer import InstalledSigner
from vigie.vaccinations.stored_vaccination import StoredVaccination
from vigie.vaccinations.vaccination_event import vaccination_event

if TYPE_CHECKING:
    from vigie.dcc.signer import Signer
    from vigie.results.stored_result import StoredResult

ROUTE = "/v1/results/2d-doc"
BUCKET = "verifier-lists"
VALUE_SETS = "value-sets"
SIGNER = "/vigie/test/certificates/twoddoc"
PARIS = "Europe/Paris"


class World:
    """Tables, bucket and keys of one test, and the functions that use them."""

    def __init__(self, *, installed: bool = True) -> None:
        self.access = access.World()
        self.now = access.NOW
        create_table("twoddoc", "source_id", "document")
        create_bucket(BUCKET)
        create_bucket(VALUE_SETS)
        self.dead_letters = create_queue("dead")
        self.key = KmsPrivateKey(
            aws.kms(),
            aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"][
                "Arn"
            ],
        )
        if installed:
            self.install()

    def install(self, certificate_id: str = "VIG1", days: int = 365) -> Signer:
        """Install a certificate of the key; whom a verifier trusts with it."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, certificate_id)])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(self.now - timedelta(days=1))
            .not_valid_after(self.now + timedelta(days=days))
            .sign(self.key, hashes.SHA256())
        )
        der = certificate.public_bytes(Encoding.DER)
        CodeSignerParameters(aws.ssm(), "test").install(
            InstalledSigner(
                key_arn=self.key.arn,
                certificate=base64.b64encode(der).decode(),
                authority="FR03",
                certificate_id=certificate_id,
            )
        )
        return signer.read(der)

    @staticmethod
    def certificate() -> bytes:
        """The certificate that is installed, in DER."""
        found = aws.ssm().get_parameter(Name=SIGNER)["Parameter"]["Value"]
        return InstalledSigner.model_validate_json(found).der

    def result(self, **changes: Any) -> StoredResult:  # noqa: ANN401 - any field of a result
        """Store a result, and the link that opens it."""
        self.access.grant()
        return self.access.result(**changes)

    def vaccination(self, **changes: Any) -> StoredVaccination:  # noqa: ANN401 - any field of a vaccination
        """Store a vaccination, and the link that was sent for it."""
        self.access.grant(result_id=access.VACCINATION_ID)
        return self.access.vaccination(**changes)

    def ask(
        self,
        accept: str = "text/plain",
        body: str | None = None,
        **changes: Any,  # noqa: ANN401 - any field
    ) -> dict[str, Any]:
        """The answer of an instance of the function that serves nobody else."""
        api = build_issuing(
            IssuingSettings(
                results_table="results",
                vaccinations_table="vaccinations",
                grants_table="grants",
                codes_table="twoddoc",
                identity_key_arn=self.access.settings.identity_key_arn,
                certificates_key_arn=self.access.settings.certificates_key_arn,
                signing_key_arn=self.key.arn,
                signer_parameter=SIGNER,
                value_sets_bucket=VALUE_SETS,
                issuer_country="FR",
                issuer_time_zone=PARIS,
            ),
            logger=self.access.logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: self.now,
        )
        asked = {"token": access.TOKEN, "birth_date": "1980-05-12"} | changes
        return api(
            {
                "routeKey": f"POST {ROUTE}",
                "headers": {"content-type": "application/json", "accept": accept},
                "body": json.dumps(asked) if body is None else body,
                "isBase64Encoded": False,
            }
        )

    def document(self) -> str:
        """The text of the document that is asked for."""
        answer = self.ask()
        assert answer["statusCode"] == 200, answer
        return str(answer["body"])

    def revoke(self, bodies: list[str]) -> list[str]:
        """Hand messages to the function that revokes; those that go back."""
        consumer = build_revocation(
            RevocationSettings(
                results_table="results",
                vaccinations_table="vaccinations",
                codes_table="twoddoc",
                lists_bucket=BUCKET,
                dead_letters_url=self.dead_letters,
                identity_key_arn=self.access.settings.identity_key_arn,
                value_sets_bucket=VALUE_SETS,
                issuer_time_zone=PARIS,
            ),
            logger=self.access.logger,
            now=lambda: self.now,
        )
        failures = consumer(sqs_event(bodies), None)["batchItemFailures"]
        return [bodies[int(str(each["itemIdentifier"]))] for each in failures]


def changed(source: StoredResult | StoredVaccination) -> str:
    """The event that a record was corrected or withdrawn."""
    return write_event(
        vaccination_event(source) if isinstance(source, StoredVaccination) else _of_result(source)
    )


def _of_result(result: StoredResult) -> ResultCorrected | ResultWithdrawn:
    told = ResultWithdrawn if result.status is Status.WITHDRAWN else ResultCorrected
    return told(
        id=event_id(told.__name__, result.result_id, result.version),
        occurred_at=result.reported_at.astimezone(UTC),
        result_id=result.result_id,
        version=result.version,
        person=result.person,
        laboratory=result.laboratory,
        disease=result.disease,
        method=result.method,
        outcome=result.outcome,
        sampled_at=result.sampled_at,
    )
