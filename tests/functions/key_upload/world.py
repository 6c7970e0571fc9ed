"""The function wired to AWS in process, with a clock that a test turns, and an app."""

from __future__ import annotations

import base64
import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from key_upload.handler import build
from key_upload.settings import Settings
from tests.functions.resources import create_table, items
from vigie import aws
from vigie.dcc.cose import der_to_raw
from vigie.http.answer_slots import AnswerSlots
from vigie.tracing import upload_code, verification_certificate
from vigie.tracing.compact_jws import compact, kid_of
from vigie.tracing.interval import interval_number
from vigie.tracing.key_hmac import BoundKey, key_hmac
from vigie.tracing.release import Section
from vigie.tracing.stored_key import released_key
from vigie.tracing.upload_code import CodeReport, UploadCode
from vigie.tracing.verification_certificate import (
    CLOCK_SKEW,
    DEFAULT_AUDIENCE,
    LIFETIME,
    Diagnosis,
    VerificationCertificate,
)

if TYPE_CHECKING:
    from vigie.tracing.diagnosis_key import DiagnosisKey
    from vigie.tracing.stored_key import ReleasedKey

NOW = datetime(2026, 11, 24, 6, 45, tzinfo=UTC)
TODAY = interval_number(datetime(2026, 11, 24, tzinfo=UTC))
DAY = 144
AUTHORITY = "fr.gouv.vigie"
ISSUER = "fr.gouv.sante"
SECRET = bytes(range(16))


class World:
    """Tables and keys of one test, and the function that uses them."""

    def __init__(self) -> None:
        self.now = NOW
        self.clock = 0.0
        self.slept: list[float] = []
        self.log = io.StringIO()
        # What an authoriser says of requests.
        self.vouched: dict[str, str] = {}
        # Powertools keeps one logger, with its stream, for each service.
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        create_table("keys", "shard", "key")
        create_table("used-codes", "jti")
        kms = aws.kms()
        self.code_key, self.certificate_key, self.other_key = (
            kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
            for _ in range(3)
        )
        self.settings = Settings(
            keys_table="keys",
            used_codes_table="used-codes",
            tracing_key_arn=kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")[
                "KeyMetadata"
            ]["Arn"],
            upload_code_key_arn=self.code_key,
            health_authority_id=AUTHORITY,
            verification_key_arn=self.certificate_key,
            verification_issuer=ISSUER,
            verification_audience=DEFAULT_AUDIENCE,
            region="FR",
        )
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
        self.slept.append(seconds)
        self.clock += seconds

    def code(
        self,
        jti: str = "A" * 22,
        issued_at: datetime | None = None,
        report: CodeReport = CodeReport.CONFIRMED,
    ) -> str:
        """An upload code as the giver signs it."""
        code = UploadCode(jti=jti, issued_at=issued_at or NOW - timedelta(hours=1), report=report)
        return self.signed(upload_code.signing_input(code, kid_of(self.code_key)), self.code_key)

    def certificate(
        self, body: dict[str, Any], diagnosis: Diagnosis | None, onset: int | None = None
    ) -> str:
        """A verification certificate for the keys of a body, as ours are signed."""
        bound = [
            BoundKey(
                key["key"],
                key["rollingStartNumber"],
                key["rollingPeriod"],
                key["transmissionRisk"],
            )
            for key in body["temporaryExposureKeys"]
        ]
        certificate = VerificationCertificate(
            issuer=ISSUER,
            audience=DEFAULT_AUDIENCE,
            issued_at=self.now - CLOCK_SKEW,
            not_before=self.now - CLOCK_SKEW,
            expires_at=self.now + LIFETIME,
            diagnosis=diagnosis,
            symptom_onset_interval=onset,
            mac=key_hmac(bound, SECRET),
        )
        signed = verification_certificate.signing_input(certificate, kid_of(self.certificate_key))
        return self.signed(signed, self.certificate_key)

    def certified(
        self, diagnosis: Diagnosis | None, *keys: dict[str, object], **changes: object
    ) -> dict[str, object]:
        """The body of an upload that a certificate permits."""
        body = upload("", *keys) | changes
        return body | {"verificationPayload": self.certificate(body, diagnosis)}

    def signed(self, what: str, key: str) -> str:
        """A JWT over what is to be signed."""
        der = aws.kms().sign(
            KeyId=key, Message=what.encode(), MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
        )["Signature"]
        return compact(what, der_to_raw(der))

    def post(self, body: object, **headers: str) -> dict[str, Any]:
        """The response to a publish request."""
        text = body if isinstance(body, str) else json.dumps(body)
        return self.api(
            {
                "routeKey": "POST /v1/publish",
                "headers": {"content-type": "application/json"} | headers,
                "requestContext": {"authorizer": {"lambda": self.vouched}},
                "body": text,
                "isBase64Encoded": False,
            }
        )

    def publish(self, body: object) -> dict[str, Any]:
        """What an upload that is taken is answered, without its padding."""
        answer = self.post(body)
        assert answer["statusCode"] == 200, answer["body"][:300]
        return said(answer)

    def refused(self, body: object) -> tuple[int, str]:
        """Status and code of an upload that is not taken."""
        answer = self.post(body)
        return answer["statusCode"], said(answer)["code"]

    def released(self) -> list[DiagnosisKey]:
        """Every key that will leave, whatever the hour of its release."""
        return [released.key for released in self.leaving(Section.HOME)]

    def leaving(self, section: Section) -> list[ReleasedKey]:
        """The same of a section, with where the keys come from, in the order of their bytes."""
        return [
            released_key(item, "FR")
            for item in sorted(items("keys"), key=lambda item: str(item["key"]["S"]))
            if _section_of(item["shard"]["S"]) == section
        ]

    def stored(self) -> list[dict[str, Any]]:
        """Every item of both tables."""
        return items("keys") + items("used-codes")


def _section_of(shard: str) -> str:
    """Of a partition of the keys table; that of known keys has a name of its own."""
    hour, *section, _ = shard.split("#")
    return "".join(section) if hour != "key" else "known"


def sent_key(days_ago: int = 1, **changes: object) -> dict[str, object]:
    """A key of a day, as an app sends it; its bytes follow from the day."""
    return {
        "key": base64.b64encode(bytes((days_ago,)) * 16).decode(),
        "rollingStartNumber": TODAY - days_ago * DAY,
        "rollingPeriod": DAY,
        "transmissionRisk": 3,
    } | changes


def upload(code: str, *keys: dict[str, object], **changes: object) -> dict[str, object]:
    """The body of an upload."""
    return {
        "temporaryExposureKeys": list(keys or [sent_key(days) for days in range(1, 15)]),
        "healthAuthorityID": AUTHORITY,
        "verificationPayload": code,
        "hmacKey": base64.b64encode(SECRET).decode(),
        "symptomOnsetInterval": TODAY - 3 * DAY,
        "traveler": False,
        "padding": "AAAA",
    } | changes


def said(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer says, without its padding."""
    body: dict[str, Any] = json.loads(answer["body"])
    assert body.pop("padding")
    return body
