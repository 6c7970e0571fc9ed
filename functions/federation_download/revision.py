"""When a key that comes again changes what is said of it.

Source: `exposure_model.go` of the Exposure Notification key server, ReviseKeys; there a confirmed
key is final, but a country that takes one back has a reason.
"""

from vigie.tracing.diagnosis_key import ReportType
from vigie.tracing.stored_key import KnownKey, ReleasedKey

_ALLOWED = {
    (ReportType.CONFIRMED_CLINICAL_DIAGNOSIS, ReportType.CONFIRMED_TEST),
    (ReportType.CONFIRMED_CLINICAL_DIAGNOSIS, ReportType.REVOKED),
    (ReportType.CONFIRMED_TEST, ReportType.REVOKED),
}


def revises(sent: ReleasedKey, known: KnownKey) -> bool:
    """Whether a key that is known is to be revised: by its own country, and once."""
    return (
        known.revised_as is None
        and known.provenance.origin == sent.provenance.origin
        and known.rolling_start_interval_number == sent.key.rolling_start_interval_number
        and known.rolling_period == sent.key.rolling_period
        and (known.report_type, sent.key.report_type) in _ALLOWED
    )
