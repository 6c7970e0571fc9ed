"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `LINK_REFUSED` does not say why, as the answer does not. `LINK_LOCKED`: the last try of a
    link was wrong.
    """

    LINK_OPENED = "link-opened"
    LINK_REFUSED = "link-refused"
    LINK_LOCKED = "link-locked"
    UPLOAD_CODE_GIVEN = "upload-code-given"
    UPLOAD_CODE_REFUSED = "upload-code-refused"
    REQUEST_REFUSED = "request-refused"
    REQUEST_FAILED = "request-failed"
