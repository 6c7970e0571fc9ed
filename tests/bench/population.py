"""A population whose truth is known, and what laboratories would write of it.

Names follow a law of Zipf and Mandelbrot with the slope of French ones: the most common family
name is that of 0.4 % of people, the hundredth of 0.05 %, and two people have the same one once in
four thousand pairs; the same first given name, once in 160 of one sex. The most common names are
real; the rest is put together from syllables, so that more differ by one letter than do in truth.
"""

from __future__ import annotations

import random
from bisect import bisect
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FAMILY = (
    "Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre "
    "Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau "
    "Vincent Muller Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François "
    "Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier "
    "Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard "
    "Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt "
    "Roy Leroux Colin Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier "
    "Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland Leclercq Guillaume Lecomte Lopez "
    "Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur "
    "Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles "
    "Renault Charpentier Ménard Maillard Baron Bertin Bailly Hervé Schneider Fernandez Le_Gall "
    "Collet Léger Bouvier Julien Prévost Millet Perrot Daniel Le_Roux Cousin Germain Breton Besson "
    "Langlois Rémy Le_Goff Pelletier Lévêque Perrier Leblanc Barré Lebrun Marchal Weber Mallet "
    "Hamon Boulanger Jacob Monnier Michaud Rodriguez Guichard Gillet Étienne Grondin Poulain "
    "Tessier Chevallier Collin Chauvin Da_Silva Bouchet Gay Lemaître Bénard Maréchal Humbert"
)
_FEMALE = (
    "Marie Jeanne Françoise Monique Catherine Nathalie Isabelle Jacqueline Sylvie Anne Martine "
    "Nicole Madeleine Christine Hélène Sophie Valérie Suzanne Céline Sandrine Véronique Stéphanie "
    "Julie Camille Léa Emma Manon Chloé Aurélie Émilie Laura Pauline Marine Mathilde Sarah Lucie "
    "Anaïs Louise Alice Zoé Inès Jade Lola Anne-Marie Marie-Christine Anne-Sophie Marie-Claude "
    "Marie-Thérèse Anne-Laure Maria Fatima Yvette Denise Paulette Simone Odile Brigitte Annie"
)
_MALE = (
    "Jean Pierre Michel André Philippe Louis René Alain Jacques Bernard Marcel Daniel Roger Robert "
    "Paul Claude Christian Henri Georges Nicolas François Patrick Gérard Christophe Joseph Julien "
    "Laurent Frédéric Éric David Stéphane Pascal Sébastien Alexandre Thomas Thierry Olivier "
    "Antoine Maxime Lucas Hugo Léo Gabriel Raphaël Arthur Nathan Jules Adam Mohamed "
    "Jean-Pierre Jean-Paul Jean-Claude Jean-Luc Jean-François Mathieu Matthieu Kevin Romain "
    "Florian Benjamin Clément"
)
_SYLLABLES = (
    "bar bel ber bon bou bri cha che col cor cou dam del des dor dub duf fau fer flo gal gar gau "
    "gen gir gou gui har hau jac jol lab lac lam lan las lau lem len ler mar mas mau mer mon mor "
    "nau nor pal pas pel per pic pon por pou pri rab rem ren riv rob ron rou sab sal sar sau ser "
    "tal tar teb ter tou tri vac val var vas ver vil vin"
)
_ENDINGS = "ain ais ard at aud ault el elle er et eau ez ier in ine on ot our oux y"
_FAMILIES, _EXPONENT, _SHIFT = 200_000, 0.8, 5.0
_GIVEN, _GIVEN_EXPONENT, _GIVEN_SHIFT = 700, 0.9, 4.0
_HOMES = 6_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Rates:
    """How often what happens, of one record or of one person."""

    ins_known: float = 0.7
    without_ins: float = 0.03
    ins_of_parent: float = 0.003
    married_name: float = 0.45
    used_name_only: float = 0.25
    both_names: float = 0.4
    family_typo: float = 0.02
    given_typo: float = 0.007
    swapped_date: float = 0.01
    wrong_day: float = 0.003
    home_told: float = 0.8
    moved: float = 0.06
    contact_told: float = 0.6
    twins: float = 0.017
    namesakes: float = 0.002


