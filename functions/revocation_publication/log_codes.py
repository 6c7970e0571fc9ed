"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    BATCH_PUBLISHED = "batch-published"
    BATCH_ENDED = "batch-ended"
    SLICES_PUBLISHED = "slices-published"
    BATCH_DAMAGED = "batch-damaged"
    OUT_OF_TIME = "publication-out-of-time"
