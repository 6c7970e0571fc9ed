"""A table is restored beside itself, protected alike, and compared with what events tell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.reconciliation import KINDS
from tests.functions.resources import create_bucket
from tests.unit.notification_dispatch.test_rules import stored
from vigie import aws
from vigie.events.archive import EventArchive, read_event
from vigie.events.event import (
    AnyEvent,
    CertificateIssued,
    CertificateRevoked,
    ResultCorrected,
    ResultRecorded,
    write_event,
)
from vigie.results import stored_result

LIVE, TARGET = "vigie-test-results", "vigie-test-results-new"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MORNING, LATE = NOON.replace(hour=8), NOON.replace(hour=11)
CHECKED = ("--from", "2026-11-21", "--to", "2026-11-21", "--to-time", "2026-11-21T12:00:00")


def told(number: int, version: int = 1, at: datetime = MORNING) -> AnyEvent:
    """The event of a version of a result."""
    model = ResultRecorded if version == 1 else ResultCorrected
    return model.model_validate(
        {
            "id": f"{number}-{version}",
            "occurred_at": at,
            "result_id": f"750000001-{number}",
            "version": version,
            "person": "p1.abc",
            "laboratory": "750000001",
            "disease": "covid-19",
            "method": "naat",
            "outcome": "detected",
            "sampled_at": at,
        }
    )


class World:
    """A table of results that is backed up, and the archive."""

    def __init__(self) -> None:
        create_bucket("archive")
        self.archive = EventArchive(aws.s3(), "archive")
        for path, value in (
            ("buckets/events", "archive"),
            ("tables/results", LIVE),
            ("tables/files", LIVE),
        ):
            aws.ssm().put_parameter(Name=f"/vigie/test/{path}", Value=value, Type="String")
        aws.dynamodb().create_table(
            TableName=LIVE,
            KeySchema=[{"AttributeName": "result_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "result_id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            DeletionProtectionEnabled=True,
        )
        aws.dynamodb().update_continuous_backups(
            TableName=LIVE,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
        aws.dynamodb().update_time_to_live(
            TableName=LIVE,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"},
        )

    def stored(self, number: int, version: int = 1) -> None:
        """A result of the live table."""
        result = stored(version=version, result_id=f"750000001-{number}")
        aws.dynamodb().put_item(TableName=LIVE, Item=stored_result.to_item(result))

    def tell(self, *events: AnyEvent) -> None:
        """Archive events."""
        self.archive.keep(NOON.date(), [read_event(write_event(event)) for event in events])


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def run(command: str, *options: str, table: str = "results") -> tuple[int, str]:
    """Run a command."""
    arguments = ["restore", command, "--environment", "test", "--table", table]
    arguments += ["--target", TARGET, *options]
    answer = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})
    return answer.exit_code, answer.output


def test_a_restored_table_is_backed_up_expires_and_is_protected(world: World) -> None:
    world.stored(1)
    assert run("table", "--to-time", "2026-11-21T12:00:00")[0] == 0
    assert run("protect")[0] == run("protect")[0] == 0
    dynamodb = aws.dynamodb()
    backups = dynamodb.describe_continuous_backups(TableName=TARGET)
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
    expiry = dynamodb.describe_time_to_live(TableName=TARGET)["TimeToLiveDescription"]
    assert expiry["AttributeName"] == "expires_at"
    assert dynamodb.describe_table(TableName=TARGET)["Table"]["DeletionProtectionEnabled"]


def test_a_table_that_cannot_be_restored_is_left_alone(world: World) -> None:  # noqa: ARG001 - the account
    assert run("table")[0] == 0
    status, shown = run("table")
    assert (status, "restore-refused" in shown) == (1, True)
    status, shown = run("protect", table="nothing")
    assert (status, "environment-unknown" in shown) == (1, True)


def test_what_the_events_tell_is_looked_for_in_the_restored_table(world: World) -> None:
    world.stored(1)
    world.stored(2, version=1)
    world.stored(4, version=1)
    world.tell(
        told(1),
        told(2, version=2),
        told(3),
        told(4),
        told(4, version=2, at=LATE),
        told(5, at=LATE),
    )
    assert run("table")[0] == 0
    status, shown = run("check", *CHECKED)
    assert status == 1
    assert [line for line in shown.splitlines() if " 750000001-" in line] == [
        "absent 750000001-3",
        "behind 750000001-2",
        "later 750000001-4",
        "later 750000001-5",
    ]
    counts = [line.split("│")[1:3] for line in shown.splitlines() if line.startswith("│")]
    assert [int(number) for _, number in counts] == [1, 1, 1, 2]


def test_a_table_that_lacks_only_what_came_later_is_whole(world: World) -> None:
    world.stored(1, version=2)
    world.tell(told(1), told(1, version=2), told(5, at=LATE))
    assert run("table")[0] == 0
    assert run("check", *CHECKED)[0] == 0


def test_a_table_of_which_no_event_tells_is_only_counted(world: World) -> None:
    world.stored(1)
    assert run("table", table="files")[0] == 0
    status, shown = run("check", *CHECKED, table="files")
    assert (status, "no-events" in shown, "1 items" in shown) == (1, True, True)


def test_a_revocation_comes_after_an_issue() -> None:
    kind = KINDS["certificates"]
    about = {
        "id": "x",
        "occurred_at": MORNING,
        "result_id": "750000001-1",
        "certificate": "test#1",
        "version": 1,
        "person": "p1.abc",
        "kind": "test",
        "disease": "covid-19",
    }
    issued = CertificateIssued.model_validate(about)
    revoked = CertificateRevoked.model_validate(about)
    key = ("750000001-1", "test#1")
    assert (kind.told(issued), kind.told(revoked), kind.told(told(1))) == (
        (key, 1),
        (key, 2),
        None,
    )
