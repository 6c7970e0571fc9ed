"""The codes of what is logged and counted of a link that does not open."""

from enum import StrEnum


class LinkCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `LINK_REFUSED` does not say why, as the answer does not. `LINK_LOCKED`: the last try of a
    link was wrong.
    """

    LINK_REFUSED = "link-refused"
    LINK_LOCKED = "link-locked"
