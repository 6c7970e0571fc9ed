"""Which results are counted, and as what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from statistics_counting.counted_test import counted_test
from statistics_counting.messages import read_message
from tests.unit.certificate_signing.samples import result
from vigie.errors import Rejected
from vigie.results.codes import Method, Outcome, Sex, Status
from vigie.results.test_result import VariantScreening

PARIS = ZoneInfo("Europe/Paris")
LATE_EVENING = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": Status.WITHDRAWN},
        {"outcome": Outcome.NOT_OBTAINABLE},
        {"outcome": Outcome.INCONCLUSIVE},
        {"method": Method.SEROLOGY},
    ],
)
def test_what_does_not_say_whether_the_agent_is_there_does_not_count(
    changes: dict[str, Any],
) -> None:
    assert counted_test(result(**changes), PARIS) is None


def test_the_day_is_that_of_the_calendar_of_france() -> None:
    test = counted_test(result(sampled_at=LATE_EVENING, received_at=LATE_EVENING), PARIS)
    assert test is not None
    assert (test.day, test.delay) == ("2026-11-24", 0)


def test_a_test_is_counted_where_and_as_who_the_person_is() -> None:
    test = counted_test(
        result(
            department="2A",
            age=34,
            sex=Sex.MALE,
            outcome=Outcome.DETECTED,
            sampled_at=LATE_EVENING,
            received_at=LATE_EVENING + timedelta(days=40),
            variant=VariantScreening(findings=(("A", "1"), ("C", "0"), ("D", "8"), ("B", "9"))),
            lineage="BA.2.86",
        ),
        PARIS,
    )
    assert test is not None
    assert (test.place, test.age, test.sex, test.positive) == ("2A", "39", Sex.MALE, True)
    assert test.delay == 14
    assert (test.screened, test.readable, test.found) == (True, "AC", "A")
    assert test.lineage == "BA.2.86"


def test_a_result_from_before_age_and_sex_were_kept_counts_as_unknown() -> None:
    test = counted_test(result(), PARIS)
    assert test is not None
    assert (test.place, test.age, test.sex) == ("unknown", "unknown", Sex.UNKNOWN)


def test_the_variants_of_a_negative_test_do_not_count() -> None:
    screening = VariantScreening(findings=(("A", "0"),))
    test = counted_test(result(variant=screening, lineage="BA.2.86"), PARIS)
    assert test is not None
    assert (test.screened, test.lineage) == (False, None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "message-malformed"),
        ('{"type":"ResultRecorded"}', "message-malformed"),
        ('{"type":"CertificateIssued"}', "event-unknown"),
    ],
)
def test_a_message_that_is_no_event_of_a_result_is_rejected(body: str, code: str) -> None:
    with pytest.raises(Rejected) as told:
        read_message(body)
    assert told.value.code == code
