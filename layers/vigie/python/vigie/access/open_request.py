"""What a person gives to open a link."""

from typing import Annotated

from pydantic import Field, StringConstraints

from vigie.model import Frozen
from vigie.person.identity import BirthDate

# A token is 26 characters; a truncated or mistyped one is answered like an unknown one.
Token = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class OpenRequest(Frozen):
    """What a person gives to open a link."""

    token: Token = Field(description="What follows the # in the link.")
    birth_date: BirthDate = Field(
        description="ISO 8601, to the day, the month or the year, as the laboratory knows it.",
        examples=["1980-05-12", "1980-05", "1980"],
    )
