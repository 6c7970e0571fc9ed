"""Keys are judged one by one, by rules that are named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from federation_download.revision import revises
from tests.unit.federation.test_efgs import key_of
from vigie.federation.gateway import Gateway
from vigie.federation.key_rules import NO_RISK, from_abroad, offered
from vigie.federation.onset_days import Onset, code_of, onset_of
from vigie.federation.shared_key import SharedKey
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.interval import interval_number
from vigie.tracing.release import RETENTION
from vigie.tracing.stored_key import KnownKey, Provenance, ReleasedKey

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
HOUR = NOW - timedelta(hours=3)
START = interval_number(NOW) - 200
GOOD = key_of(1)._replace(rolling_start_interval_number=START)
EFGS = Gateway(
    name="efgs",
    protocol="efgs",
    url="https://gateway.example",
    countries={"DE": ("0" * 64,)},
    visited_countries=("DE", "IT"),
)
OURS = DiagnosisKey(
    key_data=bytes(16),
    rolling_start_interval_number=START,
    rolling_period=144,
    transmission_risk=2,
    report_type=ReportType.CONFIRMED_TEST,
    days_since_onset_of_symptoms=-3,
)
SHAREABLE = Provenance(origin="FR", shareable=True)


def judged(key: SharedKey) -> ReleasedKey | str:
    return from_abroad(key, "FR", {"DE", "IT", "FR"}, NOW)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("key-bytes", {"key_data": bytes(15)}),
        ("rolling-period", {"rolling_period": 0}),
        ("rolling-period", {"rolling_period": 145}),
        ("rolling-period", {"rolling_period": 2**32 - 1}),
        ("expired", {"rolling_start_interval_number": interval_number(NOW - RETENTION) - 144}),
        ("future", {"rolling_start_interval_number": interval_number(NOW) + 2}),
        ("transmission-risk", {"transmission_risk_level": 9}),
        ("transmission-risk", {"transmission_risk_level": -22}),
        ("origin", {"origin": "AT"}),
        ("origin", {"origin": "FR"}),
        ("report-type", {"report_type": 3}),
        ("report-type", {"report_type": 0}),
        ("onset-days", {"days_since_onset_of_symptoms": 15}),
        ("onset-days", {"days_since_onset_of_symptoms": 1985}),
    ],
)
def test_a_key_that_breaks_a_rule_is_refused_by_its_name(
    rule: str, changes: dict[str, object]
) -> None:
    assert judged(GOOD._replace(**changes)) == rule  # type: ignore[arg-type]  # any field


def test_a_key_at_the_edge_of_each_rule_is_taken() -> None:
    for changes in (
        {"rolling_start_interval_number": interval_number(NOW - RETENTION) - 143},
        {"rolling_start_interval_number": interval_number(NOW) + 1},
        {"transmission_risk_level": NO_RISK, "days_since_onset_of_symptoms": 4000},
    ):
        assert isinstance(judged(GOOD._replace(**changes)), ReleasedKey)  # type: ignore[arg-type]


def test_where_somebody_was_makes_a_traveller() -> None:
    for visited, traveller in (((), False), (("DE",), False), (("DE", "FR"), True)):
        taken = judged(GOOD._replace(visited_countries=visited))
        assert isinstance(taken, ReleasedKey)
        assert taken.provenance == Provenance(origin="DE", traveller=traveller)


@pytest.mark.parametrize(
    ("code", "onset"),
    [
        (-15, None),
        (-14, Onset(-14)),
        (21, Onset(21)),
        (22, None),
        (86, Onset(-14)),
        (102, Onset(2)),
        (1921, Onset(21)),
        (1985, None),
        (1986, Onset(None)),
        (3000, Onset(None)),
        (4001, None),
    ],
)
def test_days_since_the_onset_are_read_as_the_gateway_codes_them(
    code: int, onset: Onset | None
) -> None:
    assert onset_of(code) == onset


def test_an_onset_that_nobody_knows_is_said_to_be_unknown() -> None:
    assert code_of(None, START, HOUR) == 3998
    assert onset_of(code_of(None, START, HOUR)) == Onset(None)


def test_a_key_is_offered_with_consent_and_says_where_a_traveller_was() -> None:
    released = ReleasedKey(OURS, SHAREABLE.model_copy(update={"traveller": True}))
    assert offered(released, "FR", EFGS, HOUR, NOW) == SharedKey(
        bytes(16), START, 144, 2, ("DE", "IT"), "FR", 1, -3
    )


@pytest.mark.parametrize(
    ("changes", "provenance"),
    [
        ({}, Provenance(origin="FR")),
        ({}, Provenance(origin="DE", shareable=True)),
        ({"report_type": ReportType.SELF_REPORT}, SHAREABLE),
        ({"rolling_start_interval_number": interval_number(NOW) - 10}, SHAREABLE),
        ({"rolling_start_interval_number": interval_number(NOW - timedelta(days=15))}, SHAREABLE),
    ],
)
def test_no_other_key_is_offered(changes: dict[str, object], provenance: Provenance) -> None:
    released = ReleasedKey(OURS.model_copy(update=changes), provenance)
    assert offered(released, "FR", EFGS, HOUR, NOW) is None


def test_a_country_revises_its_own_keys_once_and_takes_them_back() -> None:
    known = KnownKey(
        key_data=bytes(16),
        rolling_start_interval_number=START,
        rolling_period=144,
        report_type=ReportType.CONFIRMED_TEST,
        provenance=Provenance(origin="DE"),
        stands_in="2026-11-24T06Z#abroad#00",
        expires_at=NOW,
    )
    revoked = OURS.model_copy(update={"report_type": ReportType.REVOKED})
    sent = ReleasedKey(revoked, Provenance(origin="DE"))
    assert revises(sent, known)
    assert not revises(sent._replace(key=OURS), known)
    assert not revises(sent._replace(provenance=Provenance(origin="IT")), known)
    assert not revises(sent._replace(key=revoked.model_copy(update={"rolling_period": 9})), known)
    assert not revises(sent, known.model_copy(update={"revised_as": ReportType.REVOKED}))
