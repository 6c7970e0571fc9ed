"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    CERTIFICATE_ISSUED = "certificate-issued"
    CERTIFICATE_REVOKED = "certificate-revoked"
    CERTIFICATE_REFUSED = "certificate-refused"
    RECOVERY_DEFERRED = "recovery-deferred"
    RENEWAL_DEFERRED = "renewal-deferred"
    RECOVERY_LAPSED = "recovery-lapsed"
    SOURCE_GONE = "source-gone"
    SIGNER_OVERDUE = "signer-overdue"
