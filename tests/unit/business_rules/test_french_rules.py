"""The French rules, each at its edges."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vigie.business_rules.judgement import External, Verdict, judge
from vigie.business_rules.rule import CertificateType
from vigie.business_rules.selection import Occasion, applicable
from vigie.business_rules.shipped import french

AT = datetime(2021, 10, 1, 12, tzinfo=UTC)
WITH_BOOSTERS = datetime(2022, 3, 1, 12, tzinfo=UTC)
PFIZER, JANSSEN = "EU/1/20/1528", "EU/1/20/1525"
NAAT, RAT = "LP6464-4", "LP217198-3"
_KINDS = {
    "v": CertificateType.VACCINATION,
    "t": CertificateType.TEST,
    "r": CertificateType.RECOVERY,
}


def _broken(
    group: str, entry: dict[str, Any], at: datetime = AT, born: str = "1980-05-12"
) -> list[str]:
    rules = applicable(
        [document.rule for document in french()], Occasion("FR", at), "BE", _KINDS[group]
    )
    payload: dict[str, Any] = {"ver": "1.3.0", "dob": born, group: [{"tg": "840539006"} | entry]}
    outcomes = judge(rules, payload, External(at, {}, "FR"))
    assert all(outcome.verdict is not Verdict.OPEN for outcome in outcomes)
    return [each.rule.identifier for each in outcomes if each.verdict is Verdict.FAILED]


def _vaccination(days: int, at: datetime = AT, **changes: Any) -> list[str]:  # noqa: ANN401 - JSON
    day = (at - timedelta(days=days)).date().isoformat()
    return _broken("v", {"mp": PFIZER, "dn": 2, "sd": 2, "dt": day} | changes, at)


def _test(hours: float, at: datetime = AT, **changes: Any) -> list[str]:  # noqa: ANN401 - JSON
    sampled = (at - timedelta(hours=hours)).isoformat()
    return _broken("t", {"tt": NAAT, "tr": "260415000", "sc": sampled} | changes, at)


def _recovery(days: int) -> list[str]:
    return _broken("r", {"fr": (AT - timedelta(days=days)).date().isoformat()})


def test_the_rules_declare_what_they_look_at_and_speak_french() -> None:
    for document in french():
        rule = document.rule
        assert rule.undeclared_fields == frozenset(), rule.identifier
        assert rule.told("fr") != rule.told("en")


def test_a_series_counts_seven_days_after_its_last_dose() -> None:
    assert _vaccination(6) == ["VR-FR-0004"]
    assert _vaccination(7) == []


def test_a_vaccine_given_once_counts_after_28_days() -> None:
    assert _vaccination(27, mp=JANSSEN, dn=1, sd=1) == ["VR-FR-0003"]
    assert _vaccination(28, mp=JANSSEN, dn=1, sd=1) == []
    assert _vaccination(7, mp=JANSSEN, dn=2, sd=1) == []


def test_a_series_must_be_complete_and_of_a_known_vaccine() -> None:
    assert _vaccination(30, dn=1) == ["VR-FR-0002"]
    assert _vaccination(30, mp="Sputnik-V") == ["VR-FR-0001"]
    assert _vaccination(30, tg="1") == ["GR-FR-0001"]


@pytest.mark.parametrize(
    ("days", "doses", "broken"),
    [
        (270, (2, 2), []),
        (271, (2, 2), ["VR-FR-0005"]),
        (400, (3, 3), []),
        (400, (2, 1), []),
        (400, (1, 1), ["VR-FR-0005"]),
    ],
)
def test_a_booster_is_asked_for_from_february_2022_on(
    days: int, doses: tuple[int, int], broken: list[str]
) -> None:
    done, needed = doses
    assert _vaccination(days, WITH_BOOSTERS, dn=done, sd=needed) == broken
    assert _vaccination(days, dn=done, sd=needed) == []


@pytest.mark.parametrize(
    ("born", "broken"),
    [("2004-05-01", ["VR-FR-0005"]), ("2004-05-02", []), ("2004", []), ("2003", ["VR-FR-0005"])],
)
def test_minors_need_no_booster_from_april_2022_on(born: str, broken: list[str]) -> None:
    on = datetime(2022, 5, 1, 12, tzinfo=UTC)
    entry = {"mp": PFIZER, "dn": 2, "sd": 2, "dt": "2021-06-01"}

    assert _broken("v", entry, on, born) == broken
    assert _broken("v", entry, datetime(2022, 4, 5, 12, tzinfo=UTC), born) == ["VR-FR-0005"]


def test_a_naat_holds_72_hours() -> None:
    assert _test(72) == []
    assert _test(72.01) == ["TR-FR-0003"]
    assert _test(-1) == ["TR-FR-0003"]


def test_an_antigen_test_holds_48_hours_and_later_24() -> None:
    assert _test(48, tt=RAT) == []
    assert _test(48.01, tt=RAT) == ["TR-FR-0004"]
    assert _test(24, WITH_BOOSTERS, tt=RAT) == []
    assert _test(24.01, WITH_BOOSTERS, tt=RAT) == ["TR-FR-0004"]


def test_a_test_is_negative_and_of_a_known_kind() -> None:
    assert _test(1, tr="260373001") == ["TR-FR-0001"]
    assert _test(1, tt="94564-2") == ["TR-FR-0002"]


@pytest.mark.parametrize(
    ("days", "broken"),
    [(10, ["RR-FR-0001"]), (11, []), (180, []), (181, ["RR-FR-0002"])],
)
def test_a_recovery_counts_from_day_11_to_day_180(days: int, broken: list[str]) -> None:
    assert _recovery(days) == broken
