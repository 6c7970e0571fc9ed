"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    CERTIFICATES_RELEASED = "certificates-released"
    CERTIFICATES_GIVEN_UP = "certificates-given-up"
    OUT_OF_TIME = "release-out-of-time"
    MESSAGES_NOT_TAKEN = "release-messages-not-taken"
