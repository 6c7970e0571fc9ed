"""What a run of the tests says of faults at its end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pytest

POINTS = "points"
SENT_TWICE = "sent-twice"


def lines(reports: Iterable[pytest.TestReport]) -> Iterator[str]:
    """The number of points tried, and each at which a message was sent twice, as declared.

    Args:
        reports: of tests that passed; under xdist they come from all workers.
    """
    properties = [pair for report in reports for pair in report.user_properties]
    points = sum(int(str(value)) for name, value in properties if name == POINTS)
    if not points:
        return
    twice = Counter(
        place
        for name, value in properties
        if name == SENT_TWICE and isinstance(value, list)
        for place in value
    )
    yield f"{points:,} points tried; where nobody can tell whether a message went out, as declared:"
    yield from (f"  {place}: {number}" for place, number in sorted(twice.items()))
