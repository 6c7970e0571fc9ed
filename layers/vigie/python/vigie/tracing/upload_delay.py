"""How long after their permission people upload their keys, in classes that say nothing of one."""

from __future__ import annotations

from datetime import UTC
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_SOON, _LATER, _LATE = 1, 3, 6


class UploadDelay(StrEnum):
    """Whole days (UTC); each value is the name of a metric."""

    SOON = "upload-after-0-1-days"
    LATER = "upload-after-2-3-days"
    LATE = "upload-after-4-6-days"
    LATEST = "upload-after-7-days"


def upload_delay(since: datetime, now: datetime) -> UploadDelay:
    """The class of a delay.

    Args:
        since: when the permission was given, aware.
        now: aware.
    """
    days = (now.astimezone(UTC).date() - since.astimezone(UTC).date()).days
    if days <= _SOON:
        return UploadDelay.SOON
    if days <= _LATER:
        return UploadDelay.LATER
    return UploadDelay.LATE if days <= _LATE else UploadDelay.LATEST
