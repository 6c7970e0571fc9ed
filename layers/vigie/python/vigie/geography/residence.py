"""Where a person lives, from what is known of the address."""

from typing import NamedTuple

from vigie.geography.commune import department_of_commune, is_commune
from vigie.geography.division import departments
from vigie.geography.postcode import commune_of_postcode, department_of_postcode


class Residence(NamedTuple):
    """Where a person lives, as far as it is known.

    Attributes:
        commune: INSEE code.
        department: of the commune, or of the postcode where the commune is not known.
    """

    commune: str | None
    department: str | None


def residence_of(commune: str | None, postcode: str | None) -> Residence:
    """The commune by its code, else by a postcode that has one only; and the département.

    A code of no present commune, such as that of a former one, is kept, and its département
    counts.

    Args:
        commune: in the form of an INSEE code, if there is one.
        postcode: in the form of a French postcode, if there is one.
    """
    known = commune if commune and is_commune(commune) else None
    found = known or (commune_of_postcode(postcode) if postcode else None) or commune
    if found:
        department = department_of_commune(found)
        if department in departments():
            return Residence(found, department)
    return Residence(found, department_of_postcode(postcode) if postcode else None)
