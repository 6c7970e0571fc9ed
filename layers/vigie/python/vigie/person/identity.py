"""Identity traits and contact details as a sender gives them."""

from typing import Annotated

from pydantic import StringConstraints

from vigie.model import Frozen
from vigie.results.codes import Sex

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
# A day or a month may be unknown (INS, "référentiel identifiant national de santé").
BirthDate = Annotated[str, StringConstraints(pattern=r"^(18|19|20)\d\d(-\d\d(-\d\d)?)?$")]


class Identity(Frozen):
    """The traits of a person.

    Attributes:
        family_name: the birth name where the sender tells the two apart.
        given_names: in the sender's order, one string for each name.
        other_names: further family names, such as the one that is used since a marriage.
        birth_date: ISO 8601, to the day, the month or the year.
        sex: administrative sex.
        ins: matricule INS (NIR or NIA), 15 characters with its key, if qualified by the sender.
    """

    family_name: Name
    given_names: tuple[Name, ...]
    birth_date: BirthDate
    other_names: tuple[Name, ...] = ()
    sex: Sex = Sex.UNKNOWN
    ins: str | None = None


class Contact(Frozen):
    """Where a person can be reached.

    Attributes:
        email: an address with one `@`.
        phone: E.164, with its leading `+`.
    """

    email: str | None = None
    phone: str | None = None
