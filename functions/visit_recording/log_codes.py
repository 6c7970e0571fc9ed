"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `VISIT_DISCARDED`: its code is not one of ours, or cannot have been scanned then; the reason
    says which.
    `VISIT_KNOWN`: the message came before.
    """

    VISIT_COUNTED = "visit-counted"
    VISIT_DISCARDED = "visit-discarded"
    VISIT_KNOWN = "visit-known"
