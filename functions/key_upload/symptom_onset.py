"""How far a key is from the onset of symptoms.

Source: `internal/publish/model/exposure_model.go` of the Exposure Notification key server,
and the defaults of `internal/publish/config.go`.
"""

from datetime import datetime, timedelta

from vigie.tracing.interval import interval_number, interval_start

# MAX_VALID_SYMPTOM_ONSET_REPORT_DAYS and DEFAULT_SYMPTOM_ONSET_DAYS_AGO.
EARLIEST = timedelta(days=28)
ASSUMED = timedelta(days=4)


def onset_interval(stated: int, now: datetime) -> int:
    """The interval of the onset: the stated one if it can be true, else four days ago."""
    earliest = interval_number(_midnight(now - EARLIEST))
    if earliest <= stated < interval_number(now):
        return stated
    return interval_number(now - ASSUMED)


def days_since_onset(start: int, onset: int) -> int:
    """Whole days (UTC) from the day of the onset to the day that a key starts on."""
    return (_midnight(interval_start(start)) - _midnight(interval_start(onset))).days


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
