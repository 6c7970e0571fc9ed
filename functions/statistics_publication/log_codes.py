"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    NUMBERS_PUBLISHED = "numbers-published"
    NUMBERS_UNCHANGED = "numbers-unchanged"
    VERSION_PASSED_OVER = "version-passed-over"
