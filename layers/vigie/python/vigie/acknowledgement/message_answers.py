"""The answer in the format of the file itself, message by message, from the fragments."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any

from vigie.acknowledgement.fhir_answer import FhirAnswer
from vigie.acknowledgement.hl7_answer import Hl7Answer
from vigie.results.codes import SourceFormat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.acknowledgement.fragment import Entry, Fragment, Listing, Verdict
    from vigie.inbox import FileRecord
    from vigie.results.reading import Breach

_WRITERS: dict[SourceFormat, type[Hl7Answer | FhirAnswer]] = {
    SourceFormat.HL7V2: Hl7Answer,
    SourceFormat.FHIR: FhirAnswer,
}
# After the path of a file, by its format.
SUFFIXES = {SourceFormat.HL7V2: ".ack.hl7", SourceFormat.FHIR: ".ack.fhir.json"}
CONTENT_TYPES = {
    SourceFormat.HL7V2: "x-application/hl7-v2+er7; charset=utf-8",
    SourceFormat.FHIR: "application/fhir+json; charset=utf-8",
}


class MessageAnswers:
    """Writes one answer for each message of a file, while its fragments come by.

    Args:
        record: the file.
        own: its format, one of `SUFFIXES`.
        out: where to write.
    """

    def __init__(self, record: FileRecord, own: SourceFormat, out: IO[bytes]) -> None:
        self._record = record
        self._writer = _WRITERS[own](record, out)
        self._begun = False
        self._told: Counter[Verdict] = Counter()
        self._listed: Counter[Verdict] = Counter()

    def add(self, fragment: Fragment, listing: Listing, entries: Iterable[Entry]) -> None:
        """Answer the messages of a fragment.

        Args:
            fragment: of the next part.
            listing: of the file.
            entries: those of the fragment that are listed.
        """
        self._begin(sum(fragment.verdicts.values()) + len(fragment.rules))
        self._told.update(fragment.verdicts)
        of_message = {
            number: list(group) for number, group in groupby(entries, key=lambda each: each.record)
        }
        for answered in listing.choose_messages(fragment.messages):
            self._listed[answered.verdict] += 1
            self._writer.message(answered, of_message.get(answered.number, []))

    def finish(self, head: dict[str, Any], rules: Iterable[Breach]) -> None:
        """Say what is to be said of the file as a whole."""
        self._begin(0)
        self._writer.finish(head, rules, self._told - self._listed)

    def _begin(self, messages: int) -> None:
        """Begin, once; a file in parts may have any number of messages."""
        if not self._begun:
            self._writer.begin(several=len(self._record.parts) > 1 or messages != 1)
            self._begun = True
