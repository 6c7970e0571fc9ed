"""What the register says of a laboratory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.laboratories import laboratory
from tests.unit.result_intake.test_versioning import a_result
from vigie.errors import Rejected
from vigie.laboratories import Change, LaboratoryState
from vigie.laboratories.finess import check_digit_holds, is_finess
from vigie.laboratories.laboratory import MAX_CHANGES, from_item, to_item

FINESS = "750712184"
CHANGE = Change(
    at=datetime(2026, 11, 24, tzinfo=UTC), by="arn:aws:iam::1:role/me", what="x", reason="y"
)


@pytest.mark.parametrize(
    ("allowed", "may"),
    [
        ("all", True),
        ("covid-19", True),
        ("covid-19/naat", True),
        ("covid-19/antigen", False),
        ("94500-6", True),
        ("94534-5", False),
        ("influenza", False),
    ],
)
def test_a_laboratory_reports_the_tests_that_it_is_registered_for(allowed: str, may: bool) -> None:  # noqa: FBT001 - a column of the table
    assert laboratory(FINESS, allowed=(allowed,)).may_report(a_result()) is may
    assert laboratory(FINESS, allowed=("influenza", allowed)).may_report(a_result()) is may


@pytest.mark.parametrize(
    "finess", ["750712184", "750100208", "750803447", "690781810", "130786049", "2A0000006"]
)
def test_numbers_of_well_known_establishments_are_not_doubted(finess: str) -> None:
    assert is_finess(finess)
    assert check_digit_holds(finess)


@given(st.integers(0, 8), st.integers(1, 9))
def test_a_mistyped_digit_is_doubted(place: int, step: int) -> None:
    digit = (int(FINESS[place]) + step) % 10
    assert not check_digit_holds(f"{FINESS[:place]}{digit}{FINESS[place + 1 :]}")


@pytest.mark.parametrize(
    "text", ["", "75071218", "7507121840", "75071218x", "750712184\n", "٧٥٠٧١٢١٨٤"]
)
def test_what_is_no_finess_is_known_as_such(text: str) -> None:
    assert not is_finess(text)


def test_changes_are_kept_up_to_a_bound_the_latest_last() -> None:
    entry = laboratory(FINESS)
    for day in range(MAX_CHANGES + 5):
        noted = CHANGE.model_copy(update={"at": CHANGE.at + timedelta(days=day)})
        entry = entry.changed(noted, state=LaboratoryState.SUSPENDED)
    assert (len(entry.changes), entry.changes[-1]) == (MAX_CHANGES, noted)
    assert (entry.revision, entry.active) == (MAX_CHANGES + 6, False)


def test_an_item_is_read_as_it_was_written_and_a_newer_one_not_at_all() -> None:
    entry = laboratory(FINESS, phone="+33 1 40 00 00 00", client_id="abc")
    assert from_item({**to_item(entry)}) == entry
    with pytest.raises(Rejected) as caught:
        from_item({**to_item(entry), "schema": {"N": "2"}})
    assert caught.value.code == "laboratory-schema-unknown"
