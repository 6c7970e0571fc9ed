"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `CALLER_REFUSED`: the token, or the laboratory that it is of, is not let in.
    """

    UPLOAD_OPENED = "upload-opened"
    CALLER_REFUSED = "caller-refused"
    REQUEST_REFUSED = "request-refused"
    REQUEST_FAILED = "request-failed"
