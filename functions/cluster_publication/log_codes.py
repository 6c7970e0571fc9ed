"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `PUBLISHED_BY_ANOTHER`: a run at the same time was first; the next one looks again.
    """

    CLUSTERS_PUBLISHED = "clusters-published"
    CLUSTERS_UNCHANGED = "clusters-unchanged"
    PUBLISHED_BY_ANOTHER = "published-by-another"
    EXPOSURES_DELETED = "exposures-deleted"
    ITERATIONS_DELETED = "iterations-deleted"
