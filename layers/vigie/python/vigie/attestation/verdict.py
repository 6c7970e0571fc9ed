"""What is made of the attestation of a request, and what follows from it."""

from enum import StrEnum


class Mode(StrEnum):
    """What follows: nothing but a count, or a refusal of whatever has no good verdict."""

    OBSERVE = "observe"
    ENFORCE = "enforce"


class Verdict(StrEnum):
    """Of one request: vouched for, not vouched for, or nobody could tell at the moment."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
