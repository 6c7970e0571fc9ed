"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    REVOCATION_RECORDED = "revocation-recorded"
    REVOCATION_KNOWN = "revocation-known"
    CERTIFICATE_GONE = "certificate-gone"
