"""Messages into items: one for each test, one for each message that cannot be read."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
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
            header = _header(framed)
            envelope = envelope_of(header)
            message = _message(framed, number, place, header, envelope)
            read = list(_read(message))
        except Rejected as error:
            at = f"{place}, {error.place}" if error.place else place
            yield rejected_item(error.code, ordinal=number, place=at, envelope=envelope)
            continue
        refuse_repeated(each for each in read if isinstance(each, Draft))
        for each in read:
            if isinstance(each, Draft):
                yield conclude_item(each, now=now, envelope=envelope)
            else:
                yield each


def _read(message: _Message) -> Iterator[Draft | Item]:
    kind = message.header.repetitions(9)
    if not kind or (kind[0].value(1), kind[0].value(2)) != ("ORU", "R01"):
        place = f"{message.place}, MSH-9"
        yield message.rejected("message-type-unsupported", message.number, place)
        return
    found = False
    for order in message.orders:
        for observation in order.observations:
            if _is_no_result(observation):
                continue
            found = True
            yield _test(message, order, observation)
    if not found:
        yield message.rejected("test-missing", message.number, message.place)


def _test(message: _Message, order: Order, observation: Observation) -> Draft | Item:
    code = observation.loinc
    ordinal = f"{message.number}.{observation.number}"
    place = f"{message.place}, OBX {observation.number}"
    if code and disease_of_loinc(code) is None:
        at = f"{place}: {observation.segment.place}-3"
        return message.rejected("loinc-unknown", ordinal, at)
    if order.patient is None:
        return message.rejected("patient-missing", ordinal, place)
    draft = _about(message, order.patient, ordinal, place)
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


def _about(message: _Message, patient: Segment, ordinal: str, place: str) -> Draft:
    """A draft with what is said of the person, who is read once however many tests follow."""
    if id(patient) not in message.persons:
        person = Draft(ordinal, place)
        read_patient(patient, person)
        message.persons[id(patient)] = person
    person = message.persons[id(patient)]
    return replace(
        person,
        ordinal=ordinal,
        place=place,
        test_mode=message.trial,
        places=dict(person.places),
        faults=list(person.faults),
    )


def _is_no_result(observation: Observation) -> bool:
    code = observation.loinc
    kind = observation.segment.value(29)
    return kind in _NOT_RESULTS or is_question(code) or is_addition(code)


def _header(framed: Framed) -> Segment:
    """The header in its character set.

    Raises:
        Rejected: `message-without-header`, or as `delimiters` and `Segment`.
    """
    if not framed.headed:
        raise Rejected("message-without-header", "lines stand outside any message")
    line = framed.segments[0]
    # Where it says its character set, it is readable in any that has ASCII.
    text = line.decode("latin-1")
    declared = Segment(text, delimiters(text, "latin-1")).value(_CHARSET_FIELD)
    text, charset, _ = decode(line, declared)
    return Segment(text, delimiters(text, charset))


def _message(
    framed: Framed, number: str, place: str, header: Segment, envelope: Envelope
) -> _Message:
    if framed.too_large:
        raise Rejected("message-too-large", "the message is too large")
    text, charset, assumed = decode(b"\n".join(framed.segments), header.value(_CHARSET_FIELD))
    first, *lines = text.split("\n")
    signs = delimiters(first, charset)
    faults = []
    if assumed:
        faults.append("encoding-assumed")
    if framed.continued:
        faults.append("line-without-segment")
    found = orders([Segment(line, signs) for line in lines])
    return _Message(
        number,
        place,
        # Where the sign itself is written in some value, it marks nothing for sure.
        "" if f"{signs.escape}P{signs.escape}" in text else signs.truncation,
        envelope,
        Segment(first, signs),
        found,
        Additions(found),
        {},
        zone_of(header.value(7)),
        header.value(11).upper(),
        tuple(faults),
    )
