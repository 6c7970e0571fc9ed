"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    DOCUMENT_REVOKED = "document-revoked"
    DOCUMENT_RESTORED = "document-restored"
