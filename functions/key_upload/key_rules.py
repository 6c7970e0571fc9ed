"""The rules that each key must keep; a key that breaks one is left out, with its reason.

Source: `internal/publish/model/exposure_model.go` of the Exposure Notification key server,
TransformExposureKey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.tracing import base64_text
from vigie.tracing.diagnosis_key import HIGHEST_RISK, KEY_BYTES, MOST_INTERVALS
from vigie.tracing.interval import interval_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from key_upload.publish_request import SentKey
    from vigie.tracing.publish_rules import PublishRules

    KeyRule = Callable[[SentKey, datetime, PublishRules], str | None]


def key_data(sent: SentKey) -> bytes:
    """The bytes of a key; none if they are not as they should be."""
    data = base64_text.decoded(sent.key) or b""
    return data if len(data) == KEY_BYTES else b""


def fault_of(sent: SentKey, now: datetime, rules: PublishRules) -> str | None:
    """What is wrong with a key; None if it can be taken."""
    return next((fault for rule in RULES if (fault := rule(sent, now, rules)) is not None), None)


def has_sixteen_bytes(sent: SentKey, _now: datetime, _rules: PublishRules) -> str | None:
    """The key is base64 of 16 bytes."""
    return None if key_data(sent) else f"key is not base64 of {KEY_BYTES} bytes"


def has_a_period(sent: SentKey, _now: datetime, _rules: PublishRules) -> str | None:
    """The rolling period is 1 to 144 intervals."""
    if 1 <= sent.rolling_period <= MOST_INTERVALS:
        return None
    return f"rollingPeriod is not 1 to {MOST_INTERVALS}"


def was_used_lately(sent: SentKey, now: datetime, rules: PublishRules) -> str | None:
    """The key was still in use at some time of the last 15 days."""
    if sent.rolling_start_number + sent.rolling_period >= interval_number(now - rules.oldest):
        return None
    hours = rules.max_interval_age_on_publish_hours
    return f"rollingStartNumber and rollingPeriod end more than {hours} hours ago"


def has_begun(sent: SentKey, now: datetime, _rules: PublishRules) -> str | None:
    """The key is not of the future."""
    if sent.rolling_start_number <= interval_number(now):
        return None
    return "rollingStartNumber is in the future"


def has_a_risk(sent: SentKey, _now: datetime, _rules: PublishRules) -> str | None:
    """The transmission risk is 0 to 8."""
    if 0 <= sent.transmission_risk <= HIGHEST_RISK:
        return None
    return f"transmissionRisk is not 0 to {HIGHEST_RISK}"


RULES: tuple[KeyRule, ...] = (
    has_sixteen_bytes,
    has_a_period,
    was_used_lately,
    has_begun,
    has_a_risk,
)
