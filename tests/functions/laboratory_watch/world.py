"""Laboratories with their files, and the function that watches them."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from laboratory_watch.handler import build
from laboratory_watch.settings import Settings
from tests.functions.laboratories import register
from tests.functions.resources import (
    create_files_table,
    create_queue,
    create_table,
    create_topic,
    drained,
    sqs_event,
)
from vigie import aws
from vigie.inbox import EntryOutcome, FileStore, FileSummary, InboxFile

if TYPE_CHECKING:
    from laboratory_watch.handler import Door

LABORATORY, OTHER = "750000001", "2A0000002"
PATH = "Durand Jeanne.csv"
# A Monday; the weeks before it have no holiday.
NOW = datetime(2026, 12, 7, 11, tzinfo=UTC)


class World:
    """The account of a test.

    Attributes:
        log: what the function logged.
    """

    def __init__(self) -> None:
        create_files_table()
        create_table("laboratories", "finess")
        create_table("watch-records", "laboratory", "entry")
        self.queue, self.dead_letters = create_queue("watch"), create_queue("dead")
        topic, self._heard = create_topic("alarms")
        self.files = FileStore(aws.dynamodb(), "files")
        self.log = io.StringIO()
        self._numbers = count()
        self._settings = Settings(
            environment_name="vigie-test",
            files_table="files",
            laboratories_table="laboratories",
            watch_table="watch-records",
            watch_queue_url=self.queue,
            dead_letters_url=self.dead_letters,
            alarms_topic_arn=topic,
            time_zone="Europe/Paris",
            retention_days=365,
        )
        register(LABORATORY)

    def sent(
        self,
        at: datetime,
        *,
        laboratory: str = LABORATORY,
        content: str | None = None,
        path: str = PATH,
        **counts: int,
    ) -> None:
        """Have a file answered, with its items by outcome; ten accepted ones if none are given."""
        number = next(self._numbers)
        file = InboxFile(
            bucket="inbox",
            key=f"{laboratory}/{path}",
            version_id=str(number),
            size=1,
            received_at=at,
        )
        outcomes = {EntryOutcome(name): items for name, items in counts.items()}
        summary = FileSummary(
            counts=outcomes or {EntryOutcome.ACCEPTED: 10}, content=content or f"{number:032x}"
        )
        self.files.open(file, now=at, retention=timedelta(days=90))
        self.files.note_acknowledged(file.file_id, "csv", summary)

    def weeks(self, until: datetime = NOW, laboratory: str = LABORATORY) -> None:
        """Five weeks of files, on working days at nine and at three, up to a moment."""
        day = NOW.replace(hour=8, minute=10) - timedelta(weeks=5)
        while day <= until:
            for at in (day, day + timedelta(hours=6)):
                if day.weekday() < 5 and at <= until:
                    self.sent(at, laboratory=laboratory)
            day += timedelta(days=1)

    def watch(self, now: datetime = NOW) -> list[str]:
        """Run the schedule and what it hands out; what people were told."""
        door = self.door(now)
        door({}, None)
        answer = door(sqs_event(drained(self.queue)), None)
        assert answer == {"batchItemFailures": []}
        return self.heard()

    def door(self, now: datetime = NOW) -> Door:
        """A new instance of the function, at a moment."""
        logger = Logger(service=str(uuid.uuid4()), stream=self.log)
        return build(self._settings, logger=logger, now=lambda: now)

    def heard(self) -> list[str]:
        """What people were told since the last time."""
        return drained(self._heard)

    def codes(self) -> list[str]:
        """What was logged."""
        return [json.loads(line)["message"] for line in self.log.getvalue().splitlines()]


def lines(text: str) -> dict[str, str]:
    """The figures of a message, by name."""
    return dict(line.split(": ", 1) for line in text.split("\n\n")[1].splitlines())
