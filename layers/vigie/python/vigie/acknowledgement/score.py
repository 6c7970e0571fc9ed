"""How good a file is that was only tried: what its laboratory is told beside the answer."""

from typing import NamedTuple


class Score(NamedTuple):
    """What would become of the items of a file.

    Attributes:
        accepted: number of items that break no rule.
        accepted_with_warnings: number of those that would be taken, with something to improve.
        rejected: number of those that would not be taken.
    """

    accepted: int
    accepted_with_warnings: int
    rejected: int

    @property
    def items(self) -> int:
        """Number of all items."""
        return sum(self)

    @property
    def percent(self) -> int:
        """The score: percent of the items that would be taken, rounded down; 0 without items."""
        taken = self.accepted + self.accepted_with_warnings
        return 100 * taken // self.items if self.items else 0

    def as_json(self) -> dict[str, int]:
        """As documents have it."""
        return {"percent": self.percent, **self._asdict()}
