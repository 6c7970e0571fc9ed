"""Each due reminder goes to the signing queue, as often as it takes, and in bounded time."""

import io
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from certificate_signing.certificate_store import CertificateStore
from recovery_release import reminder_store
from recovery_release.handler import build
from recovery_release.settings import Settings
from tests.functions.certificate_signing.world import create_certificates_table, drained
from vigie import aws

TODAY = date(2026, 12, 4)
AMPLE = 60_000


class Context(LambdaContext):
    """The function's time: so many milliseconds at each question, then none."""

    def __init__(self, questions: int = 1_000_000) -> None:
        super().__init__()
        self._questions = questions

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        self._questions -= 1
        return AMPLE if self._questions >= 0 else 0


class World:
    """The table, the queue, and the function between them."""

    def __init__(self) -> None:
        create_certificates_table()
        self.queue = aws.sqs().create_queue(QueueName="signing")["QueueUrl"]
        self.store = CertificateStore(aws.dynamodb(), "certificates")
        self.log = io.StringIO()
        self.now = datetime(2026, 12, 4, 9, tzinfo=UTC)

    def run(self, context: LambdaContext | None = None) -> list[str]:
        """Run once; the results that were asked for."""
        door = build(
            Settings(
                certificates_table="certificates",
                signing_queue_url=self.queue,
                issuer_time_zone=ZoneInfo("Europe/Paris"),
            ),
            logger=Logger(service=str(uuid.uuid4()), stream=self.log),
            now=lambda: self.now,
        )
        door(context or Context())
        messages = [json.loads(body) for body in drained(self.queue)]
        assert {message["type"] for message in messages} <= {"RecoveryDue"}
        return sorted(message["result_id"] for message in messages)


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def test_what_is_due_today_or_was_in_the_last_thirty_days_is_sent(world: World) -> None:
    for age in (-1, 0, 1, 30, 31):
        world.store.remind(f"aged {age}", TODAY - timedelta(days=age))
    assert world.run() == ["aged 0", "aged 1", "aged 30"]


def test_the_day_begins_at_midnight_in_france(world: World) -> None:
    world.store.remind("r", TODAY)
    world.now = datetime(2026, 12, 3, 22, 59, tzinfo=UTC)
    assert world.run() == []
    world.now = datetime(2026, 12, 3, 23, 0, tzinfo=UTC)
    assert world.run() == ["r"]


def test_a_lost_message_is_sent_again_until_signing_has_dealt_with_it(world: World) -> None:
    world.store.remind("r", TODAY)
    assert world.run() == ["r"]
    assert world.run() == ["r"]
    world.store.forget_reminder("r")
    assert world.run() == []


def test_every_shard_and_page_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminder_store, "_PAGE", 3)
    names = sorted(f"r{number:03}" for number in range(150))
    for name in names:
        world.store.remind(name, TODAY)
    assert world.run() == names


def test_a_run_stops_before_its_time_is_over_and_says_so(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(40):
        world.store.remind(f"r{number}", TODAY - timedelta(days=30))
    first = world.run(Context(questions=20))
    assert 0 < len(first) < 40
    assert [json.loads(line)["message"] for line in world.log.getvalue().splitlines()] == [
        "recoveries-released",
        "release-out-of-time",
    ]
    assert json.loads(capsys.readouterr().out)["complete"] == "false"
    assert len(world.run()) == 40
