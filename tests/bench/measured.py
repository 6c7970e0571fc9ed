"""What a result takes, as it was measured, and what that costs."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.functions.conftest import REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PRICES = json.loads((Path(__file__).parent / f"prices-{REGION}.json").read_text())


class Measured(NamedTuple):
    """What a result of a kind takes.

    Attributes:
        calls: by function and operation; of a call for a batch, its share.
        used: units of the price list.
        seconds: that each function runs for it.
        written: write units by table, without those of its indexes.
        hottest: the same, of that partition key of each table which is written most.
        published: messages to topics.
        by_function: dollars for a million, of what each function uses and is sent.
    """

    calls: dict[tuple[str, str], float]
    used: dict[str, float]
    seconds: dict[str, float]
    written: dict[str, float]
    hottest: dict[str, float]
    published: float
    by_function: dict[str, float]

    @property
    def dollars(self) -> dict[str, float]:
        """For a million, by service."""
        by_service: defaultdict[str, float] = defaultdict(float)
        for unit, number in self.used.items():
            by_service[unit.split()[0]] += dollars_of({unit: number})
        return by_service

    @property
    def total(self) -> float:
        """Dollars for a million."""
        return sum(self.dollars.values())


def by_table(
    written: Mapping[tuple[str, str], int], among: Callable[[list[int]], int], results: int
) -> dict[str, float]:
    """Of the write units of the partition keys of each table, their sum or maximum for a result.

    Args:
        written: write units by table and partition key.
        among: `sum` or `max`.
        results: how many results were written of.
    """
    of_tables: defaultdict[str, list[int]] = defaultdict(list)
    for (table, _), units in written.items():
        of_tables[table].append(units)
    return {table: among(units) / results for table, units in of_tables.items()}


def dollars_of(used: Mapping[str, float]) -> float:
    """What units cost, times a million."""
    return sum(number * float(PRICES["per_million"][unit]) for unit, number in used.items())
