"""A visit on its way to be counted: one message for each, which says nothing of other places."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationError

from vigie.errors import Rejected
from vigie.model import Frozen

# Of one report.
MOST_VISITS = 100


class Scan(Frozen):
    """A scan of a place's code.

    Attributes:
        scanned_at: NTP seconds, as the phone says.
        is_backward: whether it was before the pivot date, from which the person may have infected
            others.
    """

    scanned_at: Annotated[int, Field(ge=0, lt=2**40)]
    is_backward: bool


class VisitToCount(Scan):
    """A visit of a person with a positive result, without the person.

    Attributes:
        type: of this message.
        schema_version: of this message.
        visit: 32 hexadecimal digits by which a message that comes twice is known; they follow
            from the visit under a key that only the reporting side has.
        qr_code: base64url of the location-specific part, without padding.
        earlier: the person's scans of the same place before this one, so that nobody is counted
            twice in one slot. What they tell, the slots of this visit nearly tell anyway; of other
            places the message says nothing.
    """

    type: Literal["VisitToCount"] = "VisitToCount"
    schema_version: Literal[1] = 1
    visit: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    qr_code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,300}$")]
    earlier: Annotated[tuple[Scan, ...], Field(max_length=MOST_VISITS)] = ()


def read_visit(body: str) -> VisitToCount:
    """The visit that a message is.

    Raises:
        Rejected: `visit-unreadable`.
    """
    try:
        return VisitToCount.model_validate_json(body)
    except ValidationError:
        raise Rejected("visit-unreadable", "the message is not a visit to count") from None
