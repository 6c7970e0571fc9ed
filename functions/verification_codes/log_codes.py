"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `CODE_REFUSED`: a code that is unknown, used or expired, which is what guessing looks like.
    `REQUEST_REPEATED`: the same request again, after an answer that was lost.
    """

    CODE_ISSUED = "code-issued"
    ISSUE_REFUSED = "issue-refused"
    CODE_CLAIMED = "code-claimed"
    CODE_REFUSED = "code-refused"
    CERTIFICATE_ISSUED = "certificate-issued"
    CERTIFICATE_REFUSED = "certificate-refused"
    REQUEST_REPEATED = "request-repeated"
    REQUEST_REFUSED = "request-refused"
    REQUEST_FAILED = "request-failed"
    TOO_MANY_TRIES = "too-many-tries"
    DECOY_ANSWERED = "decoy-answered"
