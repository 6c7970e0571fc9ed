"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    FILE_EXPORTED = "file-exported"
    BATCH_FINISHED = "batch-finished"
    EXPORTS_DELETED = "exports-deleted"
    OUT_OF_TIME = "export-out-of-time"
