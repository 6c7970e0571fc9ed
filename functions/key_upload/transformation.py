"""From what an app sent to diagnosis keys, with what is to be said of those left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from key_upload.key_rules import fault_of, key_data
from key_upload.key_set import refuse_overlap, refuse_wrong_count
from key_upload.symptom_onset import days_since_onset, onset_interval
from vigie.model import Frozen
from vigie.tracing.diagnosis_key import MOST_ONSET_DAYS, DiagnosisKey, ReportType

if TYPE_CHECKING:
    from datetime import datetime

    from key_upload.publish_request import PublishRequest, SentKey

# TRANSMISSION_RISK for a confirmed test, where the app gives none.
CONFIRMED_RISK = 2


class Transformed(Frozen):
    """The outcome.

    Attributes:
        keys: those that can be taken.
        faults: for each key that breaks a rule, which one and why.
        warnings: for each key that is left out although it breaks none, which one and why.
    """

    keys: tuple[DiagnosisKey, ...]
    faults: tuple[str, ...]
    warnings: tuple[str, ...]


def transform(request: PublishRequest, now: datetime) -> Transformed:
    """Judge every key of a request, then the keys together.

    Raises:
        PublishRefusedError: the keys together break a rule.
    """
    refuse_wrong_count(request.keys)
    onset = onset_interval(request.symptom_onset_interval, now)
    keys: dict[bytes, DiagnosisKey] = {}
    faults: list[str] = []
    warnings: list[str] = []
    for place, sent in enumerate(request.keys):
        fault = fault_of(sent, now)
        if fault is None and key_data(sent) in keys:
            fault = "key is there twice"
        if fault is not None:
            faults.append(f"key {place} cannot be imported: {fault}")
            continue
        days = days_since_onset(sent.rolling_start_number, onset)
        if abs(days) > MOST_ONSET_DAYS:
            warnings.append(
                f"key {place} symptom onset is too large, {abs(days)} > {MOST_ONSET_DAYS}"
                " - saving without this key"
            )
            continue
        keys[key_data(sent)] = _diagnosis_key(sent, days)
    refuse_overlap(tuple(keys.values()))
    return Transformed(keys=tuple(keys.values()), faults=tuple(faults), warnings=tuple(warnings))


def _diagnosis_key(sent: SentKey, days: int) -> DiagnosisKey:
    return DiagnosisKey(
        key_data=key_data(sent),
        rolling_start_interval_number=sent.rolling_start_number,
        rolling_period=sent.rolling_period,
        transmission_risk=sent.transmission_risk or CONFIRMED_RISK,
        # A code is given for a test that detected the agent, and for nothing else.
        report_type=ReportType.CONFIRMED_TEST,
        days_since_onset_of_symptoms=days,
    )
