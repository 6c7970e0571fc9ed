"""What result intake logs: a stable code for each line, and never a personal value."""

from enum import StrEnum


class LogCode(StrEnum):
    """The message of a log line. Files are named by their id, since a path may hold a name."""

    NOTIFICATION_TESTED = "notification-tested"
    NOTIFICATION_FANNED_OUT = "notification-fanned-out"
    HAPPENING_IGNORED = "happening-ignored"
    FILE_ANSWERED_BEFORE = "file-answered-before"
    FILE_NOT_LET_IN = "file-not-let-in"
    FILE_CUT = "file-cut"
    FILE_READ = "file-read"
    PART_READ = "part-read"
    FILE_JOINED = "file-joined"
