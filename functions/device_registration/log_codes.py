"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    The reason of `KEY_REFUSED` is the rule that was broken; it names no device.
    """

    CHALLENGE_GIVEN = "challenge-given"
    KEY_REGISTERED = "key-registered"
    KEY_REFUSED = "key-refused"
    REGISTRATION_FAILED = "registration-failed"
