"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    BATCH_DOWNLOADED = "batch-downloaded"
    GATEWAY_FAILED = "gateway-failed"
    OUT_OF_TIME = "download-out-of-time"
