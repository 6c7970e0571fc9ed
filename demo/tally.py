"""The table of counts, and whether it adds up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.table import Table

from demo.morning import Fate
from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from demo.morning import Upload


class Line(Frozen):
    """One count.

    Attributes:
        name: what is counted.
        planned: what the plan of the morning says.
        found: what the system says.
    """

    name: str
    planned: int
    found: int

    @property
    def right(self) -> bool:
        """Whether plan and system agree."""
        return self.planned == self.found


def planned_items(uploads: Iterable[Upload]) -> Counter[str]:
    """How many items the plan lets end how, and `in`: how many there are."""
    planned: Counter[str] = Counter()
    for upload in uploads:
        for fate, number in upload.fates.items():
            planned[fate.value] += number
            planned["in"] += number
    return planned


def acknowledged_items(acknowledgements: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How many items the acknowledgements say ended how, and `in`: how many they count."""
    found: Counter[str] = Counter()
    for acknowledgement in acknowledgements:
        summary = acknowledgement["summary"]
        found["in"] += summary["items"]
        for fate in Fate:
            found[fate.value] += summary.get(fate.value, 0)
        # An item with warnings is accepted all the same.
        found[Fate.ACCEPTED.value] += summary.get("accepted_with_warnings", 0)
    return found


def items_add_up(found: Mapping[str, int]) -> bool:
    """Whether every item that came in ended in exactly one way."""
    return found["in"] == sum(found[fate.value] for fate in Fate)


def drawn(lines: Iterable[Line]) -> Table:
    """The table as it is printed."""
    table = Table(title="The morning", title_justify="left")
    table.add_column("")
    table.add_column("planned", justify="right")
    table.add_column("found", justify="right")
    table.add_column("")
    for line in lines:
        mark = "[green]as planned[/]" if line.right else "[bold red]differs[/]"
        table.add_row(line.name, str(line.planned), str(line.found), mark)
    return table
