"""Adding up what the parts of a file counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from vigie.inbox import EntryOutcome, FileSummary
from vigie.inbox.content import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vigie.acknowledgement.fragment import Fragment

# Of the rules that refuse most: enough to see what is wrong with a file.
MOST_REFUSALS = 5


class Summing:
    """Adds up fragments as they pass."""

    def __init__(self) -> None:
        self._counts: Counter[EntryOutcome] = Counter()
        self._unreadable: list[str] = []
        self._refusals: Counter[str] = Counter()
        self._delays: Counter[int] = Counter()
        self._contents: list[str | None] = []

    def over(self, fragments: Iterable[Fragment]) -> Iterator[Fragment]:
        """The same fragments, counted."""
        for fragment in fragments:
            self._counts.update(fragment.counts)
            self._unreadable.extend(rule.code for rule in fragment.rules)
            self._refusals.update(fragment.refusals)
            self._delays.update(fragment.delays)
            self._contents.append(fragment.content)
            yield fragment

    def summary(self) -> FileSummary:
        """What has passed."""
        known = [content for content in self._contents if content is not None]
        return FileSummary(
            counts={
                outcome: self._counts[outcome] for outcome in EntryOutcome if self._counts[outcome]
            },
            unreadable=tuple(self._unreadable),
            refusals=_most(self._refusals),
            delays=dict(sorted(self._delays.items())),
            content=fingerprint(known) if known and len(known) == len(self._contents) else None,
        )


def _most(refusals: Counter[str]) -> dict[str, int]:
    ordered = sorted(refusals.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ordered[:MOST_REFUSALS])
