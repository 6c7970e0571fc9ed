"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `PUBLISH_REPEATED`: the same upload again, after an answer that was lost.
    """

    KEYS_PUBLISHED = "keys-published"
    PUBLISH_REPEATED = "publish-repeated"
    PUBLISH_REFUSED = "publish-refused"
    PUBLISH_FAILED = "publish-failed"
    DECOY_ANSWERED = "decoy-answered"
