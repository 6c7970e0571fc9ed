"""The function wired to AWS in process, and what it leaves behind."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import quote_plus

from aws_lambda_powertools import Logger

from result_intake.cutting import RANGE
from result_intake.handler import build
from result_intake.settings import Settings
from tests.functions.laboratories import register
from tests.functions.resources import (
    create_bucket,
    create_files_table,
    create_queue,
    create_table,
    create_topic,
    drained,
    empty_bucket,
    empty_table,
    items,
    objects,
    sqs_event,
    told,
)
from vigie import aws
from vigie.events.event import AnyEvent, parse_event
from vigie.inbox.file_record import from_item as from_file_item
from vigie.person.identity import Contact, Identity
from vigie.results.stored_result import StoredResult, from_item
from vigie.sealing import FieldCipher

LABORATORY = "750000001"
RECEIVED = "2026-11-21T09:30:00.000Z"
# They differ from one run to the next of the same work: each sealing has its own nonce.
_SEALED = ("identity", "contact")


class World:
    """Tables, buckets, keys, queues and the topic of one test, and the function that uses them.

    Attributes:
        part_bytes: above this a file is cut.
        writers: how many write at once.
    """

    def __init__(self) -> None:
        self.part_bytes = RANGE
        self.writers = 1
        self._happenings = count(1)
        self.log = io.StringIO()
        self.logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        create_bucket("inbox", versioned=True)
        create_bucket("outbox")
        create_bucket("workspace")
        create_table("results", "result_id", by_person=("person", "sampled_at"))
        create_files_table()
        create_table("laboratories", "finess")
        register(LABORATORY)
        self.queue, self.dead_letters = create_queue("intake"), create_queue("dead")
        topic, self._seen = create_topic("events")
        kms = aws.kms()
        identity, contact = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
        hidden = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        self._identities = FieldCipher(kms, identity, "identity")
        self._contacts = FieldCipher(kms, contact, "contact")
        self.settings = Settings(
            results_table="results",
            files_table="files",
            laboratories_table="laboratories",
            inbox_bucket="inbox",
            outbox_bucket="outbox",
            workspace_bucket="workspace",
            intake_queue_url=self.queue,
            dead_letters_url=self.dead_letters,
            events_topic_arn=topic,
            identity_key_arn=identity,
            contact_key_arn=contact,
            pseudonym_key_arn=hidden["KeyMetadata"]["Arn"],
            pseudonym_key_version=1,
            order_key_arn=hidden["KeyMetadata"]["Arn"],
            retention_days=90,
        )

    def upload(self, key: str, body: bytes) -> str:
        """Put a file into the inbox; what S3 then says to the queue."""
        version = aws.s3().put_object(Bucket="inbox", Key=key, Body=body)["VersionId"]
        return notification((key, version, len(body)), sequencer=f"{next(self._happenings):018X}")

    def deliver(self, *bodies: str) -> list[str]:
        """Hand a batch to a new instance of the function; what goes back, by place."""
        door = build(
            self.settings,
            logger=self.logger,
            part_bytes=self.part_bytes,
            writers=self.writers,
            now=lambda: datetime(2026, 11, 21, 9, 31, tzinfo=UTC),
        )
        answer = door(sqs_event(list(bodies)), None)
        return [str(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]

    def send(self, path: str, body: bytes) -> dict[str, Any]:
        """Let a file of the laboratory take its whole way; the acknowledgement."""
        key = f"{LABORATORY}/{path}"
        waiting = [self.upload(key, body)]
        while waiting:
            failed = self.deliver(*waiting)
            if failed:
                raise AssertionError(failed)
            waiting = self.waiting()
        return self.acknowledgement(key)

    def forget(self) -> None:
        """Empty everything but the inbox, as if nothing had been delivered yet."""
        for table, key in (("results", "result_id"), ("files", "file_id")):
            empty_table(table, key)
        empty_bucket("outbox")
        empty_bucket("workspace")
        for queue in (self.queue, self.dead_letters, self._seen):
            drained(queue)

    def waiting(self) -> list[str]:
        """The messages that the function sent to its own queue."""
        return drained(self.queue)

    def acknowledgement(self, key: str) -> dict[str, Any]:
        """The acknowledgement of a file, as JSON."""
        found: dict[str, Any] = json.loads(objects("outbox")[f"{key}.ack.json"])
        return found

    def results(self) -> list[StoredResult]:
        """Every stored result, in the order of ids."""
        return sorted((from_item(item) for item in items("results")), key=lambda r: r.result_id)

    def identity_of(self, result: StoredResult) -> Identity:
        """The identity of a result, opened."""
        opened = self._identities.open(
            result.identity, record_id=result.result_id, field="identity"
        )
        return Identity.model_validate_json(opened)

    def contact_of(self, result: StoredResult) -> Contact | None:
        """The contact of a result, opened."""
        if result.contact is None:
            return None
        opened = self._contacts.open(result.contact, record_id=result.result_id, field="contact")
        return Contact.model_validate_json(opened)

    def events(self) -> list[AnyEvent]:
        """Every event since the last time, each once, in the order of ids."""
        events = {event.id: event for event in map(parse_event, told(self._seen))}
        return [events[key] for key in sorted(events)]

    def codes(self) -> list[str]:
        """The codes of all log lines."""
        return [json.loads(line)["message"] for line in self.log.getvalue().splitlines()]

    def everything(self) -> dict[str, Any]:
        """What is left in tables, buckets and the topic, but for nonces."""
        results = [
            result.model_dump(exclude=set(_SEALED))
            | {"identity": self.identity_of(result), "contact": self.contact_of(result)}
            for result in self.results()
        ]
        return {
            "results": results,
            "files": [from_file_item(item) for item in items("files")],
            "open": ["open_shard" in item for item in items("files")],
            "outbox": objects("outbox"),
            "workspace": objects("workspace"),
            "events": self.events(),
            "dead": drained(self.dead_letters),
        }


def notification(
    *files: tuple[str, str, int], name: str = "ObjectCreated:Put", sequencer: str = "0"
) -> str:
    """What S3 says of files: key, version and size."""
    return json.dumps(
        {
            "Records": [
                {
                    "eventVersion": "2.1",
                    "eventSource": "aws:s3",
                    "awsRegion": "eu-west-3",
                    "eventTime": RECEIVED,
                    "eventName": name,
                    "s3": {
                        "bucket": {"name": "inbox", "arn": "arn:aws:s3:::inbox"},
                        "object": {
                            "key": quote_plus(key, safe="/"),
                            "size": size,
                            "eTag": "0",
                            "versionId": version,
                            "sequencer": sequencer,
                        },
                    },
                }
                for key, version, size in files
            ]
        }
    )
