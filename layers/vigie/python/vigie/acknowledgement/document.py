"""Writing an acknowledgement: fragments in, documents out, with bounded memory.

Entries pass through a temporary file while they are counted, because the summary comes
first. The bytes depend on the file and on what became of its items only.
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from vigie.acknowledgement.fragment import Entry, Fragment, Listing
from vigie.acknowledgement.message_answers import CONTENT_TYPES, SUFFIXES, MessageAnswers
from vigie.acknowledgement.score import Score
from vigie.acknowledgement.spreadsheet import Spreadsheet
from vigie.inbox.entry_outcome import EntryOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vigie.inbox import FileRecord
    from vigie.results.codes import SourceFormat
    from vigie.results.reading import Breach

SCHEMA_VERSION = 1


class Document(NamedTuple):
    """An acknowledgement in one of its forms.

    Attributes:
        suffix: after the path of the file.
        content_type: of the body.
        body: a file open for reading at its start.
        only_over: whether it is of use only where an older document stands.
    """

    suffix: str
    content_type: str
    body: IO[bytes]
    only_over: bool = False


@contextmanager
def documents(record: FileRecord, fragments: Iterable[Fragment]) -> Iterator[tuple[Document, ...]]:
    """Write the acknowledgement of a file from the fragments of its parts.

    It is JSON and CSV, and for a file in HL7 or FHIR that format too. Of a file that was refused
    before its format was known it is both of these, over what is said of an older file.

    Args:
        record: the file; a part that it misses makes the acknowledgement incomplete.
        fragments: of the parts that there are, in order; read one by one.
    """
    with ExitStack() as files:
        spool, as_json, as_csv = (files.enter_context(TemporaryFile()) for _ in range(3))
        written = [
            Document(".ack.json", "application/json", as_json),
            Document(".ack.csv", "text/csv; charset=utf-8", as_csv),
        ]
        answers: list[MessageAnswers] = []
        in_messages: list[Document] = []
        for each in _message_formats(record):
            body = files.enter_context(TemporaryFile())
            answers.append(MessageAnswers(record, each, body))
            only_over = record.format is None
            in_messages.append(Document(SUFFIXES[each], CONTENT_TYPES[each], body, only_over))
        told = _spool(fragments, spool, answers)
        head = _head(record, told)
        _write_json(head, _lines(spool), as_json)
        _write_csv(head, _lines(spool), as_csv)
        for answer in answers:
            answer.finish(head, told.rules)
        written += [one for one in in_messages if told.rules or not one.only_over]
        for document in written:
            document.body.seek(0)
        yield tuple(written)


def _message_formats(record: FileRecord) -> Iterable[SourceFormat]:
    """The formats of messages that a file is in, or may be taken to be in."""
    if record.format is None:
        return tuple(SUFFIXES)
    return (own for own in SUFFIXES if own == record.format)


class _Told(NamedTuple):
    counts: Counter[EntryOutcome]
    rules: list[Breach]
    omitted: int
    warned: int


def _spool(
    fragments: Iterable[Fragment], spool: IO[bytes], answers: Iterable[MessageAnswers]
) -> _Told:
    counts: Counter[EntryOutcome] = Counter()
    rules: list[Breach] = []
    warned = 0
    listing = Listing()
    for fragment in fragments:
        counts.update(fragment.counts)
        rules.extend(fragment.rules)
        warned += fragment.warned
        listed = list(listing.choose(fragment.entries))
        for entry in listed:
            spool.write(entry.model_dump_json().encode() + b"\n")
        for answer in answers:
            answer.add(fragment, listing, listed)
    return _Told(counts, rules, listing.omitted(counts), warned)


def _lines(spool: IO[bytes]) -> Iterator[bytes]:
    spool.seek(0)
    return (line.rstrip(b"\n") for line in spool)


def _head(record: FileRecord, told: _Told) -> dict[str, Any]:
    file, (counts, rules, omitted, _) = record.file, told
    missing = [] if record.complete else record.missing
    by_outcome = {outcome.value: counts[outcome] for outcome in EntryOutcome}
    return {
        "schema_version": SCHEMA_VERSION,
        "file": {
            "id": file.file_id,
            "path": file.key,
            "version_id": file.version_id,
            "received_at": file.received_at.isoformat(),
            "size": file.size,
            "format": record.format,
        },
        "state": _state(missing=bool(missing), refused=bool(rules)),
        "missing": [
            {"part": number, "first_byte": span.first, "last_byte": span.end - 1}
            for number, span in missing
        ],
        "rules": [rule.model_dump(mode="json") for rule in rules],
        "summary": {"items": counts.total(), **by_outcome},
        **({"score": _score(told).as_json()} if file.trial else {}),
        "omitted": omitted,
    }


def _score(told: _Told) -> Score:
    trials = told.counts[EntryOutcome.TEST]
    return Score(trials - told.warned, told.warned, told.counts[EntryOutcome.REJECTED])


def _state(*, missing: bool, refused: bool) -> str:
    """Whether all was read, a part is missing, or nothing can be read."""
    if missing:
        return "incomplete"
    return "rejected" if refused else "complete"


def _write_json(head: dict[str, Any], entries: Iterator[bytes], out: IO[bytes]) -> None:
    """One line for each entry, so that a person, and `grep`, can read it too."""
    written = json.dumps(head, ensure_ascii=False, indent=1)
    out.write(written.removesuffix("\n}").encode() + b',\n "entries": [')
    separator = b"\n  "
    for entry in entries:
        out.write(separator + entry)
        separator = b",\n  "
    out.write(b"\n ]\n}\n")


def _write_csv(head: dict[str, Any], entries: Iterator[bytes], out: IO[bytes]) -> None:
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    sheet = Spreadsheet(text)
    sheet.head(head)
    for entry in entries:
        sheet.entry(Entry.model_validate_json(entry))
    text.detach()
