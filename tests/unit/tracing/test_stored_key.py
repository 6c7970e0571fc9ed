"""How keys stand in their table: released, known and revised, of both schema versions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tracing.exports import keys
from vigie.errors import Rejected
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.release import HOUR, RETENTION, Section, revision_hour, shard_of, shards
from vigie.tracing.stored_key import (
    Provenance,
    is_expired,
    known_item,
    known_key,
    released_item,
    released_key,
    revised_item,
    revised_known_item,
)

_SIX = datetime(2026, 11, 24, 6, tzinfo=UTC)
_HOME = Provenance(origin="FR")
_KEY = DiagnosisKey(
    key_data=bytes(range(16)),
    rolling_start_interval_number=2_990_000,
    rolling_period=144,
    transmission_risk=4,
    report_type=ReportType.CONFIRMED_CLINICAL_DIAGNOSIS,
    days_since_onset_of_symptoms=-2,
)
_REVISED = _KEY.model_copy(
    update={"report_type": ReportType.REVOKED, "transmission_risk": 6},
)
_provenances = st.builds(
    Provenance,
    origin=st.sampled_from(("FR", "IE")),
    traveller=st.booleans(),
    shareable=st.booleans(),
)


@given(keys, _provenances, st.sampled_from([Section.HOME, Section.ABROAD]))
def test_a_stored_key_reads_as_it_was_written(
    key: DiagnosisKey, provenance: Provenance, section: Section
) -> None:
    released = released_item(key, _SIX, provenance, section)
    item = known_item(key, _SIX, provenance, section)
    known = known_key(item, "FR")

    assert released_key(released, "FR") == (key, provenance)
    assert (known.key_data, known.report_type) == (key.key_data, key.report_type)
    assert (known.provenance, known.released_in) == (provenance, _SIX)
    assert (known.revised_as, known.revised_in) == (None, None)
    assert known.stands_in == released["shard"]["S"] == shard_of(key.key_data, _SIX, section)
    assert known.stands_in in set(shards(_SIX, section))
    # Nothing that tells uploads apart: the two items hold these attributes and no others.
    assert set(released) | set(item) <= {
        "shard",
        "key",
        "schema",
        "rolling_start_interval_number",
        "rolling_period",
        "transmission_risk",
        "report_type",
        "days_since_onset_of_symptoms",
        "origin",
        "traveller",
        "shareable",
        "stands_in",
        "expires_at",
    }


def test_the_sections_of_an_hour_are_apart() -> None:
    sections = (Section.HOME, Section.ABROAD, Section.REVISED)
    of_the_hour = [shard for section in sections for shard in shards(_SIX, section)]
    assert len(set(of_the_hour)) == 48
    assert of_the_hour[::16] == [
        "2026-11-24T06Z#00",
        "2026-11-24T06Z#abroad#00",
        "2026-11-24T06Z#revised#00",
    ]


def test_a_revision_says_what_the_key_is_by_then() -> None:
    known = known_key(known_item(_KEY, _SIX, _HOME), "FR")
    hour = _SIX + 30 * HOUR
    item: dict[str, Any] = revised_item(_REVISED, known, hour)
    assert released_key(item, "FR") == (_REVISED, _HOME)
    assert item["shard"]["S"] == shard_of(_KEY.key_data, hour, Section.REVISED)
    # It is of no use to anyone for longer than the key.
    assert not is_expired(item, _SIX + RETENTION - timedelta(seconds=1))
    assert is_expired(item, _SIX + RETENTION)


def test_a_known_key_says_that_it_was_revised_and_where_that_stands() -> None:
    before = known_item(_KEY, _SIX, _HOME)
    known = known_key(before, "FR")
    hour = _SIX + 30 * HOUR
    after = revised_known_item(_REVISED, known, hour)
    assert known_key(after, "FR") == known.model_copy(
        update={
            "revised_as": ReportType.REVOKED,
            "revised_in": shard_of(_KEY.key_data, hour, Section.REVISED),
        }
    )
    assert {name: after[name] for name in before} == before


def test_a_revision_never_leaves_before_its_key() -> None:
    later = _SIX + timedelta(hours=19)
    assert revision_hour(later, _SIX + timedelta(minutes=7)) == later
    assert revision_hour(_SIX, later + timedelta(minutes=7)) == later


def test_items_without_provenance_are_from_here() -> None:
    for written, read in (
        (released_item(_KEY, _SIX, Provenance(origin="IE")), released_key),
        (known_item(_KEY, _SIX, Provenance(origin="IE")), known_key),
    ):
        first_version = {
            name: value
            for name, value in written.items()
            if name not in {"origin", "traveller", "shareable"}
        } | {"schema": {"N": "1"}}
        assert read(first_version, "FR").provenance == _HOME


def test_an_item_of_a_newer_version_is_refused() -> None:
    newer: dict[str, Any] = {**released_item(_KEY, _SIX, _HOME), "schema": {"N": "3"}}
    with pytest.raises(Rejected):
        released_key(newer, "FR")
    with pytest.raises(Rejected):
        known_key(newer, "FR")
