"""The counts of a day as they are kept between publications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from statistics_publication.day_counts import Cell, Counts, DayCounts, VariantCounts
from vigie.model import Frozen
from vigie.results.codes import Sex

if TYPE_CHECKING:
    from datetime import date


class DayDocument(Frozen):
    """JSON of a `DayCounts`.

    Attributes:
        cells: by `<place>#<age class>#<sex>`: tests, positives, P, T.
        delays: as `DayCounts.delays`.
        variants: by place.
    """

    cells: dict[str, tuple[int, int, int, int]] = Field(default_factory=dict)
    delays: tuple[int, ...] = ()
    variants: dict[str, VariantCounts] = Field(default_factory=dict)

    @classmethod
    def of(cls, counts: DayCounts) -> DayDocument:
        """The document of a day's counts."""
        return cls(
            cells={"#".join(cell): tuple(each) for cell, each in counts.cells.items()},
            delays=counts.delays,
            variants=dict(counts.variants),
        )

    def counts(self, day: date) -> DayCounts:
        """The counts that the document of a day is of."""
        cells = {}
        for name, numbers in self.cells.items():
            place, age, sex = name.split("#")
            cells[Cell(place, age, Sex(sex))] = Counts(*numbers)
        return DayCounts(day=day, cells=cells, delays=self.delays, variants=self.variants)
