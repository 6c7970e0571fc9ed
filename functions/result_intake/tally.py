"""What is counted of the items of a file, or a part of it, as they are recorded."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING

from vigie.acknowledgement import EntryOutcome
from vigie.inbox.content import fingerprint
from vigie.inbox.delays import bucket
from vigie.results.reading import Level

if TYPE_CHECKING:
    from vigie.acknowledgement import Entry
    from vigie.results.test_result import TestResult

_NEW = frozenset({EntryOutcome.ACCEPTED, EntryOutcome.ACCEPTED_WITH_WARNINGS})


class Tally:
    """Counts items.

    Attributes:
        content: fingerprint of what the items say.
        warned: number of trials that break a rule.
    """

    def __init__(self) -> None:
        self._counts: Counter[EntryOutcome] = Counter()
        self._refusals: Counter[str] = Counter()
        self._delays: Counter[int] = Counter()
        self.content = fingerprint(())
        self.warned = 0

    @property
    def counts(self) -> dict[EntryOutcome, int]:
        """Number of items by outcome."""
        return {outcome: self._counts[outcome] for outcome in EntryOutcome if self._counts[outcome]}

    @property
    def refusals(self) -> dict[str, int]:
        """Number of rejected items by the rule that refused them, once for each rule."""
        return dict(sorted(self._refusals.items()))

    @property
    def delays(self) -> dict[int, int]:
        """Number of newly accepted tests by the bucket of their delay."""
        return dict(sorted(self._delays.items()))

    def add(self, entry: Entry, result: TestResult | None, content_hash: str | None) -> None:
        """Count an item.

        Args:
            entry: what became of it.
            result: what it says, where it could be read.
            content_hash: keyed hash of what it says, where it was recorded.
        """
        self._counts[entry.outcome] += 1
        if entry.outcome is EntryOutcome.TEST and entry.rules:
            self.warned += 1
        if entry.outcome is EntryOutcome.REJECTED:
            self._refusals.update({rule.code for rule in entry.rules if rule.level is Level.ERROR})
        if result is not None and entry.outcome in _NEW and not result.reported_day_only:
            self._delays[bucket(result.reported_at - result.sampled_at)] += 1
        self.content = fingerprint((self.content, content_hash or _hash_of(entry)))


def _hash_of(entry: Entry) -> str:
    """Of an item that is not stored: what the rules say of it, and where."""
    told = [entry.ordinal, entry.outcome, [(rule.code, rule.place) for rule in entry.rules]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
