"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    RESULT_GONE = "result-gone"
    CORRECTION_TOO_LATE = "correction-too-late"
    BATCH_GIVEN_UP = "batch-given-up"
