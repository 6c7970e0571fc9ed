"""Venues, phones and the functions between them, in process, with a clock that a test turns."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from cluster_publication.handler import build as build_publication
from cluster_publication.settings import Settings as PublicationSettings
from tests.functions.resources import (
    create_bucket,
    create_queue,
    create_table,
    drained,
    objects,
    sqs_event,
)
from vigie import aws
from vigie.dcc.cose import der_to_raw
from vigie.http.answer_slots import AnswerSlots
from vigie.tracing.compact_jws import compact, kid_of
from vigie.tracing.upload_code import UploadCode, signing_input
from vigie.venues.ntp import ntp_seconds
from vigie.venues.venue_code import CodeMaker, new_secret
from vigie.venues.venue_keys import VenueKey
from vigie.venues.venue_rules import Venue
from visit_recording.handler import build as build_recording
from visit_recording.settings import Settings as RecordingSettings
from visit_reports.handler import build as build_reports
from visit_reports.settings import Settings as ReportSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 11, 24, 18, 10, tzinfo=UTC)
RESTAURANT = Venue(type=1, category1=2, category2=0)


class World:
    """Tables, keys, a queue and a bucket of one test, and the functions that use them."""

    def __init__(self) -> None:
        self.now = NOW
        self.clock = 0.0
        self.slept: list[float] = []
        # What the guard in front of the API says of a request.
        self.vouched: dict[str, str] = {}
        self.log = io.StringIO()
        # Powertools keeps one logger, with its stream, for each service.
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        create_table("visit-reports", "jti")
        create_table("exposures", "shard", "entry")
        create_table("counted-visits", "visit")
        create_bucket("clusters")
        self.queue, self.dead_letters = create_queue("visits"), create_queue("dead")
        kms = aws.kms()
        self.code_key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")[
            "KeyMetadata"
        ]["Arn"]
        tracing_key, self.venue_key = (
            kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]
            for _ in range(2)
        )
        self._report_settings = ReportSettings(
            reports_table="visit-reports",
            visits_queue_url=self.queue,
            tracing_key_arn=tracing_key,
            upload_code_key_arn=self.code_key,
            jitter_seconds=0,
        )
        self._recording_settings = RecordingSettings(
            exposures_table="exposures",
            counted_visits_table="counted-visits",
            venue_key_arn=self.venue_key,
            venue_key_versions="2 1",
            dead_letters_url=self.dead_letters,
        )
        self.publication_settings = PublicationSettings(
            exposures_table="exposures", clusters_bucket="clusters", file_root="clusters"
        )
        self.new_instances()

    def new_instances(self) -> None:
        """Start the functions anew."""
        self.reports = build_reports(
            self._report_settings,
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: self.now,
            slots=AnswerSlots(lambda: self.clock, self._sleep),
        )
        self.recording = build_recording(
            self._recording_settings,
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: self.now,
        )
        self.publication = build_publication(
            self.publication_settings, logger=self._logger, now=lambda: self.now
        )

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock += seconds

    def venue(
        self, kind: Venue = RESTAURANT, *, version: str = "2", staff: bool = False
    ) -> CodeMaker:
        """A venue whose codes the service can open."""
        key = VenueKey(aws.kms(), self.venue_key, version).private_key()
        return CodeMaker(key.public_key(), kind, new_secret(), staff=staff)

    def poster(self, kind: Venue = RESTAURANT, *, version: str = "2", staff: bool = False) -> str:
        """The code of a poster that has hung for a week."""
        return self.venue(kind, version=version, staff=staff).poster(NOW - timedelta(days=7))

    def code(self, name: str = "A") -> str:
        """The upload code of a person."""
        code = UploadCode(jti=name * 22, issued_at=NOW - timedelta(hours=1))
        signed = signing_input(code, kid_of(self.code_key))
        der = aws.kms().sign(
            KeyId=self.code_key,
            Message=signed.encode(),
            MessageType="RAW",
            SigningAlgorithm="ECDSA_SHA_256",
        )["Signature"]
        return compact(signed, der_to_raw(der))

    def post(self, body: object, **headers: str) -> dict[str, Any]:
        """The response to a report."""
        return self.reports(
            {
                "routeKey": "POST /v1/visits/report",
                "headers": {"content-type": "application/json"} | headers,
                "requestContext": {"authorizer": {"lambda": self.vouched}},
                "body": body if isinstance(body, str) else json.dumps(body),
                "isBase64Encoded": False,
            }
        )

    def report(self, person: str, *visits: dict[str, object], **changes: object) -> dict[str, Any]:
        """What a report of a person is answered, without its padding."""
        answer = self.post(report(self.code(person), *visits, **changes))
        assert answer["statusCode"] == 200, answer["body"][:300]
        return said(answer)

    def sent(self) -> list[str]:
        """The messages that wait for being counted; they wait no more."""
        return drained(self.queue)

    def record(self, bodies: Sequence[str] | None = None) -> list[str]:
        """Count what waits, or these messages; those that go back."""
        waiting = list(self.sent() if bodies is None else bodies)
        answer = self.recording(sqs_event(waiting), None)
        return [waiting[int(str(one["itemIdentifier"]))] for one in answer["batchItemFailures"]]

    def published_index(self) -> dict[str, Any]:
        """What the index of clusters says."""
        content: dict[str, Any] = json.loads(objects("clusters")["clusters/clusterIndex.json"])
        return content

    def codes(self) -> list[str]:
        """The codes of all log lines."""
        return [json.loads(line)["message"] for line in self.log.getvalue().splitlines()]

    def reasons(self) -> set[str]:
        """The reasons of all log lines."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return {line["reason"] for line in lines if "reason" in line}


def visit(qr_code: str, at: datetime = NOW - timedelta(days=2)) -> dict[str, object]:
    """A visit, as an app sends it."""
    return {"qrCode": qr_code, "qrCodeScanTime": ntp_seconds(at)}


def report(code: str, *visits: dict[str, object], **changes: object) -> dict[str, object]:
    """The body of a report; all visits are forward."""
    return {
        "verificationPayload": code,
        "pivotDate": ntp_seconds(NOW - timedelta(days=10)),
        "visits": list(visits),
    } | changes


def said(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer says besides its padding."""
    body: dict[str, Any] = json.loads(answer["body"])
    body.pop("padding")
    return body
