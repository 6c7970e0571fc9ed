"""What the inbox sweep logs: a stable code for each line, and never a personal value."""

from enum import StrEnum


class LogCode(StrEnum):
    """The message of a log line. Files are named by their id, since a path may hold a name."""

    MISSING_TOLD = "missing-told"
    SWEEP_FAILED = "sweep-failed"
    SWEPT = "swept"
