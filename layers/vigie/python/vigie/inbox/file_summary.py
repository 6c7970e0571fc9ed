"""What a file held, in a few numbers."""

from collections.abc import Mapping

from vigie.inbox.entry_outcome import EntryOutcome
from vigie.model import Frozen


class FileSummary(Frozen):
    """What became of the items of a file, without anything that they say.

    Attributes:
        counts: number of items by outcome.
        unreadable: codes of the rules that forbid to read the file at all.
        refusals: number of rejected items by the code of the rule, of the rules that refused
            most.
        delays: number of newly accepted tests by how long after the sampling they were reported
            (`vigie.inbox.delays`); those that were reported by day only are left out.
        content: fingerprint of what the items say; None if that was not counted.
    """

    schema_version: int = 1
    counts: Mapping[EntryOutcome, int]
    unreadable: tuple[str, ...] = ()
    refusals: Mapping[str, int] = {}
    delays: Mapping[int, int] = {}
    content: str | None = None

    @property
    def items(self) -> int:
        """How many items it held that were no trials."""
        return sum(self.counts.values()) - self.counts.get(EntryOutcome.TEST, 0)

    @property
    def rejected(self) -> int:
        """How many of them were rejected."""
        return self.counts.get(EntryOutcome.REJECTED, 0)

    @property
    def duplicates(self) -> int:
        """How many of them said what was known."""
        return self.counts.get(EntryOutcome.DUPLICATE, 0)
