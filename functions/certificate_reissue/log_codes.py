"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    REISSUE_RELEASED = "reissue-released"
    REISSUE_WAITED = "reissue-waited"
    REISSUE_OVERTAKEN = "reissue-overtaken"
    REISSUE_ENDED = "reissue-ended"
    REISSUE_STALLED = "reissue-stalled"
