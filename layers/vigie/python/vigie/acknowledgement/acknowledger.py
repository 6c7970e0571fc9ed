"""Answering a laboratory: the fragments of a file become the acknowledgement in its outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.acknowledgement.document import documents
from vigie.acknowledgement.summing import Summing
from vigie.inbox import FilePart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vigie.acknowledgement.fragment import Fragment
    from vigie.acknowledgement.fragment_store import FragmentStore
    from vigie.acknowledgement.outbox import Outbox
    from vigie.inbox import FileRecord, FileSummary


class Acknowledger:
    """Writes `<key>.ack.json`, `<key>.ack.csv`, and `<key>.ack.hl7` or `<key>.ack.fhir.json`.

    Args:
        fragments: where the parts of large files left theirs.
        outbox: where acknowledgements go.
    """

    def __init__(self, fragments: FragmentStore, outbox: Outbox) -> None:
        self._fragments = fragments
        self._outbox = outbox

    def answer(
        self, record: FileRecord, file_format: str | None, fragment: Fragment
    ) -> FileSummary:
        """Acknowledge a file that was read, or refused, as a whole.

        Args:
            record: the file.
            file_format: the format that was recognised, if any was.
            fragment: what became of its items.

        Returns:
            What it held.

        Raises:
            Unavailable: AWS did not answer.
        """
        return self._write(_whole(record, file_format), [fragment])

    def refuse(self, record: FileRecord, fragment: Fragment) -> FileSummary:
        """Tell why a file is not read for now; whatever is told of it later prevails.

        Args:
            record: the file.
            fragment: the rule.

        Raises:
            Unavailable: AWS did not answer.
        """
        return self._write(_whole(record, None), [fragment], final=False)

    def join(self, record: FileRecord) -> FileSummary:
        """Acknowledge a file whose every part left its fragment.

        Writing it again writes the same.

        Returns:
            What it held.

        Raises:
            Rejected: a fragment has expired.
            Unavailable: AWS did not answer.
        """
        return self._write(record, self._left_by(record))

    def tell_missing(self, record: FileRecord) -> FileSummary:
        """Acknowledge a file with parts missing, unless it was acknowledged before.

        Parts that are finished meanwhile are not waited for: whoever finishes the last one
        writes the full acknowledgement over this one, and never the other way round.

        Returns:
            What the parts that are finished held.

        Raises:
            Rejected: a fragment has expired.
            Unavailable: AWS did not answer.
        """
        return self._write(record, self._left_by(record))

    def _write(
        self, record: FileRecord, fragments: Iterable[Fragment], *, final: bool = True
    ) -> FileSummary:
        summing = Summing()
        with documents(record, summing.over(fragments)) as written:
            for document in written:
                if document.only_over and not self._outbox.has(record.file, document.suffix):
                    continue
                self._outbox.put(
                    record.file,
                    document.suffix,
                    document.body,
                    content_type=document.content_type,
                    complete=record.complete and final,
                )
        return summing.summary()

    def _left_by(self, record: FileRecord) -> Iterator[Fragment]:
        return (self._fragments.get(record.file.file_id, part) for part in sorted(record.done))


def _whole(record: FileRecord, file_format: str | None) -> FileRecord:
    """A file that one fragment tells all of."""
    whole = {"parts": (FilePart(0, record.file.size, 1, 1),), "done": frozenset({1})}
    return record.model_copy(update={**whole, "format": file_format})
