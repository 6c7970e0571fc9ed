"""A certificates table, a job and its queues; runs that may be interrupted."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto.sqs.models import sqs_backends

from certificate_reissue.handler import build
from certificate_reissue.settings import Settings
from tests.functions.certificate_signing.world import create_certificates_table
from tests.functions.conftest import REGION
from tests.functions.resources import create_queue, create_table
from vigie import aws
from vigie.certificates.reissue_due import ReissueDue
from vigie.certificates.reissue_job import Criteria, Plan, ReissueJob
from vigie.certificates.reissue_jobs import ReissueJobs
from vigie.certificates.stored_certificate import StoredCertificate, to_item

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(minutes=2)
OLD, NEW = "0a" * 8, "0b" * 8
MOST_RATE = 800
PEOPLE_WAITING = 3


class Context(LambdaContext):
    """As much time as anybody asks for, a number of times."""

    def __init__(self, questions: int = 1_000_000) -> None:
        super().__init__()
        self._questions = questions

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        self._questions -= 1
        return 55_000 if self._questions >= 0 else 0


class World:
    """The tables and queues, and the function between them.

    Args:
        tables: whether to make the certificates table, which may be there already.
    """

    def __init__(self, *, tables: bool = True) -> None:
        if tables:
            create_certificates_table()
        create_table("reissue-jobs", "list", "job")
        self.queue, self.signing = create_queue("reissue"), create_queue("signing")
        self.jobs = ReissueJobs(aws.dynamodb(), "reissue-jobs")
        self.log = io.StringIO()
        self.now = NOW

    @property
    def job(self) -> ReissueJob:
        """The last job as it is kept."""
        return self.jobs.last()[0]

    def start(
        self,
        *,
        rate: int = 100,
        revoke: bool = False,
        tell: bool = False,
        **criteria: Any,  # noqa: ANN401 - any criterion
    ) -> ReissueJob:
        """Have a job run."""
        asked = Criteria(issued_before=BEFORE).model_copy(update=criteria)
        return self.jobs.create(
            Plan(
                criteria=asked,
                reason="key-compromised",
                rate=rate,
                revoke=revoke,
                tell=tell,
                created_at=self.now,
            )
        )

    def tick(self, context: LambdaContext | None = None, **settings: int) -> None:
        """Run once."""
        door = build(
            Settings.model_validate(
                {
                    "certificates_table": "certificates",
                    "reissue_jobs_table": "reissue-jobs",
                    "reissue_queue_url": self.queue,
                    "signing_queue_url": self.signing,
                    "most_rate": MOST_RATE,
                    "people_waiting": PEOPLE_WAITING,
                    "segments": 4,
                    **settings,
                }
            ),
            logger=Logger(service=str(uuid.uuid4()), stream=self.log),
            now=lambda: self.now,
            side_by_side=1,
        )
        door(context or Context())

    def minute(self, **settings: int) -> list[str]:
        """Run once, and a minute later the records that were asked for."""
        self.tick(None, **settings)
        self.now += timedelta(minutes=1)
        return [record for due in self.asked() for record in due.records]

    def asked(self) -> list[ReissueDue]:
        """The messages in the queue, delayed or not, which is empty afterwards."""
        return [ReissueDue.model_validate_json(body) for _, body in self.delayed()]

    def delayed(self) -> list[tuple[int, str]]:
        """The messages in the queue by how long they are kept back, which is empty afterwards."""
        kept = _messages("reissue")
        found = [(_delay_seconds(message), message.body) for message in kept]
        kept.clear()
        return found

    def codes(self) -> list[str]:
        """The codes of all log lines."""
        return [json.loads(line)["message"] for line in self.log.getvalue().splitlines()]


def put(*certificates: StoredCertificate) -> None:
    """Store certificates in the order of their keys, which moto scans them in."""
    for one in sorted(certificates, key=lambda one: (one.source_id, one.certificate)):
        aws.dynamodb().put_item(TableName="certificates", Item=to_item(one))


def certificate(record: str, **changes: Any) -> StoredCertificate:  # noqa: ANN401 - any field
    """A certificate of a record that a job is about."""
    kind = changes.get("kind", "test")
    fields: dict[str, Any] = {
        "source_id": record,
        "certificate": f"{kind}#1",
        "kind": kind,
        "source_version": 1,
        "person": "p",
        "disease": "covid-19",
        **dict.fromkeys(("content_hash", "uvci_hash", "signature_hash"), "00" * 16),
        "kid": OLD,
        "issued_at": BEFORE - timedelta(days=10),
        "expires_at": NOW + timedelta(days=300),
        "hcert": b"sealed",
    }
    return StoredCertificate.model_validate(fields | changes)


def _messages(queue: str) -> Any:  # noqa: ANN401 - moto has no types
    """What moto holds of a queue."""
    return sqs_backends["123456789012"][REGION].queues[queue]._messages


def _delay_seconds(message: Any) -> int:  # noqa: ANN401 - as above
    if not message.delayed_until:
        return 0
    delay: float = message.delayed_until - message.sent_timestamp
    return round(delay / 1000)
