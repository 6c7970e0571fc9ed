"""What the function is called with: by its schedule, or by hand for a day."""

from __future__ import annotations

import datetime as dt

from pydantic import ValidationError

from vigie.errors import Rejected
from vigie.model import Frozen


class PublicationCall(Frozen):
    """A call.

    Attributes:
        date: of publication; today without one.
        disease: key of the catalogue; every disease without one.
    """

    date: dt.date | None = None
    disease: str | None = None


def call_of(event: dict[str, object]) -> PublicationCall:
    """What a call asks for; a schedule asks for nothing in particular.

    Raises:
        Rejected: `call-malformed`.
    """
    try:
        return PublicationCall.model_validate(event)
    except ValidationError:
        raise Rejected("call-malformed", "date is a date, disease a key of the catalogue") from None
