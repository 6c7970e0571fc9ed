"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `OUT_OF_TIME`: the next run goes on with what is left.
    """

    KEYS_DELETED = "keys-deleted"
    OUT_OF_TIME = "out-of-time"
