"""Delays are told in classes of whole days."""

from datetime import UTC, datetime, timedelta

import pytest

from vigie.tracing.upload_delay import UploadDelay, upload_delay

_LATE_IN_THE_EVENING = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, UploadDelay.SOON),
        (1, UploadDelay.SOON),
        (2, UploadDelay.LATER),
        (3, UploadDelay.LATER),
        (4, UploadDelay.LATE),
        (6, UploadDelay.LATE),
        (7, UploadDelay.LATEST),
        (10, UploadDelay.LATEST),
    ],
)
def test_the_days_between_count_whatever_the_hour(days: int, told: UploadDelay) -> None:
    early = _LATE_IN_THE_EVENING.replace(hour=0, minute=0) + timedelta(days=days)
    assert upload_delay(_LATE_IN_THE_EVENING, early + timedelta(hours=23, minutes=59)) is told
    assert days == 0 or upload_delay(_LATE_IN_THE_EVENING, early) is told
