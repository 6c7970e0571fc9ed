"""How many people live where, by age: the denominators of rates, as data."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from io import StringIO

from vigie.model import Frozen
from vigie.statistics.age_class import AGE_CLASSES, ALL_AGES

_NAME = "france"


class PopulationSource(Frozen):
    """Where the figures come from.

    Attributes:
        source: who published what.
        licence: under which they may be used.
        reference_date: the day that they speak of.
    """

    source: str
    licence: str
    reference_date: date


@dataclass(frozen=True, slots=True)
class Population:
    """Inhabitants of each place by age class.

    Attributes:
        counts: by place and class, the class of all ages included; a place that is not in it is
            of unknown population.
    """

    counts: Mapping[tuple[str, str], int]

    @property
    def places(self) -> tuple[str, ...]:
        """The places whose population is known, in order."""
        return tuple(sorted({place for place, _ in self.counts}))

    def of(self, places: Iterator[str] | tuple[str, ...], age: str) -> int | None:
        """The inhabitants of several places of an age class; None if those of one are unknown."""
        found = [self.counts.get((place, age)) for place in places]
        known = [each for each in found if each is not None]
        return sum(known) if found and len(known) == len(found) else None


@cache
def population() -> Population:
    """The figures of the file."""
    counts: dict[tuple[str, str], int] = {}
    text = (files(__package__) / "inhabitants" / f"{_NAME}.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(StringIO(text), delimiter=";"):
        place, age, pop = row["place"], row["cl_age90"], int(row["pop"])
        if age not in AGE_CLASSES:
            raise ValueError(f"population of {place}: {age} is no age class")
        counts[place, age] = pop
        counts[place, ALL_AGES] = counts.get((place, ALL_AGES), 0) + pop
    return Population(counts)


@cache
def population_source() -> PopulationSource:
    """Where the figures come from."""
    text = (files(__package__) / "inhabitants" / f"{_NAME}.json").read_text(encoding="utf-8")
    return PopulationSource.model_validate_json(text)
