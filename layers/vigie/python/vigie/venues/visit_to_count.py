"""A visit on its way to be counted: one message for each, which says nothing of the others."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationError

from vigie.errors import Rejected
from vigie.model import Frozen


class VisitToCount(Frozen):
    """A visit of a person with a positive result, without the person.

    Attributes:
        type: of this message.
        schema_version: of this message.
        visit: 32 hexadecimal digits by which a message that comes twice is known; they follow
            from the visit under a key that only the reporting side has.
        qr_code: base64url of the location-specific part, without padding.
        scanned_at: NTP seconds, as the phone says.
        is_backward: whether it was before the pivot date, from which the person may have infected
            others.
    """

    type: Literal["VisitToCount"] = "VisitToCount"
    schema_version: Literal[1] = 1
    visit: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    qr_code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,300}$")]
    scanned_at: Annotated[int, Field(ge=0, lt=2**40)]
    is_backward: bool


def read_visit(body: str) -> VisitToCount:
    """The visit that a message is.

    Raises:
        Rejected: `visit-unreadable`.
    """
    try:
        return VisitToCount.model_validate_json(body)
    except ValidationError:
        raise Rejected("visit-unreadable", "the message is not a visit to count") from None
