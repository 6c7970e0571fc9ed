"""The functions wired to each other as the templates say, with a clock that a test turns."""

from __future__ import annotations

import io
import json
import re
import uuid
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import quote_plus

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from certificate_release.handler import build as build_release
from certificate_release.settings import Settings as ReleaseSettings
from certificate_signing.handler import build as build_signing
from certificate_signing.settings import Settings as SigningSettings
from cli.signer_parameters import SignerParameters
from cli.signing_authority import create_csca, issue_dsc
from event_archive.handler import build as build_archive
from event_archive.settings import Settings as ArchiveSettings
from inbox_check.handler import build as build_check
from inbox_check.settings import Settings as CheckSettings
from inbox_sweep.handler import build as build_sweep
from inbox_sweep.settings import Settings as SweepSettings
from key_export.handler import build as build_export
from key_export.settings import Settings as ExportSettings
from key_upload.handler import build as build_upload
from key_upload.settings import Settings as UploadSettings
from laboratory_watch.handler import build as build_watch
from laboratory_watch.settings import Settings as WatchSettings
from notification_dispatch.handler import build as build_dispatch
from notification_dispatch.settings import Settings as DispatchSettings
from order_answering.handler import build as build_order_answering
from order_answering.settings import Settings as OrderAnsweringSettings
from person_linkage.handler import build as build_linkage
from person_linkage.settings import Settings as LinkageSettings
from result_access.handler import build as build_access
from result_access.settings import Settings as AccessSettings
from result_intake.handler import build as build_intake
from result_intake.settings import Settings as IntakeSettings
from revocation_recording.handler import build as build_recording
from revocation_recording.settings import Settings as RecordingSettings
from statistics_counting.counting import Pace
from statistics_counting.handler import build as build_counting
from statistics_counting.settings import Settings as CountingSettings
from statistics_publication.disclosure import disclosure_rule
from statistics_publication.handler import build as build_publication
from statistics_publication.level import levels
from statistics_publication.population import population
from statistics_publication.settings import Settings as PublicationSettings
from tests.flows.calls import Calls
from tests.flows.deployment import Deployment
from tests.functions.laboratories import register
from tests.functions.resources import objects, sqs_event
from verification_codes.handler import build as build_verification
from verification_codes.settings import Settings as VerificationSettings
from vigie import aws
from vigie.catalogue import diseases
from vigie.events.archive import EventArchive
from vigie.http.answer_slots import AnswerSlots
from vigie.statistics.published import INDEX, SUMMARY, PublicationIndex, Summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.flows.deployment import Source
    from tests.infra.template import Templates

# An event of SQS and no context; the answer names the messages that go back.
Consume: TypeAlias = "Callable[[dict[str, object], None], Any]"
LABORATORY = "759990013"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_TOKEN = re.compile(r"https://\S+/#([a-z2-7]{26})")
_SENDER = "ne-pas-repondre@vigie.example"


class Message(NamedTuple):
    """What a provider of messages was given, and the token of the link in it."""

    recipient: str
    token: str


