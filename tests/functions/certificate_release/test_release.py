"""Each due reminder goes to the signing queue, as often as it takes, and in bounded time."""

import io
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from certificate_release import reminder_store
from certificate_release.handler import build
from certificate_release.settings import Settings
from certificate_signing.certificate_store import CertificateStore
from tests.functions.certificate_signing.world import create_certificates_table, drained
from vigie import aws
from vigie.certificates.certificate_due import RECOVERY_DUE, RENEWAL_DUE, due_on
from vigie.errors import Unavailable

TODAY = date(2026, 12, 4)
AMPLE = 60_000
# Before and after each of the empty partitions of the days that come first.
QUESTIONS_OF_WHAT_IS_LATE = 2 * 16 * 23


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
        self.queue, self.dead_letters = (
            aws.sqs().create_queue(QueueName=name)["QueueUrl"] for name in ("signing", "dead")
        )
        self.store = CertificateStore(aws.dynamodb(), "certificates")
        self.log = io.StringIO()
        # Noon in Paris.
        self.now = datetime(2026, 12, 4, 11, tzinfo=UTC)

    def run(self, context: LambdaContext | None = None) -> list[str]:
        """Run once; the results that were asked for."""
        self.release(context)
        messages = [json.loads(body) for body in drained(self.queue)]
        assert {message["type"] for message in messages} <= {"RecoveryDue"}
        return sorted(message["result_id"] for message in messages)

    def release(self, context: LambdaContext | None = None) -> None:
        """Run once."""
        door = build(
            Settings(
                certificates_table="certificates",
                signing_queue_url=self.queue,
                dead_letters_url=self.dead_letters,
                issuer_time_zone=ZoneInfo("Europe/Paris"),
            ),
            logger=Logger(service=str(uuid.uuid4()), stream=self.log),
            now=lambda: self.now,
        )
        door(context or Context())

    def remind(self, source_id: str, day: date) -> None:
        """Have a recovery wait for a day."""
        self.store.remind(source_id, RECOVERY_DUE, day)

    def codes(self) -> list[str]:
        """The codes of all log lines."""
        return [json.loads(line)["message"] for line in self.log.getvalue().splitlines()]


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def test_what_is_due_today_or_was_in_the_last_seven_days_is_sent(world: World) -> None:
    for age in (-1, 0, 1, 7, 8):
        world.remind(f"aged {age}", TODAY - timedelta(days=age))
    assert world.run() == ["aged 0", "aged 1", "aged 7"]


def test_what_is_due_today_is_sent_every_hour_and_what_was_before_every_sixth(
    world: World,
) -> None:
    world.remind("today", TODAY)
    world.remind("before", TODAY - timedelta(days=1))
    sent = []
    for hour in range(24):
        world.now = datetime(2026, 12, 3, 23, tzinfo=UTC) + timedelta(hours=hour)
        sent += world.run()
    assert (sent.count("today"), sent.count("before")) == (24, 4)


def test_what_signing_never_made_is_given_up_with_its_reason(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.remind("r", TODAY - timedelta(days=8))
    world.remind("r2", TODAY - timedelta(days=30))
    assert world.run() == []
    dead = aws.sqs().receive_message(
        QueueUrl=world.dead_letters, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    assert sorted(json.loads(message["Body"])["result_id"] for message in dead) == ["r", "r2"]
    reasons = {message["MessageAttributes"]["reason"]["StringValue"] for message in dead}
    assert reasons == {"certificate-overdue"}
    assert world.codes() == ["certificates-released", "certificates-given-up"]
    capsys.readouterr()
    # It is dealt with: it is neither sent nor put aside again.
    world.now += timedelta(days=1)
    assert world.run() == []
    assert drained(world.dead_letters) == []


def test_what_is_to_be_renewed_is_asked_for_and_given_up_by_its_own_name(world: World) -> None:
    world.store.remind("soon", RENEWAL_DUE, TODAY)
    world.store.remind("late", RENEWAL_DUE, TODAY - timedelta(days=8))
    world.release()
    assert drained(world.queue) == ['{"type":"RenewalDue","source_id":"soon"}']
    assert drained(world.dead_letters) == ['{"type":"RenewalDue","source_id":"late"}']
    world.release()
    assert drained(world.dead_letters) == []


def test_a_reminder_that_moved_meanwhile_is_not_forgotten(world: World) -> None:
    world.remind("r", TODAY + timedelta(days=1))
    reminders = reminder_store.ReminderStore(aws.dynamodb(), "certificates")
    reminders.forget(reminder_store.Reminder("r", RECOVERY_DUE), due_on(TODAY, "r"))
    assert [page for page in reminders.pages(due_on(TODAY + timedelta(days=1), "r")) if page]


def test_an_end_that_is_interrupted_is_taken_up_again(world: World) -> None:
    world.remind("r", TODAY - timedelta(days=8))
    with (
        mock.patch.object(reminder_store.ReminderStore, "forget", side_effect=Unavailable("x")),
        pytest.raises(Unavailable),
    ):
        world.run()
    assert world.run() == []
    assert drained(world.dead_letters) == ['{"type":"RecoveryDue","result_id":"r"}'] * 2
    assert world.run() == []
    assert drained(world.dead_letters) == []


def test_the_day_begins_at_midnight_in_france(world: World) -> None:
    world.remind("r", TODAY)
    world.now = datetime(2026, 12, 3, 22, 59, tzinfo=UTC)
    assert world.run() == []
    world.now = datetime(2026, 12, 3, 23, 0, tzinfo=UTC)
    assert world.run() == ["r"]


def test_a_lost_message_is_sent_again_until_signing_has_dealt_with_it(world: World) -> None:
    world.remind("r", TODAY)
    assert world.run() == ["r"]
    assert world.run() == ["r"]
    world.store.forget_reminder("r", RECOVERY_DUE)
    assert world.run() == []


def test_every_shard_and_page_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminder_store, "_PAGE", 3)
    names = sorted(f"r{number:03}" for number in range(150))
    for name in names:
        world.remind(name, TODAY)
    assert world.run() == names


def test_a_run_stops_before_its_time_is_over_and_says_so(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(40):
        world.remind(f"r{number}", TODAY - timedelta(days=7))
    first = world.run(Context(questions=QUESTIONS_OF_WHAT_IS_LATE + 20))
    assert 0 < len(first) < 40
    assert world.codes() == ["certificates-released", "release-out-of-time"]
    assert json.loads(capsys.readouterr().out)["complete"] == "false"
    assert len(world.run()) == 40
