"""What a venue manager asks for."""

from typing import Annotated

from pydantic import ConfigDict, Field

from vigie.model import Frozen
from vigie.venues.venue_poster import LONGEST_NAME


class PosterRequest(Frozen):
    """A poster.

    Attributes:
        venue_type: 0 to 31.
        category1: 0 to 15.
        category2: 0 to 15.
        staff: whether it is for who works there.
        name: printed, and kept nowhere.
    """

    model_config = ConfigDict(strict=True, extra="forbid")

    venue_type: Annotated[int, Field(alias="venueType", ge=0, le=31)]
    category1: Annotated[int, Field(alias="venueCategory1", ge=0, le=15)] = 0
    category2: Annotated[int, Field(alias="venueCategory2", ge=0, le=15)] = 0
    staff: bool = False
    name: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
