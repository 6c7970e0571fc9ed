"""What was counted of the tests that were sampled on one day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Self

from pydantic import Field

from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from vigie.results.codes import Sex


class Counts(NamedTuple):
    """Tests, positive tests, and P and T as `vigie.statistics.published.Rates` says."""

    tests: int = 0
    positives: int = 0
    P: int = 0
    T: int = 0

    def plus(self, other: Self) -> Self:
        """Both together."""
        return type(self)(*(one + another for one, another in zip(self, other, strict=True)))


NONE = Counts()


class Cell(NamedTuple):
    """Who was tested: people of a place, an age class and a sex."""

    place: str
    age: str
    sex: Sex


class VariantCounts(Frozen):
    """Positive tests that were screened for mutations or sequenced.

    Attributes:
        screened: tests with a screening.
        sequenced: tests with a lineage.
        readable: by letter, tests in which it was looked for and found or not found.
        found: by letter, tests in which it was found.
        lineages: by lineage.
    """

    screened: int = 0
    sequenced: int = 0
    readable: dict[str, int] = Field(default_factory=dict)
    found: dict[str, int] = Field(default_factory=dict)
    lineages: dict[str, int] = Field(default_factory=dict)

    def plus(self, other: VariantCounts) -> VariantCounts:
        """Both together."""
        return VariantCounts(
            screened=self.screened + other.screened,
            sequenced=self.sequenced + other.sequenced,
            readable=dict(Counter(self.readable) + Counter(other.readable)),
            found=dict(Counter(self.found) + Counter(other.found)),
            lineages=dict(Counter(self.lineages) + Counter(other.lineages)),
        )


@dataclass(frozen=True, slots=True)
class DayCounts:
    """The counts of a day.

    Attributes:
        day: of sampling, in the authority's calendar.
        cells: what was counted of whom; what is missing is zero.
        delays: how many tests came so many days after sampling: the place is the number of days,
            the last one also stands for more.
        variants: by place.
    """

    day: date
    cells: Mapping[Cell, Counts] = field(default_factory=dict)
    delays: tuple[int, ...] = ()
    variants: Mapping[str, VariantCounts] = field(default_factory=dict)

    def by(self, name: Callable[[Cell], str | None]) -> dict[str, Counts]:
        """The sums of cells of the same name; cells whose name is None are left out."""
        sums: dict[str, Counts] = {}
        for cell, counts in self.cells.items():
            if (key := name(cell)) is not None:
                sums[key] = sums.get(key, NONE).plus(counts)
        return sums

    def total(self) -> Counts:
        """The sum of all cells."""
        return total(self.cells.values())

    def all_variants(self) -> VariantCounts:
        """The variants of all places."""
        together = VariantCounts()
        for one in self.variants.values():
            together = together.plus(one)
        return together


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of counts."""
    together = NONE
    for one in counts:
        together = together.plus(one)
    return together
