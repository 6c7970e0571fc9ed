"""What one part of a file adds to its acknowledgement."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from vigie.model import Frozen
from vigie.results.reading import Breach

# Of one outcome: no file, however large, makes an acknowledgement that cannot be held.
MAX_LISTED = 30_000


class EntryOutcome(StrEnum):
    """What became of one item of a file.

    `SUPERSEDED`: a newer report of the result came before, so this one changes nothing.
    `TEST`: marked as a trial by the laboratory, so it was validated and not stored.
    """

    ACCEPTED = "accepted"
    ACCEPTED_WITH_WARNINGS = "accepted_with_warnings"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"
    TEST = "test"


class Entry(Frozen):
    """One item that was not plainly accepted.

    Attributes:
        ordinal: of the item in its file.
        place: where the item starts, in the notation of the format.
        outcome: what became of it.
        result_id: the result that it speaks of; None where it was rejected or is a trial.
        rules: what the rules say of it; never a value.
    """

    ordinal: str
    place: str
    outcome: EntryOutcome
    result_id: str | None = None
    rules: tuple[Breach, ...] = ()


class Fragment(Frozen):
    """What one part of a file adds to the acknowledgement. The same part gives the same.

    Attributes:
        counts: number of items by outcome.
        entries: the items that were not plainly accepted, in the order of the file; of one
            outcome the first `MAX_LISTED`.
        rules: what forbids to read the file at all.
    """

    counts: dict[EntryOutcome, int]
    entries: tuple[Entry, ...] = ()
    rules: tuple[Breach, ...] = ()


class Listing:
    """Chooses which entries an acknowledgement lists: of each outcome the first, but acceptance."""

    def __init__(self) -> None:
        self._listed: Counter[EntryOutcome] = Counter()

    def choose(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Those of the next entries that are listed."""
        for entry in entries:
            outcome = entry.outcome
            if outcome is EntryOutcome.ACCEPTED or self._listed[outcome] >= MAX_LISTED:
                continue
            self._listed[outcome] += 1
            yield entry

    def omitted(self, counts: Counter[EntryOutcome]) -> int:
        """How many of all items should be listed and are not."""
        told = counts.total() - counts[EntryOutcome.ACCEPTED]
        return told - self._listed.total()
