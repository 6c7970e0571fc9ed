"""Which certificate a result gives: every combination, and both sides of each day."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificate_signing.entitlement import Due, Entitlement, Issue, Lapsed, Nothing, entitled
from tests.unit.certificate_signing.samples import DISEASE, LISTED, SAMPLED, result
from vigie.catalogue.disease import Disease
from vigie.results.codes import Method, Outcome, Status
from vigie.results.stored_result import ResultDocument

DAY_0 = SAMPLED.date()
PARIS = ZoneInfo("Europe/Paris")
SETTLED = (Status.FINAL, Status.AMENDED, Status.CORRECTED)
UNSETTLED = {
    Status.PRELIMINARY: "result-preliminary",
    Status.WITHDRAWN: "result-withdrawn",
    Status.NOT_OBTAINABLE: "result-not-obtainable",
}


def judged_on(judged: ResultDocument, disease: Disease | None, day: date) -> Entitlement:
    """What a result gives at noon of a French day."""
    return entitled(judged, disease, datetime.combine(day, time(12), PARIS), PARIS)


def _expected(status: Status, outcome: Outcome, method: Method, device: str | None) -> Entitlement:
    """The table of the rule, on the twentieth day."""
    if status in UNSETTLED:
        return Nothing(UNSETTLED[status])
    if outcome is Outcome.INCONCLUSIVE:
        return Nothing("result-inconclusive")
    if outcome is Outcome.NOT_OBTAINABLE:
        return Nothing("result-not-obtainable")
    if method is Method.SEROLOGY:
        return Nothing("method-not-certified")
    if method is Method.ANTIGEN and device != LISTED:
        return Nothing("device-not-listed")
    return Issue("test" if outcome is Outcome.NOT_DETECTED else "recovery")


@pytest.mark.parametrize(
    ("status", "outcome", "method", "device"),
    list(product(Status, Outcome, Method, (None, LISTED, "999999"))),
)
def test_every_combination(
    status: Status, outcome: Outcome, method: Method, device: str | None
) -> None:
    judged = result(status=status, outcome=outcome, method=method, device=device)
    today = DAY_0 + timedelta(days=20)
    assert judged_on(judged, DISEASE, today) == _expected(status, outcome, method, device)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, Due("recovery", date(2026, 11, 12))),
        (10, Due("recovery", date(2026, 11, 12))),
        (11, Issue("recovery")),
        (180, Issue("recovery")),
        (181, Lapsed("recovery", date(2027, 4, 30))),
    ],
)
def test_a_recovery_has_its_days(days: int, expected: Entitlement) -> None:
    positive = result(outcome=Outcome.DETECTED)
    assert judged_on(positive, DISEASE, DAY_0 + timedelta(days=days)) == expected


def test_a_test_certificate_waits_for_no_day() -> None:
    assert judged_on(result(), DISEASE, DAY_0) == Issue("test")


@pytest.mark.parametrize(
    ("sampled_on", "expected"),
    [
        (date(2021, 9, 30), Nothing("antigen-outside-dates")),
        (date(2021, 10, 1), Issue("recovery")),
        (date(2026, 11, 10), Issue("recovery")),
        (date(2026, 11, 11), Nothing("antigen-outside-dates")),
    ],
)
def test_an_antigen_test_counts_within_its_dates(sampled_on: date, expected: Entitlement) -> None:
    antigen = result(
        outcome=Outcome.DETECTED,
        method=Method.ANTIGEN,
        device=LISTED,
        sampled_at=datetime(sampled_on.year, sampled_on.month, sampled_on.day, 12, tzinfo=UTC),
    )
    assert judged_on(antigen, DISEASE, sampled_on + timedelta(days=11)) == expected
    naat = antigen.model_copy(update={"method": Method.NAAT})
    assert judged_on(naat, DISEASE, sampled_on + timedelta(days=11)) == Issue("recovery")


def test_dates_may_be_open() -> None:
    rule = DISEASE.recovery
    assert rule is not None
    open_rule = rule.model_copy(
        update={"antigen_sampled_from": None, "antigen_sampled_until": None}
    )
    antigen = result(outcome=Outcome.DETECTED, method=Method.ANTIGEN, device=LISTED)
    disease = DISEASE.model_copy(update={"recovery": open_rule})
    assert judged_on(antigen, disease, DAY_0 + timedelta(days=11)) == Issue("recovery")


def test_a_disease_without_rules_gives_nothing() -> None:
    bare = DISEASE.model_copy(update={"recovery": None, "test_certificate": None})
    for outcome in (Outcome.DETECTED, Outcome.NOT_DETECTED):
        refused = judged_on(result(outcome=outcome), bare, DAY_0)
        assert refused == Nothing("disease-not-certified")
    assert judged_on(result(), None, DAY_0) == Nothing("disease-unknown")


@given(st.integers(min_value=-12 * 60, max_value=14 * 60))
def test_the_zone_of_the_sampling_time_does_not_matter(minutes: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    positive = result(outcome=Outcome.DETECTED, sampled_at=SAMPLED.astimezone(zone))
    assert judged_on(positive, DISEASE, DAY_0) == Due("recovery", date(2026, 11, 12))


@pytest.mark.parametrize(
    ("sampled_at", "first_day"),
    [
        # Just before and just after midnight in Paris, in summer and in winter.
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 12)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 13)),
        (datetime(2026, 12, 1, 22, 59, tzinfo=UTC), date(2026, 12, 12)),
        (datetime(2026, 12, 1, 23, 0, tzinfo=UTC), date(2026, 12, 13)),
    ],
)
def test_days_are_those_of_the_issuers_calendar(sampled_at: datetime, first_day: date) -> None:
    positive = result(outcome=Outcome.DETECTED, sampled_at=sampled_at)
    midnight = datetime.combine(first_day, time(), PARIS)
    before = entitled(positive, DISEASE, midnight - timedelta(seconds=1), PARIS)
    assert before == Due("recovery", first_day)
    assert entitled(positive, DISEASE, midnight.astimezone(UTC), PARIS) == Issue("recovery")


def test_another_issuer_counts_by_its_own_calendar() -> None:
    positive = result(outcome=Outcome.DETECTED, sampled_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    for name, day in (("Europe/Paris", 13), ("Europe/Lisbon", 12), ("America/Cayenne", 12)):
        due = entitled(positive, DISEASE, positive.sampled_at, ZoneInfo(name))
        assert due == Due("recovery", date(2026, 7, day))