@dataclass(frozen=True)
class Person:
    """Somebody: the truth."""

    number: int
    family_name: str
    given_names: tuple[str, ...]
    born: date
    female: bool
    ins: str | None
    used_name: str | None
    home: str
    phone: str
    parent_ins: str | None = None


@dataclass(frozen=True)
class Record:
    """What a laboratory wrote of somebody, and in what it departs from the truth."""

    person: int
    family_name: str
    other_name: str | None
    given_names: tuple[str, ...]
    birth_date: str
    female: bool
    ins: str | None
    home: str | None
    phone: str | None
    departures: frozenset[str] = field(default_factory=frozenset)


class Population:
    """People, and their records.

    Args:
        people: how many.
        seed: of the chance.
        days: on how many days they were born; None for all ages. Two thousand people a day are
            as many as a whole country has, and half of the days are the others with day and
            month in each other's place, so that few people stand for all.
        rates: how often what happens.
    """

    def __init__(
        self, people: int, *, seed: int, days: int | None = None, rates: Rates | None = None
    ) -> None:
        self._random = random.Random(seed)  # noqa: S311 - it must come out the same again
        self._rates = rates or Rates()
        self._families = _Names(self._names(_FAMILY, _FAMILIES), _EXPONENT, _SHIFT)
        self._given = {
            female: _Names(self._names(common, _GIVEN), _GIVEN_EXPONENT, _GIVEN_SHIFT)
            for female, common in ((True, _FEMALE), (False, _MALE))
        }
        self._days = _days(days)
        self.people: list[Person] = []
        while len(self.people) < people:
            self._add()

    def records(self) -> Iterator[Record]:
        """One to four records of each person."""
        for person in self.people:
            for _ in range(self._random.choices((1, 2, 3, 4), (35, 35, 20, 10))[0]):
                yield self._record(person)

    def _names(self, common: str, wanted: int) -> list[str]:
        """The common names first, then invented ones."""
        chance, names = self._random, dict.fromkeys(common.split())
        syllables, endings = _SYLLABLES.split(), _ENDINGS.split()
        while len(names) < wanted:
            middle = "".join(chance.choices(syllables, k=chance.choice((1, 1, 2, 3))))
            names[f"{middle}{chance.choice(endings)}".title()] = None
        return list(names)

    def _add(self) -> None:
        person = self._person(self._families.one(self._random), self._random.choice(self._days))
        self.people.append(person)
        if self._happens(self._rates.twins):
            self.people.append(self._twin(person))
        if self._happens(self._rates.namesakes):
            namesake = self._person(person.family_name, person.born, female=person.female)
            given = (person.given_names[0], *namesake.given_names[1:])
            self.people.append(replace(namesake, given_names=given))

    def _person(self, family: str, born: date, *, female: bool | None = None) -> Person:
        chance, number = self._random, len(self.people)
        female = chance.random() < 0.5 if female is None else female
        adult = born.year < 2000
        married = female and adult and self._happens(self._rates.married_name)
        ins = None if self._happens(self._rates.without_ins) else self._ins(born, female=female)
        return Person(
            number=number,
            family_name=family,
            given_names=self._given_names(female=female),
            born=born,
            female=female,
            ins=ins,
            used_name=self._families.one(chance) if married else None,
            home=f"{chance.randrange(_HOMES):05}",
            phone=f"+336{chance.randrange(10**8):08}",
            parent_ins=None if adult else self._ins(date(born.year - 30, 5, 1), female=True),
        )

    def _twin(self, of: Person) -> Person:
        female = of.female if self._random.random() < 0.65 else not of.female
        twin = self._person(of.family_name, of.born, female=female)
        given = twin.given_names
        if female == of.female and self._happens(0.05):
            # Told apart by the second half of a compound name, or by one letter, only.
            first = of.given_names[0].split("-")[0]
            given = (
                self._random.choice((f"{first}-Luc", f"{first}-Paul", f"{first}e")),
                *given[1:],
            )
        if given[0] == of.given_names[0]:
            given = (f"{given[0]}-Marie", *given[1:])
        return replace(
            twin, given_names=given, home=of.home, phone=of.phone, parent_ins=of.parent_ins
        )

    def _given_names(self, *, female: bool) -> tuple[str, ...]:
        wanted = self._random.choices((1, 2, 3), (25, 25, 50))[0]
        names = [self._given[female].one(self._random) for _ in range(wanted)]
        return tuple(dict.fromkeys(names))

    def _ins(self, born: date, *, female: bool) -> str:
        chance = self._random
        number = (
            f"{2 if female else 1}{born:%y%m}{chance.randint(1, 95):02}"
            f"{chance.randint(1, 900):03}{chance.randint(1, 999):03}"
        )
        return f"{number}{97 - int(number) % 97:02}"

    def _record(self, person: Person) -> Record:
        rates, departures = self._rates, set[str]()
        family, other = person.family_name, None
        if person.used_name and self._happens(rates.used_name_only):
            family = person.used_name
            departures.add("used name")
        elif person.used_name and self._happens(rates.both_names / (1 - rates.used_name_only)):
            other = person.used_name
        if self._happens(rates.family_typo):
            family = self._typo(family)
            departures.add("family name misspelt")
        given = self._written_given(person, departures)
        ins = person.ins if self._happens(rates.ins_known) else None
        if person.parent_ins and self._happens(rates.ins_of_parent):
            ins = person.parent_ins
            departures.add("parent's INS")
        elif ins is None:
            departures.add("no INS")
        return Record(
            person=person.number,
            family_name=self._spelt(family),
            other_name=other and self._spelt(other),
            given_names=given,
            birth_date=self._written_date(person.born, departures),
            female=person.female,
            ins=ins,
            home=self._home(person),
            phone=person.phone if self._happens(rates.contact_told) else None,
            departures=frozenset(departures),
        )

    def _home(self, person: Person) -> str | None:
        if self._happens(self._rates.moved):
            return f"{self._random.randrange(_HOMES):05}"
        return person.home if self._happens(self._rates.home_told) else None

    def _written_given(self, person: Person, departures: set[str]) -> tuple[str, ...]:
        given = person.given_names
        kept = self._random.choices((1, 2, len(given)), (45, 15, 40))[0]
        if kept < len(given):
            given = given[:kept]
            departures.add("fewer given names")
        if self._happens(self._rates.given_typo):
            given = (self._typo(given[0]), *given[1:])
            departures.add("given name misspelt")
        return tuple(self._spelt(name) for name in given)

    def _written_date(self, born: date, departures: set[str]) -> str:
        if born.day <= 12 and born.day != born.month and self._happens(self._rates.swapped_date):
            departures.add("day and month swapped")
            return date(born.year, born.day, born.month).isoformat()
        if self._happens(self._rates.wrong_day):
            departures.add("wrong day")
            return born.replace(day=born.day % 28 + 1).isoformat()
        return born.isoformat()

    def _spelt(self, name: str) -> str:
        """Another spelling of the same letters."""
        name = name.replace("_", self._random.choice((" ", "-", " ")))
        if "-" in name and self._happens(0.3):
            name = name.replace("-", " ")
        return self._random.choice((name, name.upper(), name.title()))

    def _typo(self, name: str) -> str:
        chance, at = self._random, self._random.randrange(len(name))
        letter = chance.choice(_LETTERS)
        kind = chance.randrange(4)
        if kind == 0:
            return name[:at] + letter + name[at + 1 :]
        if kind == 1 and len(name) > 2:
            return name[:at] + name[at + 1 :]
        if kind == 2:
            return name[:at] + letter + name[at:]
        return name[:at] + name[at : at + 2][::-1] + name[at + 2 :]

    def _happens(self, rate: float) -> bool:
        return self._random.random() < rate


class _Names:
    """Names by how often they are given: (rank + shift) ** -exponent."""

    def __init__(self, names: Sequence[str], exponent: float, shift: float) -> None:
        self._names = names
        self._sums = list(
            accumulate((rank + shift) ** -exponent for rank in range(1, len(names) + 1))
        )

    def one(self, chance: random.Random) -> str:
        return self._names[bisect(self._sums, chance.random() * self._sums[-1])]


def _days(number: int | None) -> list[date]:
    first = date(1935, 1, 1)
    if number is None:
        return [first + timedelta(day) for day in range(90 * 365)]
    swappable = [
        day
        for month in range(1, 13)
        for other in range(month + 1, 13)
        for year in (1948, 1975, 2012)
        for day in (date(year, month, other), date(year, other, month))
    ]
    return swappable[:number]
