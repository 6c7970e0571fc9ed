"""Files of messages and what became of them, for tests of the answers to them."""

from datetime import UTC, datetime

from vigie.acknowledgement import Answered, Entry, EntryOutcome, Fragment, Verdict
from vigie.acknowledgement.document import documents
from vigie.inbox import FilePart, FileRecord, FileState, InboxFile
from vigie.results.reading import Breach, Envelope, Level

FILE = InboxFile(
    bucket="inbox",
    key="750000001/a",
    version_id="v1",
    size=300,
    received_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
)
ENVELOPE = Envelope(
    control_id="MSG-7",
    sender=("LIS", "LABO^750712184^FINESS"),
    receiver=("INTAKE", "AUTHORITY"),
    processing_id="P",
)


def a_record(source_format: str | None, *, parts: int = 1, done: int | None = None) -> FileRecord:
    cut = tuple(FilePart(at * 100, at * 100 + 100, at + 1, at + 1) for at in range(parts))
    done = parts if done is None else done
    return FileRecord(
        file=FILE,
        state=FileState.RECEIVED,
        format=source_format,
        parts=cut,
        done=frozenset(range(1, done + 1)),
    )


def breach(code: str, place: str, level: Level = Level.ERROR) -> Breach:
    return Breach(code=code, level=level, place=place, message="What & how.")


def entry(ordinal: str, outcome: EntryOutcome, *rules: Breach, place: str = "here") -> Entry:
    return Entry(ordinal=ordinal, place=place, outcome=outcome, rules=rules)


def answered(number: int, verdict: Verdict, envelope: Envelope = ENVELOPE) -> Answered:
    return Answered(number=number, verdict=verdict, envelope=envelope)


def fragment(messages: list[Answered], *entries: Entry, rules: tuple[Breach, ...] = ()) -> Fragment:
    verdicts = {verdict: sum(each.verdict is verdict for each in messages) for verdict in Verdict}
    return Fragment(
        counts={}, entries=entries, rules=rules, verdicts=verdicts, messages=tuple(messages)
    )


def answer(record: FileRecord, *fragments: Fragment) -> tuple[str, str]:
    """What the answer in the file's own format is called, and says."""
    with documents(record, iter(fragments)) as written:
        own = written[-1]
        return own.suffix, own.body.read().decode()
