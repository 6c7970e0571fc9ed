"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for."""

    PERSONS_CHANGED = "persons-changed"
    PERSONS_PARTED = "persons-parted"
    PLACE_CROWDED = "place-crowded"
    NEIGHBOURS_MANY = "neighbours-many"
