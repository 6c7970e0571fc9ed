"""What becomes of one item of a file."""

from enum import StrEnum


class EntryOutcome(StrEnum):
    """What became of one item of a file.

    `SUPERSEDED`: a newer report of the result came before, so this one changes nothing.
    `TEST`: marked as a trial by the laboratory, so it was validated and not stored.
    """

    ACCEPTED = "accepted"
    ACCEPTED_WITH_WARNINGS = "accepted_with_warnings"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"
    TEST = "test"
