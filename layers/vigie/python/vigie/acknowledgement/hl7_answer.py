r"""The acknowledgement as HL7 v2.5.1 ACK messages, one for each message of the file.

Several stand in a batch (BHS … BTS). Segments end with `\r`. Sources: HL7 v2.5.1 §2.9.2 (original
acknowledgement mode), §2.13.1 (ACK), §2.15.5 (ERR), §2.15.8 (MSA), §2.10.3 (batches).
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any

from vigie.acknowledgement.fragment import Verdict
from vigie.results.hl7_notation import escaped
from vigie.results.reading import Envelope

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator

    from vigie.acknowledgement.fragment import Answered, Entry
    from vigie.inbox import FileRecord
    from vigie.results.reading import Breach

OURSELVES = "VIGIE"
_UNKNOWN = Envelope()
_MOST_GAPS = 10  # told in the trailer; the JSON tells all
_LEVELS = {"error": "E", "warning": "W"}
# The end of a place: segment, its number, field, repetition, component.
_LOCATION = re.compile(
    r"\b([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+)(?:\[(\d+)\])?(?:-(\d+))?)?$", re.ASCII
)
# HL7 table 0357, by what the name of a rule is or ends with.
_ACCEPTED, _OTHER = "0^Message accepted^HL70357", "207^Application internal error^HL70357"
_CONDITIONS = (
    ("message-type-unsupported", "200^Unsupported message type^HL70357"),
    ("mode-unknown", "202^Unsupported processing id^HL70357"),
    ("test-repeated", "205^Duplicate key identifier^HL70357"),
    ("line-without-segment", "100^Segment sequence error^HL70357"),
    ("message-without-header", "100^Segment sequence error^HL70357"),
    ("-missing", "101^Required field missing^HL70357"),
    ("-malformed", "102^Data type error^HL70357"),
    ("-too-long", "102^Data type error^HL70357"),
    ("-truncated", "102^Data type error^HL70357"),
    ("-not-coded", "102^Data type error^HL70357"),
    ("-unknown", "103^Table value not found^HL70357"),
)


class Hl7Answer:
    """Writes the messages of an acknowledgement as they come.

    The bytes depend on the file and on what became of it only: times are that of its arrival.

    Args:
        record: the file.
        out: where to write.
    """

    def __init__(self, record: FileRecord, out: IO[bytes]) -> None:
        self._record = record
        self._out = out
        self._id = record.file.file_id
        self._at = record.file.received_at.strftime("%Y%m%d%H%M%S+0000")
        self._written = 0
        self._batch = False

    def begin(self, *, several: bool) -> None:
        """Begin, before any message.

        Args:
            several: whether the file has, or may have, other than one message.
        """
        self._batch = several
        if several:
            self._segment("BHS", "^~\\&", OURSELVES, "", "", "", self._at, "", "", "", self._id)

    def message(self, answered: Answered, entries: list[Entry]) -> None:
        """Write the ACK of a message."""
        told = [line for entry in entries for line in _errors(entry)]
        self._acknowledge(answered.envelope, answered.verdict, str(answered.number), told)

    def finish(
        self, head: dict[str, Any], rules: Iterable[Breach], unlisted: Counter[Verdict]
    ) -> None:
        """Write what is said of the file as a whole, after all messages."""
        if refused := [_error(rule, "file") for rule in rules]:
            self._acknowledge(_UNKNOWN, Verdict.REJECTED, "0", refused)
        if self._batch:
            self._segment("BTS", str(self._written), escaped(_comment(head, unlisted)))

    def _acknowledge(
        self, envelope: Envelope, verdict: Verdict, number: str, errors: list[str]
    ) -> None:
        application, facility = envelope.receiver
        control_id = f"{self._id[:12]}-{number}"  # MSH-10 has at most 20 characters
        self._segment(
            "MSH", "^~\\&", application or OURSELVES, facility, *envelope.sender, self._at, "",
            "ACK^R01^ACK", control_id, envelope.processing_id or "P", "2.5.1",
            "", "", "", "", "", "UNICODE UTF-8",
        )  # fmt: skip
        self._segment("MSA", verdict.value, envelope.control_id)
        for error in errors:
            self._segment(error)
        self._written += 1

    def _segment(self, *fields: str) -> None:
        self._out.write("|".join(fields).rstrip("|").encode() + b"\r")


def _errors(entry: Entry) -> Iterator[str]:
    """ERR segments of an entry: one for each rule, or one that tells the outcome."""
    for rule in entry.rules:
        yield _error(rule, entry.place)
    if not entry.rules:
        outcome = entry.outcome.value
        yield _err(entry.place, _ACCEPTED, "I", outcome, entry.place, outcome)


def _error(rule: Breach, at: str) -> str:
    condition = next((code for end, code in _CONDITIONS if rule.code.endswith(end)), _OTHER)
    return _err(rule.place, condition, _LEVELS[rule.level], rule.code, at, rule.message)


def _err(place: str, condition: str, severity: str, code: str, at: str, message: str) -> str:  # noqa: PLR0913, PLR0917 - the fields of a segment
    fields = ("ERR", "", _location(place), condition, severity, f"{escaped(code)}^^{OURSELVES}")
    return "|".join((*fields, "", escaped(at), escaped(message)))


def _location(place: str) -> str:
    """ERL (§2.A.28): segment, its number in the message, field, repetition, component."""
    found = _LOCATION.search(place)
    if not found:
        return ""
    segment, number, field, repetition, component = found.groups()
    parts = [segment, number or "1"]
    if field:
        parts += [field, repetition or "1"]
    if component:
        parts.append(component)
    return "^".join(parts)


def _comment(head: dict[str, Any], unlisted: Counter[Verdict]) -> str:
    missing = [f"bytes {gap['first_byte']}-{gap['last_byte']}" for gap in head["missing"]]
    told = [f"could not be read, send again: {', '.join(missing[:_MOST_GAPS])}"] if missing else []
    told += [f"{number} more messages {verdict}" for verdict, number in unlisted.items() if number]
    return "; ".join(told)
