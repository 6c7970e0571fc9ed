"""What is asked: the 2D-DOC of a result or a vaccination behind a link."""

from typing import Annotated

from pydantic import ConfigDict, StringConstraints

from vigie.access.open_request import OpenRequest


class DocumentRequest(OpenRequest):
    """What a person gives to have the 2D-DOC of a result or a vaccination.

    Attributes:
        source_id: of a record behind the link; the one that the link was sent for if left out.
    """

    model_config = ConfigDict(extra="forbid")

    source_id: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
