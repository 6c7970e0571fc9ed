"""What keys are published as, for why they may be published.

Source: `internal/publish/model/exposure_model.go` of the Exposure Notification key server,
ReportTypeTransmissionRisk and Exposure.Revise.
"""

from vigie.tracing.diagnosis_key import ReportType
from vigie.tracing.verification_certificate import Diagnosis

_OF_DIAGNOSIS = {
    None: ReportType.UNKNOWN,
    Diagnosis.CONFIRMED: ReportType.CONFIRMED_TEST,
    Diagnosis.LIKELY: ReportType.CONFIRMED_CLINICAL_DIAGNOSIS,
    Diagnosis.NEGATIVE: ReportType.REVOKED,
    Diagnosis.USER_REPORT: ReportType.SELF_REPORT,
}
# TransmissionRiskConfirmedStandard, TransmissionRiskClinical and TransmissionRiskNegative; the
# reference gives none to self-reports.
_RISKS = {
    ReportType.CONFIRMED_TEST: 2,
    ReportType.CONFIRMED_CLINICAL_DIAGNOSIS: 4,
    ReportType.REVOKED: 6,
}
_LIKELY = frozenset({ReportType.CONFIRMED_TEST, ReportType.REVOKED})
_REVISIONS = {
    # What nothing is said of counts as likely.
    ReportType.UNKNOWN: _LIKELY,
    ReportType.CONFIRMED_CLINICAL_DIAGNOSIS: _LIKELY,
    ReportType.SELF_REPORT: _LIKELY | {ReportType.CONFIRMED_CLINICAL_DIAGNOSIS},
}


def report_type_of(diagnosis: Diagnosis | None) -> ReportType:
    """The report type of keys."""
    return _OF_DIAGNOSIS[diagnosis]


def risk_of(report_type: ReportType, sent: int) -> int:
    """The transmission risk of a key: what was sent, or that of its type in the place of 0."""
    return sent or _RISKS.get(report_type, 0)


def may_become(first: ReportType, revised: ReportType) -> bool:
    """Whether a key of one report type may be revised to another."""
    return revised in _REVISIONS.get(first, frozenset())
