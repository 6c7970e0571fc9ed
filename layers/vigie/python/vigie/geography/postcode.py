"""French postcodes (La Poste), which often have several communes."""

import re
from functools import cache
from importlib.resources import files

from vigie.geography.commune import department_of_commune
from vigie.geography.division import departments
from vigie.model import Frozen

# ISO 3166 codes of France and of its territories that have their own.
_COUNTRIES = frozenset({
    "FR", "FRA", "FRANCE", "GP", "GLP", "MQ", "MTQ", "GF", "GUF", "RE", "REU", "YT", "MYT",
    "PM", "SPM", "BL", "BLM", "MF", "MAF", "WF", "WLF", "PF", "PYF", "NC", "NCL", "TF", "ATF",
})  # fmt: skip
_POSTCODE = re.compile(r"\d{5}", re.ASCII)
_COMMUNE_LENGTH = 5
_SPACES = str.maketrans("", "", " \N{NO-BREAK SPACE}")
# Corsica's départements have postcodes in 20; 200 and 201 are those of the south.
_CORSICA = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}


class Postcodes(Frozen):
    """The postcodes as the file has them.

    Attributes:
        notice: where they come from, and the licence.
        postcodes: the only commune of each; where there are several, the département in which
            most of its people live.
    """

    notice: str
    postcodes: dict[str, str]


def has_french_postcodes(country: str) -> bool:
    """Whether the postcodes of a country, by its ISO 3166 code, are French; so they are of none."""
    return not country or country.strip().upper() in _COUNTRIES


def postcode_of(text: str) -> str | None:
    """A text as a French postcode, 5 digits; None if it is none.

    It may be one that no commune has, such as that of a company (CEDEX).
    """
    postcode = text.translate(_SPACES)
    if not _POSTCODE.fullmatch(postcode):
        return None
    return postcode if department_of_postcode(postcode) else None


def commune_of_postcode(postcode: str) -> str | None:
    """The commune of a postcode that has one only; None for any other."""
    found = _postcodes().get(postcode, "")
    return found if len(found) == _COMMUNE_LENGTH else None


def department_of_postcode(postcode: str) -> str | None:
    """The département of a postcode; None if its first digits are those of none.

    Of the few postcodes of two départements, it is the one in which most of their people live.
    """
    found = _postcodes().get(postcode)
    if found:
        return department_of_commune(found)
    beginning = _CORSICA.get(postcode[:3]) or department_of_commune(postcode)
    return beginning if beginning in departments() else None


@cache
def _postcodes() -> dict[str, str]:
    content = (files(__package__) / "postcodes.json").read_bytes()
    return Postcodes.model_validate_json(content).postcodes
