"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    POSTER_DRAWN = "poster-drawn"
    REQUEST_REFUSED = "request-refused"
    REQUEST_FAILED = "request-failed"
