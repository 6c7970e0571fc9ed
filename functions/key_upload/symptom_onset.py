"""How far a key is from the onset of symptoms.

Source: `internal/publish/model/exposure_model.go` of the Exposure Notification key server,
TransformPublish.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.tracing.diagnosis_key import MOST_INTERVALS
from vigie.tracing.interval import interval_number

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.tracing.publish_rules import PublishRules


def onset_interval(stated: int, certified: int | None, now: datetime, rules: PublishRules) -> int:
    """The interval of the onset: the first that can be true, else four days ago.

    Args:
        stated: by the app.
        certified: by the health authority, if it says one.
        now: the time, aware.
        rules: how long ago an onset may be, and what is assumed.
    """
    reported = timedelta(days=rules.max_valid_symptom_onset_report_days)
    earliest = interval_number(_midnight(now - reported))
    for onset in (stated, certified):
        if onset is not None and earliest <= onset < interval_number(now):
            return onset
    return interval_number(now - timedelta(days=rules.default_symptom_onset_days_ago))


def days_since_onset(start: int, onset: int) -> int:
    """Whole days (UTC) from the day of the onset to the day that a key starts on."""
    # A day of UTC is as long as a key's longest period, and the first one began with interval 0.
    return start // MOST_INTERVALS - onset // MOST_INTERVALS


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
