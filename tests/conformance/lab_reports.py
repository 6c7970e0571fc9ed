"""Laboratory reports of other people, read as the intake reads them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from result_intake.file_reading import items_of as read_file
from result_intake.rule_table import RULES
from tests.conformance.outcome import CaseOutcome
from vigie.errors import Rejected
from vigie.inbox import ByteSpan
from vigie.results.reading import Item, Level

FOLDER = "lab-reports"
CORPUS = "lab reports"
SUFFIXES = frozenset({".hl7", ".fhir", ".json", ".ndjson", ".csv", ".gz", ".zip"})
# After every sampling of the corpora known, so that none lies ahead.
NOW = datetime(2030, 1, 1, tzinfo=UTC)
_CHUNK = 64 * 1024


def outcomes(folder: Path) -> Iterator[CaseOutcome]:
    """Whether each file is refused by name, or read into items that end accepted or with a rule.

    A case is a file that cannot be recognised, or an item: an HL7 message has one at least, as
    have a Bundle and a CSV row, or the file's header stands for its rows.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    for path in files:
        corpus = f"{CORPUS}: {path.suffix.lower()[1:]}"
        yield from _of_file(path, corpus, str(path.relative_to(folder)))


def items_of(path: Path) -> list[Item]:
    """The items of a file.

    Raises:
        Rejected: it is in no format that is read, or cannot be unpacked.
    """
    content = path.read_bytes()
    return list(read_file(lambda span: _chunks(content, span), len(content), now=NOW).items)


def _of_file(path: Path, corpus: str, name: str) -> Iterable[CaseOutcome]:
    try:
        items = items_of(path)
    except Rejected as verdict:
        return [CaseOutcome(corpus, name, as_expected=bool(verdict.code), reason="")]
    except Exception as error:  # noqa: BLE001 - it is what is looked for
        reason = f"{type(error).__name__} while reading"
        return [CaseOutcome(corpus, name, as_expected=False, reason=reason)]
    found = [_of_item(item, corpus, name) for item in items]
    if len({item.ordinal for item in items}) < len(items):
        found.append(CaseOutcome(corpus, name, as_expected=False, reason="ordinals repeat"))
    return found


def _of_item(item: Item, corpus: str, name: str) -> CaseOutcome:
    unknown = [breach.code for breach in item.breaches if breach.code not in RULES]
    refused = any(breach.level is Level.ERROR for breach in item.breaches)
    reason = ""
    if unknown:
        reason = f"no such rule: {unknown[0]}"
    elif refused == (item.result is not None):
        reason = "accepted despite an error" if refused else "rejected without an error"
    return CaseOutcome(corpus, f"{name} {item.ordinal}", as_expected=not reason, reason=reason)


def _chunks(content: bytes, span: ByteSpan) -> Iterator[bytes]:
    ends = range(span.first, span.end, _CHUNK)
    return (content[at : min(at + _CHUNK, span.end)] for at in ends)
