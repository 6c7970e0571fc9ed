"""Batches follow each other without gap or overlap, and padding looks like what it hides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from key_export.batch import Cadence, PublishedBatch, index_of
from key_export.padding import padding
from key_export.settings import Settings
from tests.unit.tracing import exports

if TYPE_CHECKING:
    from vigie.tracing.diagnosis_key import DiagnosisKey

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
HOUR = timedelta(hours=1)
CADENCE = Cadence(period=4 * HOUR, settle=2 * HOUR, lookback=14 * 24 * HOUR)
REQUIRED = {
    "keys_table": "keys",
    "exports_table": "exports",
    "exports_bucket": "exports",
    "signing_key_arn": "arn",
    "region": "FR",
    "verification_key_id": "208",
}
periods = st.sampled_from([timedelta(seconds=s) for s in (15, 60, 3600, 14_400, 86_400)])
moments = st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds have no zone


@given(st.lists(periods, min_size=1, max_size=9), moments)
def test_batches_touch_and_end_where_periods_do(lengths: list[timedelta], now: datetime) -> None:
    through = CADENCE.first_start(now)
    assert now - CADENCE.lookback - CADENCE.period < through <= now - CADENCE.lookback
    for length in lengths:
        batch = CADENCE.model_copy(update={"period": length}).batch_after(through)
        assert batch.start == through
        assert through < batch.end <= through + length
        assert batch.end.timestamp() % length.total_seconds() == 0
        through = batch.end


def test_a_batch_is_due_when_its_last_hour_has_settled() -> None:
    batch = CADENCE.batch_after(MIDNIGHT)
    due = MIDNIGHT + 6 * HOUR
    assert not CADENCE.is_due(batch, due - timedelta(seconds=1))
    assert CADENCE.is_due(batch, due)
    assert CADENCE.delay(MIDNIGHT, due - HOUR) == timedelta()
    assert CADENCE.delay(MIDNIGHT, due + HOUR) == HOUR


def test_the_index_goes_from_the_oldest_to_the_newest() -> None:
    batches = [
        PublishedBatch(start=MIDNIGHT + at * HOUR, end=MIDNIGHT + (at + 1) * HOUR, files=files)
        for at, files in ((1, 1), (0, 11))
    ]
    lines = index_of(batches, "exports").split("\n")
    assert lines[0] == "exports/1795478400-1795482000-00001.zip"
    assert lines[10:] == [
        "exports/1795478400-1795482000-00011.zip",
        "exports/1795482000-1795485600-00001.zip",
    ]
    assert index_of([], "exports") == ""


@given(
    keys=st.lists(exports.keys, min_size=1, max_size=5),
    seed=st.binary(min_size=32, max_size=32),
    minimum=st.integers(6, 40),
    spread=st.integers(0, 9),
)
def test_padding_is_like_the_keys_and_the_same_for_a_seed(
    keys: list[DiagnosisKey], seed: bytes, minimum: int, spread: int
) -> None:
    added = list(padding(keys, seed, minimum, spread))
    assert added == list(padding(keys, seed, minimum, spread))
    assert minimum <= len(keys) + len(added) <= minimum + spread
    assert len({key.key_data for key in added}) == len(added)
    for place, key in enumerate(added):
        like = keys[place % len(keys)]
        assert key == like.model_copy(update={"key_data": key.key_data})
    other = list(padding(keys, bytes(byte ^ 1 for byte in seed), minimum, spread))
    assert not {key.key_data for key in added} & {key.key_data for key in other}


@pytest.mark.parametrize(
    "changes",
    [
        {"period_seconds": 5 * 3600},
        {"period_seconds": 1800},
        {"max_records": 1099},
        {"region": "FRA"},
        {"file_root": "a/b"},
        {"verification_key_id": "2 08"},
    ],
)
def test_settings_that_do_not_fit_together_are_refused(changes: dict[str, object]) -> None:
    assert Settings.model_validate(REQUIRED).period_seconds == 4 * 3600
    with pytest.raises(ValidationError):
        Settings.model_validate({**REQUIRED, **changes})
