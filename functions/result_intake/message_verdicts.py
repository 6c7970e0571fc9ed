"""What becomes of each message of a file, from what becomes of its items."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from vigie.acknowledgement import Answered, EntryOutcome, Verdict
from vigie.acknowledgement.fragment import MAX_LISTED

if TYPE_CHECKING:
    from vigie.acknowledgement import Entry
    from vigie.results.reading import Envelope

# Of these nothing in the message was looked at, or nothing in it may be (HL7 v2.5.1 §2.9.2.2).
_AS_A_WHOLE = frozenset({
    "message-type-unsupported", "message-malformed", "message-too-large", "message-without-header",
    "record-malformed", "record-too-large", "encoding-malformed", "mode-unknown",
})  # fmt: skip
_WORSE = (Verdict.ACCEPTED, Verdict.ERROR, Verdict.REJECTED)


class MessageVerdicts:
    """Takes items in the order of the file, those of one message one after the other.

    Attributes:
        counts: number of messages by verdict.
    """

    def __init__(self) -> None:
        self.counts: Counter[Verdict] = Counter()
        self._listed: list[Answered] = []
        self._current: Answered | None = None

    def note(self, entry: Entry, envelope: Envelope | None) -> None:
        """Take an item; one that no message carried counts for none."""
        if envelope is None:
            return
        current, verdict = self._current, _of_entry(entry)
        if current is None or current.number != entry.record:
            self._close()
        elif _WORSE.index(verdict) <= _WORSE.index(current.verdict):
            return
        self._current = Answered(number=entry.record, verdict=verdict, envelope=envelope)

    def messages(self) -> tuple[Answered, ...]:
        """The messages so far, of each verdict the first `MAX_LISTED`; the last one is ended."""
        self._close()
        return tuple(self._listed)

    def _close(self) -> None:
        if self._current is None:
            return
        verdict = self._current.verdict
        self.counts[verdict] += 1
        if self.counts[verdict] <= MAX_LISTED:
            self._listed.append(self._current)
        self._current = None


def _of_entry(entry: Entry) -> Verdict:
    if entry.outcome is not EntryOutcome.REJECTED:
        return Verdict.ACCEPTED
    as_a_whole = any(rule.code in _AS_A_WHOLE for rule in entry.rules)
    return Verdict.REJECTED if as_a_whole else Verdict.ERROR
