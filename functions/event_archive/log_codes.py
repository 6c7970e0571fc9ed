"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    EVENTS_ARCHIVED = "events-archived"
    EVENTS_NOT_KEPT = "events-not-kept"
