"""From what an app sent to diagnosis keys, with what is to be said of those left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from key_upload.key_rules import fault_of, key_data
from key_upload.key_set import refuse_overlap, refuse_wrong_count
from key_upload.report_types import report_type_of, risk_of
from key_upload.symptom_onset import days_since_onset, onset_interval
from vigie.model import Frozen, trusted
from vigie.tracing.diagnosis_key import DiagnosisKey

if TYPE_CHECKING:
    from datetime import datetime

    from key_upload.permission import Permission
    from key_upload.publish_request import PublishRequest, SentKey
    from vigie.tracing.diagnosis_key import ReportType
    from vigie.tracing.publish_rules import PublishRules


class Transformed(Frozen):
    """The outcome.

    Attributes:
        keys: those that can be taken, by their place in the request.
        faults: for each key that breaks a rule, which one and why.
        warnings: for each key that is left out although it breaks none, which one and why.
    """

    keys: dict[int, DiagnosisKey]
    faults: tuple[str, ...]
    warnings: tuple[str, ...]


def transform(
    request: PublishRequest, permission: Permission, now: datetime, rules: PublishRules
) -> Transformed:
    """Judge every key of a request, then the keys together.

    Args:
        request: what was sent.
        permission: what permits it, and says what the keys are published as.
        now: the time, aware.
        rules: the bounds.

    Raises:
        PublishRefusedError: the keys together break a rule.
    """
    refuse_wrong_count(request.keys, rules)
    report_type = report_type_of(permission.diagnosis)
    onset = onset_interval(
        request.symptom_onset_interval, permission.symptom_onset_interval, now, rules
    )
    keys: dict[int, DiagnosisKey] = {}
    taken: set[bytes] = set()
    faults: list[str] = []
    warnings: list[str] = []
    for place, sent in enumerate(request.keys):
        fault, data = fault_of(sent, now, rules), key_data(sent)
        if fault is None and data in taken:
            fault = "key is there twice"
        if fault is not None:
            faults.append(f"key {place} cannot be imported: {fault}")
            continue
        days = days_since_onset(sent.rolling_start_number, onset)
        if abs(days) > rules.max_symptom_onset_days:
            warnings.append(
                f"key {place} symptom onset is too large,"
                f" {abs(days)} > {rules.max_symptom_onset_days} - saving without this key"
            )
            continue
        keys[place] = _diagnosis_key(sent, data, report_type, days)
        taken.add(data)
    refuse_overlap(tuple(keys.values()), rules)
    return Transformed(keys=keys, faults=tuple(faults), warnings=tuple(warnings))


def _diagnosis_key(sent: SentKey, data: bytes, report_type: ReportType, days: int) -> DiagnosisKey:
    # Every value was judged by the rules.
    return trusted(
        DiagnosisKey,
        {
            "key_data": data,
            "rolling_start_interval_number": sent.rolling_start_number,
            "rolling_period": sent.rolling_period,
            "transmission_risk": risk_of(report_type, sent.transmission_risk),
            "report_type": report_type,
            "days_since_onset_of_symptoms": days,
        },
    )
