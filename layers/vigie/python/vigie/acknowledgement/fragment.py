"""What one part of a file adds to its acknowledgement."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from vigie.inbox.entry_outcome import EntryOutcome
from vigie.model import Frozen
from vigie.results.reading import Breach, Envelope

SCHEMA_VERSION = 2
# Of one outcome or verdict: no file, however large, makes an acknowledgement that cannot be held.
MAX_LISTED = 30_000


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

    @property
    def record(self) -> int:
        """Number of the record that the item stands in: of the message, the Bundle or the row."""
        return int(self.ordinal.partition(".")[0])


class Verdict(StrEnum):
    """What becomes of a message (HL7 table 0008), for a Bundle told alike.

    `ACCEPTED`: every item was taken. `ERROR`: some were refused for what they say.
    `REJECTED`: the message is none that is read, so nothing in it was looked at.
    """

    ACCEPTED = "AA"
    ERROR = "AE"
    REJECTED = "AR"


class Answered(Frozen):
    """A message that carried items.

    Attributes:
        number: of the record in its file, which the ordinals of its items begin with.
        verdict: what became of it.
        envelope: its transport fields.
    """

    number: int
    verdict: Verdict
    envelope: Envelope


class Fragment(Frozen):
    """What one part of a file adds to the acknowledgement. The same part gives the same.

    Attributes:
        schema_version: those of version 1 say neither this nor what is counted below.
        counts: number of items by outcome.
        entries: the items that were not plainly accepted, in the order of the file; of one
            outcome the first `MAX_LISTED`.
        rules: what forbids to read the file at all.
        refusals: number of rejected items by the code of the rule that refused them.
        delays: number of newly accepted tests by the bucket of their delay, from sampling to
            report (`vigie.inbox.delays`).
        content: fingerprint of what the items say (`vigie.inbox.content`).
        warned: of its trials, how many break a rule.
        verdicts: number of messages by verdict, in a format that has messages.
        messages: the messages in the order of the file; of one verdict the first `MAX_LISTED`.
    """

    schema_version: int = SCHEMA_VERSION
    counts: dict[EntryOutcome, int]
    entries: tuple[Entry, ...] = ()
    rules: tuple[Breach, ...] = ()
    refusals: Mapping[str, int] = {}
    delays: Mapping[int, int] = {}
    content: str | None = None
    warned: int = 0
    verdicts: Mapping[Verdict, int] = {}
    messages: tuple[Answered, ...] = ()


class Listing:
    """Chooses what an acknowledgement lists: of each outcome the first entries, but acceptance.

    Of messages it lists the first of each verdict, acceptance too.
    """

    def __init__(self) -> None:
        self._listed: Counter[EntryOutcome] = Counter()
        self._answered: Counter[Verdict] = Counter()

    def choose(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Those of the next entries that are listed."""
        for entry in entries:
            outcome = entry.outcome
            if outcome is EntryOutcome.ACCEPTED or self._listed[outcome] >= MAX_LISTED:
                continue
            self._listed[outcome] += 1
            yield entry

    def choose_messages(self, messages: Iterable[Answered]) -> Iterator[Answered]:
        """Those of the next messages that are listed."""
        for message in messages:
            if self._answered[message.verdict] < MAX_LISTED:
                self._answered[message.verdict] += 1
                yield message

    def omitted(self, counts: Counter[EntryOutcome]) -> int:
        """How many of all items should be listed and are not."""
        told = counts.total() - counts[EntryOutcome.ACCEPTED]
        return told - self._listed.total()
