"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `EXCHANGE_REFUSED`: a token that no order has, or one that was exchanged twice. Many of them
    are somebody who tries tokens out.
    """

    TEST_ORDERED = "test-ordered"
    RESULT_DELIVERED = "result-delivered"
    UPLOAD_CODE_GIVEN = "upload-code-given"
    RESULT_AWAITED = "result-awaited"
    POLLING_REFUSED = "polling-refused"
    EXCHANGE_REFUSED = "exchange-refused"
    REQUEST_REFUSED = "request-refused"
    REQUEST_FAILED = "request-failed"
