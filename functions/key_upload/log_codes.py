"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `KEYS_REVISED`: an upload that revised keys, beside `KEYS_PUBLISHED`.
    `PUBLISH_REPEATED`: the same upload again, after an answer that was lost.
    """

    KEYS_PUBLISHED = "keys-published"
    KEYS_REVISED = "keys-revised"
    PUBLISH_REPEATED = "publish-repeated"
    PUBLISH_REFUSED = "publish-refused"
    PUBLISH_FAILED = "publish-failed"
    ATTESTED_BODY_DIFFERS = "attested-body-differs"
    DECOY_ANSWERED = "decoy-answered"
