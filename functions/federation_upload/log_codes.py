"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    BATCH_OFFERED = "batch-offered"
    GATEWAY_FAILED = "gateway-failed"
    OUT_OF_TIME = "offer-out-of-time"
