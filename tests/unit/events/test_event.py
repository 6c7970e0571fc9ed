"""Events read back as written, by older and newer consumers alike."""

import json
from datetime import UTC, datetime

import pytest

from vigie.errors import Rejected
from vigie.events.event import ResultRecorded, event_id, parse_event, write_event
from vigie.results.codes import Method, Outcome

_EVENT = ResultRecorded(
    id=event_id("ResultRecorded", "750712184-abc", 1),
    occurred_at=datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
    result_id="750712184-abc",
    version=1,
    person="p1.abc",
    laboratory="750712184",
    disease="covid-19",
    method=Method.NAAT,
    outcome=Outcome.DETECTED,
    sampled_at=datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
)


def test_an_event_reads_back_as_written() -> None:
    assert parse_event(write_event(_EVENT)) == _EVENT


def test_a_field_of_a_newer_producer_is_ignored() -> None:
    newer = {**json.loads(write_event(_EVENT)), "added_later": 1, "schema_version": 2}
    assert parse_event(json.dumps(newer)).id == _EVENT.id


def test_an_unknown_type_is_refused_without_its_values() -> None:
    with pytest.raises(Rejected) as caught:
        parse_event(json.dumps({"type": "Nonsense", "person": "CANARY"}))
    assert "CANARY" not in str(caught.value)


def test_an_event_id_is_the_same_at_every_telling() -> None:
    assert event_id("ResultRecorded", "r", 1) == event_id("ResultRecorded", "r", 1)
    told = {event_id(kind, "r", version) for kind in ("A", "B") for version in (1, 2)}
    assert len(told) == 4
