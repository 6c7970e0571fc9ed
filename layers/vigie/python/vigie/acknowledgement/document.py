"""Writing an acknowledgement: fragments in, JSON and CSV out, with bounded memory.

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
from vigie.acknowledgement.spreadsheet import Spreadsheet
from vigie.inbox.entry_outcome import EntryOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vigie.inbox import FileRecord
    from vigie.results.reading import Breach

SCHEMA_VERSION = 1


class Documents(NamedTuple):
    """An acknowledgement in its two forms, each a file open for reading at its start."""

    as_json: IO[bytes]
    as_csv: IO[bytes]


@contextmanager
def documents(record: FileRecord, fragments: Iterable[Fragment]) -> Iterator[Documents]:
    """Write the acknowledgement of a file from the fragments of its parts.

    Args:
        record: the file; a part that it misses makes the acknowledgement incomplete.
        fragments: of the parts that there are, in order; read one by one.
    """
    with ExitStack() as files:
        spool, as_json, as_csv = (files.enter_context(TemporaryFile()) for _ in range(3))
        told = _spool(fragments, spool)
        head = _head(record, told)
        _write_json(head, _lines(spool), as_json)
        _write_csv(head, _lines(spool), as_csv)
        as_json.seek(0)
        as_csv.seek(0)
        yield Documents(as_json, as_csv)


class _Told(NamedTuple):
    counts: Counter[EntryOutcome]
    rules: list[Breach]
    omitted: int


def _spool(fragments: Iterable[Fragment], spool: IO[bytes]) -> _Told:
    counts: Counter[EntryOutcome] = Counter()
    rules: list[Breach] = []
    listing = Listing()
    for fragment in fragments:
        counts.update(fragment.counts)
        rules.extend(fragment.rules)
        for entry in listing.choose(fragment.entries):
            spool.write(entry.model_dump_json().encode() + b"\n")
    return _Told(counts, rules, listing.omitted(counts))


def _lines(spool: IO[bytes]) -> Iterator[bytes]:
    spool.seek(0)
    return (line.rstrip(b"\n") for line in spool)


def _head(record: FileRecord, told: _Told) -> dict[str, Any]:
    file, (counts, rules, omitted) = record.file, told
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
        "omitted": omitted,
    }


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
