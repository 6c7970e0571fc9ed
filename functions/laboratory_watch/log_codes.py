"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    LABORATORIES_HANDED_OUT = "laboratories-handed-out"
    LABORATORY_WATCHED = "laboratory-watched"
    EPISODE_TOLD = "episode-told"
