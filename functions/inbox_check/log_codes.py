"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for. Files are named by their id."""

    LABORATORIES_FOUND = "laboratories-found"
    PREFIX_UNKNOWN = "prefix-unknown"
    LABORATORY_CHECKED = "laboratory-checked"
    FILE_SENT_AGAIN = "file-sent-again"
