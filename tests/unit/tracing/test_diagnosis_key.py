"""A key's time, and the hour and shard that it is released in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.interval import interval_number, interval_start
from vigie.tracing.release import HOUR, hours_between, release_hour, shard_of, shards, start_of_hour
from vigie.tracing.stored_key import Provenance, is_expired, known_item, released_item

_NOW = datetime(2026, 11, 24, 6, 45, tzinfo=UTC)
_MIDNIGHT = interval_number(datetime(2026, 11, 24, tzinfo=UTC))

_keys = st.builds(
    DiagnosisKey,
    key_data=st.binary(min_size=16, max_size=16),
    rolling_start_interval_number=st.integers(_MIDNIGHT - 15 * 144, interval_number(_NOW)),
    rolling_period=st.integers(1, 144),
    transmission_risk=st.integers(0, 8),
    report_type=st.sampled_from(ReportType),
    days_since_onset_of_symptoms=st.none() | st.integers(-14, 14),
)


def _key(start: int, period: int = 144) -> DiagnosisKey:
    return DiagnosisKey(
        key_data=bytes(range(16)),
        rolling_start_interval_number=start,
        rolling_period=period,
        transmission_risk=2,
        report_type=ReportType.CONFIRMED_TEST,
    )


def test_an_interval_is_ten_minutes_of_unix_time() -> None:
    # The number in the system's published test vectors.
    assert interval_number(datetime(2020, 4, 2, 0, 9, 59, tzinfo=UTC)) == 2642976
    assert interval_start(2642976) == datetime(2020, 4, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "period", "hour"),
    [
        # Its last day is over: it leaves in the hour that it arrives in.
        (_MIDNIGHT - 144, 144, datetime(2026, 11, 24, 6, tzinfo=UTC)),
        # It ends this very minute's interval: used until then, so it waits an hour.
        (_MIDNIGHT, 41, datetime(2026, 11, 24, 7, tzinfo=UTC)),
        # Today's key is used until midnight, whatever the time.
        (_MIDNIGHT, 144, datetime(2026, 11, 25, 1, tzinfo=UTC)),
        (_MIDNIGHT, 40, datetime(2026, 11, 24, 6, tzinfo=UTC)),
    ],
)
def test_a_key_in_use_waits_until_an_hour_after_its_end(
    start: int, period: int, hour: datetime
) -> None:
    assert release_hour(_key(start, period), _NOW) == hour


@given(_keys)
def test_no_hour_of_release_is_over_before_the_key_and_one_hour(key: DiagnosisKey) -> None:
    hour = release_hour(key, _NOW)
    assert hour + HOUR > min(_NOW, key.expires_at + HOUR)
    assert hour + HOUR > key.expires_at


def test_a_key_is_kept_for_fourteen_days_from_its_release() -> None:
    hour = datetime(2026, 11, 24, 6, tzinfo=UTC)
    home = Provenance(origin="FR")
    for item in (
        released_item(_key(_MIDNIGHT), hour, home),
        known_item(_key(_MIDNIGHT), hour, home),
    ):
        assert not is_expired(item, hour + timedelta(days=14, seconds=-1))
        assert is_expired(item, hour + timedelta(days=14))


def test_the_sixteen_shards_of_an_hour_share_its_keys() -> None:
    hour = datetime(2026, 11, 24, 6, tzinfo=UTC)
    chosen = {shard_of(number.to_bytes(16, "big"), hour) for number in range(400)}
    assert chosen == set(shards(hour)) == {f"2026-11-24T06Z#{number:02}" for number in range(16)}


def test_a_system_that_is_tried_out_has_shorter_hours() -> None:
    short = timedelta(seconds=15)
    moment = datetime(2026, 11, 24, 6, 40, 52, 7, tzinfo=UTC)
    hour = release_hour(_key(_MIDNIGHT - 144), moment, short)
    assert hour == datetime(2026, 11, 24, 6, 40, 45, tzinfo=UTC)
    assert next(shards(hour)) == "2026-11-24T06:40:45Z#00"
    assert list(hours_between(hour, hour + 2 * short, short)) == [hour, hour + short]
    assert start_of_hour(moment, short) == hour


def test_hours_are_those_from_a_time_to_another() -> None:
    six = datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert list(hours_between(six, six + 2 * HOUR)) == [six, six + HOUR]
    assert not list(hours_between(six, six))


@pytest.mark.parametrize(
    "wrong",
    [
        {"key_data": bytes(15)},
        {"key_data": bytes(17)},
        {"rolling_period": 0},
        {"rolling_period": 145},
        {"transmission_risk": 9},
        {"days_since_onset_of_symptoms": -15},
    ],
)
def test_a_key_outside_the_format_does_not_exist(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DiagnosisKey.model_validate({**_key(_MIDNIGHT).model_dump(), **wrong})
