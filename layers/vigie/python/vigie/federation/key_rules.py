"""Which keys are taken from other countries and which of ours are offered to them, one by one.

A key that breaks a rule costs no other: the European gateway refuses a whole batch for one key
that is too old, and the keys of everybody else in it are lost.

Source: `exposure_model.go` of the Exposure Notification key server for what a key may be;
`DiagnosisKeyBatchValidator.java` of the European Federation Gateway Service for what it takes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from vigie.federation.onset_days import code_of, onset_of
from vigie.federation.shared_key import SharedKey
from vigie.tracing.diagnosis_key import (
    HIGHEST_RISK,
    KEY_BYTES,
    MOST_INTERVALS,
    MOST_ONSET_DAYS,
    DiagnosisKey,
    ReportType,
)
from vigie.tracing.interval import interval_number
from vigie.tracing.release import RETENTION
from vigie.tracing.stored_key import Provenance, ReleasedKey

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from vigie.federation.gateway import Gateway

    Rule = Callable[["_Judged"], bool]

# What a sender writes who says nothing of the risk.
NO_RISK = 2**31 - 1
# A clock may be this far ahead.
_AHEAD = 1
# Somebody competent said that the person is ill, or took it back.
TAKEN = frozenset(
    {ReportType.CONFIRMED_TEST, ReportType.CONFIRMED_CLINICAL_DIAGNOSIS, ReportType.REVOKED}
)
# What the European gateway takes at the oldest: the start, from a midnight on.
_OLDEST_OFFERED = timedelta(days=14)


class _Judged(NamedTuple):
    key: SharedKey
    home: str
    countries: Collection[str]
    now: datetime


def from_abroad(
    key: SharedKey, home: str, countries: Collection[str], now: datetime
) -> ReleasedKey | str:
    """A key of another country as it is stored, or the rule that it breaks.

    Args:
        key: as it was sent.
        home: this country.
        countries: those whose keys are taken.
        now: aware.
    """
    judged = _Judged(key, home, countries, now)
    broken = next((name for name, rule in RULES.items() if not rule(judged)), None)
    if broken is not None:
        return broken
    onset = onset_of(key.days_since_onset_of_symptoms)
    risk = 0 if key.transmission_risk_level == NO_RISK else key.transmission_risk_level
    return ReleasedKey(
        DiagnosisKey(
            key_data=key.key_data,
            rolling_start_interval_number=key.rolling_start_interval_number,
            rolling_period=key.rolling_period,
            transmission_risk=risk,
            report_type=ReportType(key.report_type),
            days_since_onset_of_symptoms=None if onset is None else onset.days,
        ),
        Provenance(origin=key.origin, traveller=bool(set(key.visited_countries) - {key.origin})),
    )


def offered(
    released: ReleasedKey, home: str, gateway: Gateway, hour: datetime, now: datetime
) -> SharedKey | None:
    """One of our keys as it is offered; None if it is not.

    Args:
        released: as it is stored, or its revision.
        home: this country.
        gateway: that it is offered to.
        hour: of its release, or of its revision.
        now: aware.
    """
    key, provenance = released
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if (
        provenance.origin != home
        or not provenance.shareable
        or key.report_type not in TAKEN
        or key.rolling_start_interval_number < interval_number(midnight - _OLDEST_OFFERED)
        or key.expires_at > now
    ):
        return None
    return SharedKey(
        key_data=key.key_data,
        rolling_start_interval_number=key.rolling_start_interval_number,
        rolling_period=key.rolling_period,
        transmission_risk_level=key.transmission_risk,
        visited_countries=gateway.visited_countries if provenance.traveller else (),
        origin=home,
        report_type=int(key.report_type),
        days_since_onset_of_symptoms=code_of(
            key.days_since_onset_of_symptoms, key.rolling_start_interval_number, hour
        ),
    )


def _has_sixteen_bytes(judged: _Judged) -> bool:
    return len(judged.key.key_data) == KEY_BYTES


def _has_a_period(judged: _Judged) -> bool:
    return 1 <= judged.key.rolling_period <= MOST_INTERVALS


def _may_meet_a_contact(judged: _Judged) -> bool:
    """Phones compare with the contacts of their last 14 days."""
    key = judged.key
    end = key.rolling_start_interval_number + key.rolling_period
    return end > interval_number(judged.now - RETENTION)


def _has_begun(judged: _Judged) -> bool:
    return judged.key.rolling_start_interval_number <= interval_number(judged.now) + _AHEAD


def _has_a_risk(judged: _Judged) -> bool:
    risk = judged.key.transmission_risk_level
    return 0 <= risk <= HIGHEST_RISK or risk == NO_RISK


def _is_of_a_country(judged: _Judged) -> bool:
    return judged.key.origin in judged.countries and judged.key.origin != judged.home


def _is_confirmed(judged: _Judged) -> bool:
    return judged.key.report_type in TAKEN


def _says_when_it_began(judged: _Judged) -> bool:
    onset = onset_of(judged.key.days_since_onset_of_symptoms)
    # What phones cannot take is further away than anybody is contagious.
    return onset is not None and (onset.days is None or abs(onset.days) <= MOST_ONSET_DAYS)


RULES: dict[str, Rule] = {
    "key-bytes": _has_sixteen_bytes,
    "rolling-period": _has_a_period,
    "expired": _may_meet_a_contact,
    "future": _has_begun,
    "transmission-risk": _has_a_risk,
    "origin": _is_of_a_country,
    "report-type": _is_confirmed,
    "onset-days": _says_when_it_began,
}
