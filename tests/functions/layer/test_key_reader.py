"""The keys of some hours are read from all shards in order, and none that is to be deleted."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.functions.resources import create_table
from vigie import aws
from vigie.tracing import key_reader
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.interval import interval_number
from vigie.tracing.key_reader import KeyReader
from vigie.tracing.release import HOUR, RETENTION, Section
from vigie.tracing.stored_key import Provenance, ReleasedKey, known_item, released_item

pytestmark = pytest.mark.usefixtures("mocked_aws")

_HOME = Provenance(origin="FR")
_HOUR = datetime(2026, 11, 24, 6, tzinfo=UTC)


def _key(number: int) -> DiagnosisKey:
    return DiagnosisKey(
        key_data=number.to_bytes(16, "little"),
        rolling_start_interval_number=interval_number(_HOUR) - 150,
        rolling_period=144,
        transmission_risk=2,
        report_type=ReportType.CONFIRMED_TEST,
    )


@pytest.fixture
def reader() -> KeyReader:
    """A table with a hundred keys, released in turn in an hour and in the next."""
    create_table("keys", "shard", "key")
    for number in range(100):
        hour = _HOUR + number % 2 * HOUR
        for item in (
            released_item(_key(number), hour, _HOME),
            known_item(_key(number), hour, _HOME),
        ):
            aws.dynamodb().put_item(TableName="keys", Item=item)
    return KeyReader(aws.dynamodb(), "keys", "FR")


def test_hours_give_their_keys_in_order(reader: KeyReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_reader, "_PAGE", 2)
    in_order = [
        ReleasedKey(key, _HOME)
        for key in sorted(map(_key, range(100)), key=lambda key: key.key_data)
    ]
    assert list(reader.in_order([_HOUR, _HOUR + HOUR], _HOUR + HOUR)) == in_order
    for hour, parity in ((_HOUR, 0), (_HOUR + HOUR, 1)):
        expected = [one for one in in_order if one.key.key_data[0] % 2 == parity]
        assert list(reader.in_order([hour], _HOUR)) == expected
    assert not list(reader.in_order([_HOUR - HOUR, _HOUR + 2 * HOUR], _HOUR))


def test_reading_goes_on_after_a_key(reader: KeyReader) -> None:
    hours = [_HOUR, _HOUR + HOUR]
    read = list(reader.in_order(hours, _HOUR))
    for place in (0, 50, 98, 99):
        assert (
            list(reader.in_order(hours, _HOUR, after=read[place].key.key_data)) == read[place + 1 :]
        )


def test_an_hour_gives_its_keys_until_they_expire(reader: KeyReader) -> None:
    last = _HOUR + RETENTION
    assert len(list(reader.in_order([_HOUR], last - timedelta(seconds=1)))) == 50
    assert not list(reader.in_order([_HOUR], last))


def test_sections_are_read_together_or_apart(reader: KeyReader) -> None:
    abroad = Provenance(origin="IE", traveller=True, shareable=True)
    item = released_item(_key(200), _HOUR, abroad, Section.ABROAD)
    aws.dynamodb().put_item(TableName="keys", Item=item)
    assert len(list(reader.in_order([_HOUR], _HOUR))) == 50
    apart = list(reader.in_order([_HOUR], _HOUR, sections=[Section.ABROAD]))
    assert apart == [ReleasedKey(_key(200), abroad)]
    together = list(reader.in_order([_HOUR], _HOUR, sections=[Section.HOME, Section.ABROAD]))
    assert len(together) == 51
    assert together == sorted(together, key=lambda one: one.key.key_data)
