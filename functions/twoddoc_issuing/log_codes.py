"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    DOCUMENT_SIGNED = "document-signed"
    DOCUMENT_GIVEN = "document-given"
    DOCUMENT_REFUSED = "document-refused"
    SIGNER_ENDING = "signer-ending"
    REQUEST_REFUSED = "request-refused"
    REQUEST_FAILED = "request-failed"
