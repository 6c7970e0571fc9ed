"""The keys of an hour are read from all its shards, and none that is to be deleted."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.functions.resources import create_table
from vigie import aws
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.interval import interval_number
from vigie.tracing.key_reader import KeyReader
from vigie.tracing.release import HOUR, RETENTION, shards
from vigie.tracing.stored_key import known_item, released_item

pytestmark = pytest.mark.usefixtures("mocked_aws")

_HOUR = datetime(2026, 11, 24, 6, tzinfo=UTC)


def _key(number: int) -> DiagnosisKey:
    return DiagnosisKey(
        key_data=number.to_bytes(16, "little"),
        rolling_start_interval_number=interval_number(_HOUR) - 150,
        rolling_period=144,
        transmission_risk=2,
        report_type=ReportType.CONFIRMED_TEST,
    )


def test_an_hour_gives_its_keys_until_they_expire() -> None:
    create_table("keys", "shard", "key")
    keys = [_key(number) for number in range(100)]
    for key in keys:
        for item in (released_item(key, _HOUR), known_item(key, _HOUR)):
            aws.dynamodb().put_item(TableName="keys", Item=item)
    reader = KeyReader(aws.dynamodb(), "keys")

    read = list(reader.released_in(_HOUR, _HOUR + HOUR))
    assert sorted(read, key=lambda key: key.key_data) == sorted(keys, key=lambda key: key.key_data)
    assert not list(reader.released_in(_HOUR + HOUR, _HOUR + HOUR))
    assert not list(reader.released_in(_HOUR, _HOUR + RETENTION))
    assert list(reader.released_in(_HOUR, _HOUR + RETENTION - timedelta(seconds=1)))
    for shard in shards(_HOUR):
        in_shard = [key.key_data for key in reader.in_shard(shard, _HOUR)]
        assert in_shard == sorted(in_shard)
