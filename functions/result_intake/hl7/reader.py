"""Messages into items: one for each test, one for each message that cannot be read."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from result_intake.draft import Draft
from result_intake.hl7.additions import Additions, is_addition
from result_intake.hl7.charset import decode
from result_intake.hl7.delimiters import Delimiters, delimiters
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
from vigie.results.reading import Item

# HL7 table 0103: training, debugging, production; nothing said is production.
_TRIAL = frozenset({"T", "D"})
_MODES = _TRIAL | {"P", ""}
_NOT_RESULTS = frozenset({"QST", "SCI"})  # HL7 table 0936: question, supporting information
_CHARSET_FIELD = 18


class _Message(NamedTuple):
    """A message as it is read: what its items share."""

    number: str
    place: str
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
        try:
            read = list(_read(framed, number, place))
        except Rejected as error:
            at = f"{place}, {error.place}" if error.place else place
            yield rejected_item(error.code, ordinal=number, place=at)
            continue
        refuse_repeated(each for each in read if isinstance(each, Draft))
        for each in read:
            yield conclude_item(each, now=now) if isinstance(each, Draft) else each


def _read(framed: Framed, number: str, place: str) -> Iterator[Draft | Item]:
    if framed.too_large:
        raise Rejected("message-too-large", "the message is too large")
    if not framed.headed:
        raise Rejected("message-without-header", "lines stand outside any message")
    message = _message(framed, number, place)
    kind = message.header.repetitions(9)
    if not kind or (kind[0].value(1), kind[0].value(2)) != ("ORU", "R01"):
        yield rejected_item(
            "message-type-unsupported",
            ordinal=number,
            place=f"{place}, MSH-9",
            test_mode=message.trial,
        )
        return
    found = False
    for order in message.orders:
        for observation in order.observations:
            if _is_no_result(observation):
                continue
            found = True
            yield _test(message, order, observation)
    if not found:
        yield rejected_item("test-missing", ordinal=number, place=place, test_mode=message.trial)


def _test(message: _Message, order: Order, observation: Observation) -> Draft | Item:
    code = observation.loinc
    ordinal = f"{message.number}.{observation.number}"
    place = f"{message.place}, OBX {observation.number}"
    if code and disease_of_loinc(code) is None:
        at = f"{place}: OBX[{observation.number}]-3"
        return rejected_item("loinc-unknown", ordinal=ordinal, place=at, test_mode=message.trial)
    if order.patient is None:
        return rejected_item(
            "patient-missing", ordinal=ordinal, place=place, test_mode=message.trial
        )
    draft = _about(message, order.patient, ordinal, place)
    read_observation(order, observation, message.header, message.zone, draft)
    message.additions.read(order, draft)
    for fault in message.faults:
        draft.fault(fault)
    if message.mode not in _MODES:
        # Stored by mistake, a trial would reach a person.
        draft.fault("mode-unknown", place="MSH-11")
    return draft


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


def _message(framed: Framed, number: str, place: str) -> _Message:
    header = _header(framed.segments[0])
    text, charset, assumed = decode(b"\n".join(framed.segments), header.value(_CHARSET_FIELD))
    signs = delimiters(text[: text.find("\n") if "\n" in text else None], charset)
    segments = [Segment(line, signs) for line in text.split("\n")]
    faults = []
    if assumed:
        faults.append("encoding-assumed")
    if framed.continued:
        faults.append("line-without-segment")
    found = orders(segments[1:])
    return _Message(
        number,
        place,
        segments[0],
        found,
        Additions(found),
        {},
        zone_of(segments[0].value(7)),
        segments[0].value(11).upper(),
        tuple(faults),
    )


def _header(line: bytes) -> Segment:
    """The header, readable in any character set that has ASCII."""
    text = line.decode("latin-1")
    signs: Delimiters = delimiters(text, "latin-1")
    return Segment(text, signs)
