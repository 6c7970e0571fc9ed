"""Which results are counted together: those that add to the same cells, as far as possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from statistics_counting.counted_test import CountedTest
    from vigie.results.stored_result import StoredResult

# A transaction takes 99, and tests may change what others of the same person count as.
_CELLS = 80


class Counted(NamedTuple):
    """A result and its test.

    Attributes:
        result: the version that is to be counted.
        test: as it counts; None if it does not.
    """

    result: StoredResult
    test: CountedTest | None

    @property
    def name(self) -> str:
        """The id of the result."""
        return self.result.result_id

    @property
    def matters(self) -> bool:
        """Whether there is anything to do: what never counted is nowhere."""
        return self.test is not None or self.result.version > 1


def chunks(counted: Iterable[Counted]) -> Iterator[list[Counted]]:
    """Results in groups that one transaction takes, as few and as large as may be."""
    chunk: list[Counted] = []
    cells: set[tuple[str, ...]] = set()
    for one in sorted(counted, key=_order):
        # A positive test has a cell of its place's variants besides its own.
        of_one = {_cell(one), (*_cell(one)[:3], "variants")}
        if chunk and len(cells | of_one) > _CELLS:
            yield chunk
            chunk, cells = [], set()
        chunk.append(one)
        cells |= of_one
    if chunk:
        yield chunk


def _order(one: Counted) -> tuple[str, ...]:
    """Tests of one cell side by side, and so those of one person that were taken at once."""
    disease, day, place, age = _cell(one)
    return place, day, age, one.result.person, disease, one.name


def _cell(one: Counted) -> tuple[str, ...]:
    test = one.test
    return (test.disease, test.day, test.place, test.age) if test else ("", "", "", "")
