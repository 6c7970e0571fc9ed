"""The message that a laboratory's files are to be compared with their records."""

from typing import Literal

from pydantic import AwareDatetime

from vigie.model import Frozen


class LaboratoryCheck(Frozen):
    """The message that one laboratory's files are to be checked.

    Attributes:
        laboratory: FINESS, the prefix of its files.
        since: the first moment of storing that is looked at.
        until: the moment of storing before which files are looked at.
        refused: whether files that were refused because of the laboratory's entry in the
            register are to be read again, beside those that have no record.
    """

    type: Literal["LaboratoryCheck"] = "LaboratoryCheck"
    schema_version: int = 1
    laboratory: str
    since: AwareDatetime
    until: AwareDatetime
    refused: bool = False