class Wired:
    """Every function that a result passes, and the queues between them.

    Attributes:
        now: the present, for every function.
        disorderly: whether each queue delivers everything twice, the last first.
        consumers: the function of each queue, by its folder.
        calls: every call to AWS.
        log: what the functions log.
    """

    def __init__(self, templates: Templates) -> None:
        self.now = NOW
        self.disorderly = False
        self.log = io.StringIO()
        self.deployment = Deployment(templates)
        aws.sesv2().create_email_identity(EmailIdentity=_SENDER)
        self.signers = SignerParameters(aws.ssm(), "production")
        self._make_signers()
        # Powertools keeps one logger, with its stream, for each service.
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        self.intake_settings: IntakeSettings = self.deployment.settings(
            "result_intake", IntakeSettings
        )
        self.archive_settings: ArchiveSettings = self.deployment.settings(
            "event_archive", ArchiveSettings
        )
        register(LABORATORY, self.intake_settings.laboratories_table)
        self.consumers: dict[str, Consume] = {
            "result_intake": build_intake(
                self.intake_settings, logger=self._logger, writers=1, now=self._clock
            ),
            "certificate_signing": build_signing(
                self.deployment.settings("certificate_signing", SigningSettings),
                logger=self._logger,
                now=self._clock,
                catalogue=diseases(),
                side_by_side=1,
            ),
            "notification_dispatch": self._dispatch(),
            "order_answering": build_order_answering(
                self.deployment.settings("order_answering", OrderAnsweringSettings),
                logger=self._logger,
                now=self._clock,
            ),
            "statistics_counting": build_counting(
                self.deployment.settings("statistics_counting", CountingSettings),
                logger=self._logger,
                now=self._clock,
                pace=Pace(writers=1, pause=lambda _: None, new_id=lambda: uuid.uuid4().hex),
            ),
            "revocation_recording": build_recording(
                self.deployment.settings("revocation_recording", RecordingSettings),
                logger=self._logger,
            ),
            "event_archive": build_archive(self.archive_settings, logger=self._logger),
            "person_linkage": build_linkage(
                self.deployment.settings("person_linkage", LinkageSettings),
                logger=self._logger,
                writers=1,
            ),
            "inbox_check": build_check(
                self.deployment.settings("inbox_check", CheckSettings),
                logger=self._logger,
                now=self._clock,
            ),
            "laboratory_watch": build_watch(
                self.deployment.settings("laboratory_watch", WatchSettings),
                logger=self._logger,
                now=self._clock,
            ),
        }
        self.calls = Calls()

    def close(self) -> None:
        """Stop listening to the clients, which outlive the test."""
        self.calls.close()

    def put(self, key: str, body: bytes) -> str:
        """Put a file into the inbox; what S3 says of it."""
        bucket = self.intake_settings.inbox_bucket
        version = aws.s3().put_object(Bucket=bucket, Key=key, Body=body)["VersionId"]
        return self._notification(key, version, len(body))

    def notify(self, notification: str) -> None:
        """Tell the queues that the inbox's template names."""
        for queue in self.deployment.notified(self.intake_settings.inbox_bucket):
            aws.sqs().send_message(QueueUrl=queue, MessageBody=notification)

    def settle(self) -> None:
        """Deliver until no queue that a function reads has anything left."""
        while any(self._deliver(source) for source in self.deployment.sources):
            pass

    def send(self, key: str, body: bytes) -> None:
        """Let a file of a laboratory take its whole way."""
        self.notify(self.put(key, body))
        self.settle()

    def release(self) -> None:
        """Run the hourly schedule, and let what it sends take its way."""
        self.tick_release()
        self.settle()

    def tick_release(self) -> None:
        """Run the hourly schedule."""
        door = build_release(
            self.deployment.settings("certificate_release", ReleaseSettings),
            logger=self._logger,
            now=self._clock,
        )
        context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
        door(context)

    def sweep(self) -> None:
        """Run the schedule that answers for files that nobody will finish."""
        settings = self.deployment.settings("inbox_sweep", SweepSettings)
        build_sweep(settings, logger=self._logger, now=self._clock)({}, None)

    def publish_numbers(self) -> Summary:
        """Run the schedule that publishes the numbers of COVID-19; the summary that is new."""
        settings = self.deployment.settings("statistics_publication", PublicationSettings)
        build_publication(
            settings,
            logger=self._logger,
            now=self._clock,
            catalogue={"covid-19": diseases()["covid-19"]},
            tables_for=levels(population(), disclosure_rule().least_inhabitants),
        )({})
        stored = objects(settings.open_data_bucket)
        newest = PublicationIndex.model_validate_json(stored[INDEX]).publications[0]
        return Summary.model_validate_json(stored[f"{newest.path.lstrip('/')}/{SUMMARY}"])

    def check(self) -> None:
        """Run the schedule that finds untold files, and let what it sends take its way."""
        self.consumers["inbox_check"]({}, None)
        self.settle()

    def attempt(self, token: str, birth_date: str) -> dict[str, Any]:
        """The answer to a try at a link."""
        return self._ask("/v1/results/open", token=token, birth_date=birth_date)

    def alert(self, token: str, birth_date: str, result_id: str) -> dict[str, Any]:
        """The answer to who asks for the upload code of a result behind a link."""
        return self._ask(
            "/v1/results/upload-code", token=token, birth_date=birth_date, result_id=result_id
        )

    def publish(self, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to an app that uploads keys."""
        api = build_upload(
            self.deployment.settings("key_upload", UploadSettings),
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            now=self._clock,
            slots=AnswerSlots(lambda: 0.0, lambda _: None),
        )
        return api(_request("/v1/publish", body))

    def verification(self, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        """What the verification of codes answers, to whoever it takes something from."""
        api = build_verification(
            self.deployment.settings("verification_codes", VerificationSettings),
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            now=self._clock,
            slots=AnswerSlots(lambda: 0.0, lambda _: None),
        )
        request = _request(path, body)
        answer = api({**request, "headers": {**request["headers"], **headers}})
        if answer["statusCode"] != 200:
            raise AssertionError(answer)
        said: dict[str, Any] = json.loads(answer["body"])
        return said

    def export(self) -> dict[str, bytes]:
        """Run the schedule that exports keys; the files that phones may download."""
        settings = self.deployment.settings("key_export", ExportSettings)
        context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 900_000)
        build_export(settings, logger=self._logger, now=self._clock)(context)
        return objects(settings.exports_bucket)

    def _ask(self, path: str, **body: str) -> dict[str, Any]:
        metrics = Metrics(namespace="test", service="test")
        api = build_access(
            self.deployment.settings("result_access", AccessSettings),
            logger=self._logger,
            metrics=metrics,
            now=self._clock,
        )
        try:
            return api(_request(path, body))
        finally:
            metrics.flush_metrics()

    def open(self, token: str, birth_date: str) -> dict[str, Any]:
        """What is behind a link that opens."""
        answer = self.attempt(token, birth_date)
        if answer["statusCode"] != 200:
            raise AssertionError(answer)
        opened: dict[str, Any] = json.loads(answer["body"])
        return opened

    def messages(self) -> list[Message]:
        """Every message that a provider took, in order."""
        return [
            Message(
                params.get("PhoneNumber") or params["Destination"]["ToAddresses"][0],
                _TOKEN.findall(json.dumps(params))[0],
            )
            for service, operation, params in self.calls.made
            if (service, operation) == ("sesv2", "SendEmail") or "PhoneNumber" in params
        ]

    def archived(self) -> list[str]:
        """The body of every event that was archived, the keys of their objects first."""
        bucket = self.archive_settings.archive_bucket
        archive = EventArchive(aws.s3(), bucket)
        keys = list(objects(bucket))
        return [*keys, *(event.body for key in keys for event in archive.read(key))]

    def codes(self) -> list[str]:
        """The codes of all log lines."""
        return [json.loads(line)["message"] for line in self.log.getvalue().splitlines()]

    def _clock(self) -> datetime:
        return self.now

    def _make_signers(self) -> None:
        csca = self.deployment.signing_key("csca")
        create_csca(self.signers, csca, country="FR", organisation="Vigie", now=NOW, replace=False)
        issue_dsc(self.signers, self.deployment.signing_key("dsc"), csca, now=NOW, replace=False)

    def _dispatch(self) -> Consume:
        metrics = Metrics(namespace="test", service="test")
        consumer = build_dispatch(
            self.deployment.settings("notification_dispatch", DispatchSettings),
            logger=self._logger,
            metrics=metrics,
            now=self._clock,
        )

        def door(event: dict[str, object], context: None) -> Any:  # noqa: ANN401 - as Powertools answers
            metrics.add_metric("batches", MetricUnit.Count, 1)
            try:
                return consumer(event, context)
            finally:
                metrics.flush_metrics()

        return door

    def _deliver(self, source: Source) -> bool:
        """Hand what a queue has to its function; whether it had anything."""
        waiting = self._received(source)
        size = source.batch_size
        if self.disorderly:
            waiting_twice = [*reversed(waiting), *reversed(waiting)]
            batches = [waiting_twice[at : at + size] for at in range(0, len(waiting_twice), size)]
        else:
            batches = [waiting] if waiting else []
        failed = [receipt for batch in batches for receipt in self._handed(source.function, batch)]
        for receipt in {message["ReceiptHandle"] for message in waiting}:
            if receipt in failed:
                aws.sqs().change_message_visibility(
                    QueueUrl=source.queue, ReceiptHandle=receipt, VisibilityTimeout=0
                )
            else:
                aws.sqs().delete_message(QueueUrl=source.queue, ReceiptHandle=receipt)
        return bool(waiting)

    def _received(self, source: Source) -> list[Any]:
        """A batch, or when disorderly all that there is."""
        received: list[Any] = []
        while self.disorderly or len(received) < source.batch_size:
            messages = (
                aws.sqs()
                .receive_message(
                    QueueUrl=source.queue, MaxNumberOfMessages=min(source.batch_size, 10)
                )
                .get("Messages")
            )
            if not messages:
                break
            received += messages
        return received

    def _handed(self, function: str, batch: list[Any]) -> list[str]:
        """The receipts of the messages of a batch that go back to their queue."""
        answer = self.consumers[function](sqs_event([message["Body"] for message in batch]), None)
        return [
            batch[int(failure["itemIdentifier"])]["ReceiptHandle"]
            for failure in answer["batchItemFailures"]
        ]

    def _notification(self, key: str, version: str, size: int) -> str:
        """What S3 says of a new object, with the present of the test."""
        stored = {"key": quote_plus(key, safe="/"), "size": size, "versionId": version}
        record = {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "eventTime": self.now.isoformat(),
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": self.intake_settings.inbox_bucket}, "object": stored},
        }
        return json.dumps({"Records": [record]})


def _request(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """A request as the HTTP API hands it on."""
    return {
        "version": "2.0",
        "routeKey": f"POST {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "accept-language": "fr"},
        "requestContext": {
            "http": {"method": "POST", "path": path},
            "stage": "$default",
            "requestId": "request",
        },
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }
