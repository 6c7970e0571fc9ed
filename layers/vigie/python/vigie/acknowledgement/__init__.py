"""What a laboratory is told of its file: an acknowledgement, as JSON and for a spreadsheet."""

from vigie.acknowledgement.acknowledger import Acknowledger
from vigie.acknowledgement.fragment import Entry, Fragment, Listing
from vigie.acknowledgement.fragment_store import FragmentStore
from vigie.acknowledgement.outbox import Outbox
from vigie.inbox.entry_outcome import EntryOutcome

__all__ = [
    "Acknowledger",
    "Entry",
    "EntryOutcome",
    "Fragment",
    "FragmentStore",
    "Listing",
    "Outbox",
]
