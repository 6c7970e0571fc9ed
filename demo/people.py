"""Invented people with plausible French identities, the same for the same seed."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING

from vigie.model import Frozen
from vigie.person.identity import Contact, Identity
from vigie.results.codes import Language, Sex

if TYPE_CHECKING:
    from random import Random

_FAMILY_NAMES = (
    "Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau",
    "Laurent", "Simon", "Michel", "Lefèvre", "Leroy", "Roux", "David", "Bertrand", "Morel",
    "Fournier", "Girard", "Bonnet", "Dupont", "Lambert", "Fontaine", "Rousseau", "Vincent",
    "Müller", "Lefebvre", "Faure", "André", "Mercier", "Blanc", "Guérin", "Boyer", "Garnier",
    "Chevalier", "François", "Legrand", "Gauthier", "Garcia", "Perrin", "Robin", "Clément",
    "Morin", "Nicolas", "Henry", "Roussel", "Mathieu", "Gautier", "Masson", "Marchand",
    "Duval", "Denis", "Dumont", "Marie", "Lemaire", "Noël", "Meyer", "Dufour", "Meunier",
    "Le Goff", "Le Gall", "N'Diaye", "Traoré", "Benali", "Nguyen", "Da Silva", "d'Aubigné",
    "de La Tour", "L'Hermitte", "Saint-Martin", "Bœuf", "Gonçalves", "Kowalski",
)  # fmt: skip
_GIVEN_NAMES = {
    Sex.FEMALE: (
        "Marie", "Jeanne", "Françoise", "Anne-Sophie", "Noémie", "Chloé", "Inès", "Zoé", "Léa",
        "Camille", "Hélène", "Aïcha", "Fatou", "Élodie", "Cœlia", "Marie-Claire", "Lucie",
        "Manon", "Agnès", "Thérèse", "Éléonore", "Maëlys", "Linh", "Béatrice", "Océane",
    ),
    Sex.MALE: (
        "Jean", "Pierre", "Michel", "André", "Philippe", "Jean-Pierre", "Jean-François", "Rémi",
        "Loïc", "Gaël", "Noël", "Étienne", "François", "Raphaël", "Théo", "Hugo", "Maxime",
        "Mohamed", "Ibrahima", "Minh", "Benoît", "Jérôme", "Stéphane", "Clément", "Lucas",
    ),
}  # fmt: skip
_COMMUNES = ("75056", "69123", "13055", "31555", "06088", "44109", "67482", "2A004", "97411")
_OLDEST = date(1929, 1, 1)
_YOUNGEST = date(2019, 12, 31)


class Person(Frozen):
    """One invented person.

    Attributes:
        identity: with an INS whose key is right.
        contact: a reserved domain and numbers kept for fiction (Arcep), or nothing.
        language: None where the laboratory does not know it.
        commune: INSEE code.
    """

    identity: Identity
    contact: Contact
    language: Language | None
    commune: str


def invent_person(random: Random, number: int) -> Person:
    """Person `number` of the seeded generator."""
    sex = random.choice((Sex.FEMALE, Sex.MALE))
    given = random.sample(_GIVEN_NAMES[sex], k=random.choice((1, 1, 2, 3)))
    family = random.choice(_FAMILY_NAMES)
    born = _OLDEST + timedelta(days=random.randrange((_YOUNGEST - _OLDEST).days))
    identity = Identity(
        family_name=family,
        given_names=tuple(given),
        birth_date=born.isoformat(),
        sex=sex,
        ins=_nir(random, sex, born) if random.random() < 0.8 else None,  # noqa: PLR2004
    )
    return Person(
        identity=identity,
        contact=_contact(random, given[0], family, number),
        language=random.choices((Language.FRENCH, Language.ENGLISH, None), weights=(80, 8, 12))[0],
        commune=random.choice(_COMMUNES),
    )


def _contact(random: Random, given: str, family: str, number: int) -> Contact:
    email = f"{_ascii(given)}.{_ascii(family)}.{number}@example.fr"
    phone = f"+3363998{random.randrange(10_000):04d}"
    kind = random.choices(("both", "email", "phone", "none"), weights=(50, 22, 24, 4))[0]
    return Contact(
        email=email if kind in {"both", "email"} else None,
        phone=phone if kind in {"both", "phone"} else None,
    )


def _ascii(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return "".join(letter for letter in bare.lower() if letter.isalpha())


def _nir(random: Random, sex: Sex, born: date) -> str:
    """A NIR with its key: 97 less the remainder of the 13 digits by 97."""
    first = "1" if sex is Sex.MALE else "2"
    place = random.choice(("75113", "69383", "13210", "31555", "59350"))
    body = f"{first}{born:%y%m}{place}{random.randrange(1, 1000):03d}"
    return f"{body}{97 - int(body) % 97:02d}"
