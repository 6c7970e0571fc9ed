"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    RECOVERIES_RELEASED = "recoveries-released"
    RECOVERIES_GIVEN_UP = "recoveries-given-up"
    OUT_OF_TIME = "release-out-of-time"
    MESSAGES_NOT_TAKEN = "release-messages-not-taken"
