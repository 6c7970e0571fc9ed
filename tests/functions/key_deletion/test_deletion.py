"""Keys are gone, whole, once their 14 days are over; others stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from aws_lambda_powertools import Logger

from key_deletion import expired_keys
from key_deletion.handler import build
from key_deletion.settings import Settings
from tests.faults.injector import Crash, Fault, Injector
from tests.functions.resources import create_table, items
from vigie import aws
from vigie.errors import Unavailable
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.interval import interval_number
from vigie.tracing.release import HOUR, RETENTION, Section
from vigie.tracing.stored_key import (
    Provenance,
    known_item,
    known_key,
    released_item,
    revised_item,
    revised_known_item,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

pytestmark = pytest.mark.usefixtures("mocked_aws")

HOME = Provenance(origin="FR")
RELEASED = datetime(2026, 11, 10, 6, tzinfo=UTC)
OVER = RELEASED + RETENTION


@pytest.fixture(autouse=True)
def _one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread: moto copies a whole table for each transaction."""
    monkeypatch.setattr("key_deletion.deletion._PARALLEL", 1)


def diagnosis_key(number: int, hour: datetime) -> DiagnosisKey:
    """A key that was used before an hour."""
    return DiagnosisKey(
        key_data=number.to_bytes(16, "big"),
        rolling_start_interval_number=interval_number(hour) - 144,
        rolling_period=144,
        transmission_risk=2,
        report_type=ReportType.CONFIRMED_TEST,
    )


def put(number: int, hour: datetime, section: Section = Section.HOME) -> None:
    """Store both items of a key that is released in an hour."""
    key = diagnosis_key(number, hour)
    for item in (
        released_item(key, hour, HOME, section),
        known_item(key, hour, HOME, section),
    ):
        aws.dynamodb().put_item(TableName="keys", Item=item)


def revise(number: int, hour: datetime, revised: datetime) -> None:
    """Revise a key that is released in an hour, in another hour."""
    key = diagnosis_key(number, hour)
    known = known_key(known_item(key, hour, HOME), "FR")
    key = key.model_copy(update={"report_type": ReportType.REVOKED})
    for item in (revised_item(key, known, revised), revised_known_item(key, known, revised)):
        aws.dynamodb().put_item(TableName="keys", Item=item)


def _left() -> list[int]:
    """The numbers of the keys that are left; each of them has both items."""
    numbers = sorted(int(item["key"]["S"], 16) for item in items("keys"))
    assert numbers[::2] == numbers[1::2]
    return numbers[::2]


def run(now: datetime, has_time: Callable[[], bool] = lambda: True, hour: timedelta = HOUR) -> None:
    """Run the function once."""
    settings = Settings(
        keys_table="keys", release_hour_seconds=int(hour.total_seconds()), hours_back=2
    )
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000 if has_time() else 10_000)
    door = build(settings, logger=Logger(service="test"), now=lambda: now)
    door(cast("LambdaContext", context))


def test_keys_are_deleted_once_they_expire() -> None:
    create_table("keys", "shard", "key")
    for number, hour in enumerate((RELEASED - HOUR, RELEASED, RELEASED + HOUR, OVER)):
        put(number, hour)
    run(OVER - timedelta(seconds=1))
    assert _left() == [1, 2, 3]
    run(OVER)
    assert _left() == [2, 3]
    run(OVER + timedelta(minutes=59))
    assert _left() == [2, 3]
    run(OVER + HOUR)
    assert _left() == [3]


def test_a_deletion_that_stood_still_catches_up() -> None:
    create_table("keys", "shard", "key")
    put(1, RELEASED)
    run(OVER + timedelta(hours=2))
    assert _left() == []


def test_keys_from_abroad_go_as_well() -> None:
    create_table("keys", "shard", "key")
    put(1, RELEASED, Section.ABROAD)
    put(2, RELEASED + HOUR, Section.ABROAD)
    run(OVER)
    assert _left() == [2]


def test_a_revision_goes_with_its_key() -> None:
    create_table("keys", "shard", "key")
    put(1, RELEASED)
    revise(1, RELEASED, OVER - HOUR)
    assert len(items("keys")) == 3
    run(OVER)
    assert items("keys") == []


def test_a_revision_that_was_left_behind_goes_by_itself() -> None:
    create_table("keys", "shard", "key")
    put(1, RELEASED)
    revise(1, RELEASED, RELEASED + HOUR)
    for item in items("keys"):
        if "#revised#" not in item["shard"]["S"]:
            aws.dynamodb().delete_item(
                TableName="keys", Key={"shard": item["shard"], "key": item["key"]}
            )
    run(OVER + HOUR)
    assert items("keys") == []


def test_a_key_that_was_taken_anew_stays() -> None:
    create_table("keys", "shard", "key")
    put(1, RELEASED)
    put(1, RELEASED + 3 * HOUR)
    run(OVER)
    assert {item["shard"]["S"].split("#")[0] for item in items("keys")} == {
        "key",
        f"{RELEASED + 3 * HOUR:%Y-%m-%dT%HZ}",
    }


def test_shorter_hours_are_found_too() -> None:
    create_table("keys", "shard", "key")
    minutes = timedelta(minutes=5)
    for number in range(4):
        put(number, RELEASED + number * minutes)
    run(OVER + 2 * minutes, hour=minutes)
    assert _left() == [3]


def test_a_run_without_time_is_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expired_keys, "_PAGE", 2)
    create_table("keys", "shard", "key")
    for number in range(90):
        put(number, RELEASED)
    asked = iter(range(10_000))
    run(OVER, lambda: next(asked) < 130)
    assert 0 < len(_left()) < 90
    run(OVER)
    assert _left() == []


@pytest.mark.parametrize("kind", Fault)
def test_a_fault_at_any_call_leaves_no_half_of_a_key(kind: Fault) -> None:
    create_table("keys", "shard", "key")
    put(0, RELEASED)
    calls = Injector()
    with calls.switched_on():
        run(OVER)
    # Queries of empty partitions are all alike: the calls around the one deletion are tried.
    place = calls.made.index("TransactWriteItems")
    for at in (place - 1, place, place + 1):
        put(0, RELEASED)
        try:
            with Injector(at, kind).switched_on():
                run(OVER)
        except (Crash, Unavailable):
            assert _left() in ([], [0])
        run(OVER)
        assert _left() == []
