"""What a laboratory is told of its file: an acknowledgement, in several forms."""

from vigie.acknowledgement.acknowledger import Acknowledger
from vigie.acknowledgement.fragment import Answered, Entry, Fragment, Listing, Verdict
from vigie.acknowledgement.fragment_store import FragmentStore
from vigie.acknowledgement.outbox import Outbox
from vigie.inbox.entry_outcome import EntryOutcome

__all__ = [
    "Acknowledger",
    "Answered",
    "Entry",
    "EntryOutcome",
    "Fragment",
    "FragmentStore",
    "Listing",
    "Outbox",
    "Verdict",
]
