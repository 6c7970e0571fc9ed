"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for; see also `LinkCode`."""

    LINK_OPENED = "link-opened"
    UPLOAD_CODE_GIVEN = "upload-code-given"
    UPLOAD_CODE_REFUSED = "upload-code-refused"
    REQUEST_REFUSED = "request-refused"
    REQUEST_FAILED = "request-failed"
