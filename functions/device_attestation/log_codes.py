"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    The reason of `ATTESTATION_BAD` is the rule that was broken; it names no device.
    """

    ORIGIN_REFUSED = "origin-refused"
    ATTESTATION_GOOD = "attestation-good"
    ATTESTATION_BAD = "attestation-bad"
    ATTESTATION_UNKNOWN = "attestation-unknown"
