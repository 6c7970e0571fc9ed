"""Messages into items: one for each test, one for each message that cannot be read."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from result_intake.draft import Draft
from result_intake.hl7.additions import Additions, is_addition
from result_intake.hl7.charset import decode
from result_intake.hl7.delimiters import delimiters
from result_intake.hl7.envelope import envelope_of
from result_intake.hl7.framing import Framed, messages
from result_intake.hl7.message import Observation, Order, orders
from result_intake.hl7.observation import read_observation
from result_intake.hl7.patient import read_patient
from result_intake.hl7.places import OF_PATIENT, usual_places
from result_intake.hl7.segment import Segment
from result_intake.hl7.times import zone_of
from result_intake.repetition import refuse_repeated
from result_intake.rules import conclude_item, rejected_item
from vigie.catalogue import disease_of_loinc
from vigie.catalogue.questions import is_question
from vigie.errors import Rejected
from vigie.results.reading import Envelope, Item

# HL7 table 0103: training, debugging, production; nothing said is production.
_TRIAL = frozenset({"T", "D"})
_MODES = _TRIAL | {"P", ""}
_NOT_RESULTS = frozenset({"QST", "SCI"})  # HL7 table 0936: question, supporting information
_CHARSET_FIELD = 18
_MOST_READ = 256  # characters of a name of a character set
_UNKNOWN = Envelope()


class _Message(NamedTuple):
    """A message as it is read: what its items share."""

    number: str
    place: str
    truncation: str
    envelope: Envelope
    header: Segment
    orders: list[Order]
    additions: Additions
    persons: dict[int, Draft]
    zone: int | None
    mode: str
    faults: tuple[str, ...]

    @property
    def trial(self) -> bool:
        return self.mode in _TRIAL

    def rejected(self, code: str, ordinal: str, place: str) -> Item:
        return rejected_item(
            code, ordinal=ordinal, place=place, test_mode=self.trial, envelope=self.envelope
        )


def read_messages(
    chunks: Iterable[bytes], *, now: datetime, first_record: int = 1, first_line: int = 1
) -> Iterator[Item]:
    """Read the messages of a stream.

    An item is an observation that is no question, Ct or variant screening; one whose code no
    disease of the catalogue has is rejected. Its ordinal is the number of the message and that
    of the OBX in it: `3.2`. A message without an item is one rejected item, `3`.

    Args:
        chunks: the bytes, in any pieces.
        now: the present, aware.
        first_record: number of the first message.
        first_line: number of the first line.
    """
    for framed in messages(chunks, first_record=first_record, first_line=first_line):
        number, place = str(framed.number), f"message {framed.number} (line {framed.line})"
        envelope = _UNKNOWN
        try:
            decoded = _decoded(framed)
            envelope = envelope_of(decoded.header)
            read = list(_read(_message(framed, number, place, decoded, envelope)))
        except Rejected as error:
            at = f"{place}, {error.place}" if error.place else place
            yield rejected_item(error.code, ordinal=number, place=at, envelope=envelope)
            continue
        if len(read) > 1:
            refuse_repeated(each for each in read if isinstance(each, Draft))
        for each in read:
            if isinstance(each, Draft):
                yield conclude_item(each, now=now, envelope=envelope)
            else:
                yield each


def _read(message: _Message) -> Iterator[Draft | Item]:
    if (message.header.value(9), message.header.value(9, 2)) != ("ORU", "R01"):
        place = f"{message.place}, MSH-9"
        yield message.rejected("message-type-unsupported", message.number, place)
        return
    tests = [
        (order, observation)
        for order in message.orders
        for observation in order.observations
        if not _is_no_result(observation)
    ]
    for order, observation in tests:
        yield _test(message, order, observation, alone=len(tests) == 1)
    if not tests:
        yield message.rejected("test-missing", message.number, message.place)


def _test(
    message: _Message, order: Order, observation: Observation, *, alone: bool
) -> Draft | Item:
    code = observation.loinc
    ordinal = f"{message.number}.{observation.number}"
    place = f"{message.place}, OBX {observation.number}"
    if code and disease_of_loinc(code) is None:
        at = f"{place}: {observation.segment.place}-3"
        return message.rejected("loinc-unknown", ordinal, at)
    if order.patient is None:
        return message.rejected("patient-missing", ordinal, place)
    request = order.request.place if order.request else "OBR"
    places = usual_places(order.patient.place, request, observation.segment.place).copy()
    draft = Draft(ordinal, place, test_mode=message.trial, places=places)
    draft = _with_person(message, order.patient, draft, alone=alone)
    read_observation(order, observation, message.header, message.zone, draft)
    message.additions.read(order, draft)
    if message.truncation:
        _refuse_truncated(draft, message.truncation)
    for fault in message.faults:
        draft.fault(fault)
    if message.mode not in _MODES:
        # Stored by mistake, a trial would reach a person.
        draft.fault("mode-unknown", place="MSH-11")
    return draft


def _refuse_truncated(draft: Draft, sign: str) -> None:
    """Note values that end with the sign of truncation (v2.7 §2.5.5.2) and are needed in full."""
    needed = {
        "accession": draft.accession or "",
        "sub_id": draft.sub_id,
        "family_name": draft.family_name or "",
        "given_names": "".join(draft.given_names[-1:]),
    }
    for field, value in needed.items():
        if value.endswith(sign):
            draft.fault("value-truncated", field)


def _with_person(message: _Message, patient: Segment, draft: Draft, *, alone: bool) -> Draft:
    """The draft with what is said of the person, who is read once however many tests follow."""
    person = message.persons.get(id(patient))
    if person is None:
        read_patient(patient, draft)
        if not alone:
            message.persons[id(patient)] = replace(
                draft, places=draft.places.copy(), faults=draft.faults.copy()
            )
        return draft
    of_person = {name: at for name, at in person.places.items() if name in OF_PATIENT}
    return replace(
        person,
        ordinal=draft.ordinal,
        place=draft.place,
        places=draft.places | of_person,
        faults=person.faults.copy(),
    )


def _is_no_result(observation: Observation) -> bool:
    code = observation.loinc
    asked = is_question(code) or observation.segment.value(29) in _NOT_RESULTS
    return asked or is_addition(code)


class _Decoded(NamedTuple):
    """The text of a message: its header and the other segments, as lines."""

    header: Segment
    lines: list[str]
    truncation: str
    assumed: bool


def _decoded(framed: Framed) -> _Decoded:
    """The text in the character set that the header names.

    Raises:
        Rejected: `message-without-header`, `message-too-large`, or as `delimiters` and `Segment`.
    """
    if not framed.headed:
        raise Rejected("message-without-header", "lines stand outside any message")
    if not framed.segments:
        raise Rejected("message-too-large", "the header is too large")
    declared = _declared_charset(framed.segments[0])
    text, charset, assumed = decode(b"\n".join(framed.segments), declared)
    first, *lines = text.split("\n")
    signs = delimiters(first, charset)
    # Where the sign itself is written in some value, it marks nothing for sure.
    written = signs.truncation and f"{signs.escape}P{signs.escape}" in text
    truncation = "" if written else signs.truncation
    return _Decoded(Segment(first, signs), lines, truncation, assumed)


def _declared_charset(header: bytes) -> str:
    """MSH-18, readable in any character set that has ASCII."""
    fields = header.split(header[3:4], _CHARSET_FIELD)
    raw = fields[_CHARSET_FIELD - 1] if len(fields) >= _CHARSET_FIELD else b""
    return _charset_of(raw[:_MOST_READ], header[3:9])


@lru_cache(maxsize=64)
def _charset_of(raw: bytes, declared: bytes) -> str:
    header = f"MSH{declared.decode('latin-1')}"
    separator = header[3:4]
    signs = delimiters(header, "latin-1")
    return Segment(f"MSH{separator * 2}{raw.decode('latin-1')}", signs).value(3)


def _message(
    framed: Framed, number: str, place: str, decoded: _Decoded, envelope: Envelope
) -> _Message:
    if framed.too_large:
        raise Rejected("message-too-large", "the message is too large")
    header, signs = decoded.header, decoded.header.delimiters
    faults = []
    if decoded.assumed:
        faults.append("encoding-assumed")
    if framed.continued:
        faults.append("line-without-segment")
    found = orders(decoded.lines, signs)
    return _Message(
        number,
        place,
        decoded.truncation,
        envelope,
        header,
        found,
        Additions(found),
        {},
        zone_of(header.value(7)),
        header.value(11).upper(),
        tuple(faults),
    )
