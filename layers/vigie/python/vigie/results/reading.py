"""What reading a laboratory's file gives: items, each with what the rules say of it."""

from enum import StrEnum

from vigie.model import Frozen
from vigie.results.test_result import TestResult


class Level(StrEnum):
    """Whether a breach costs the item its acceptance."""

    ERROR = "error"
    WARNING = "warning"


class Breach(Frozen):
    """A rule that something in a file breaks.

    Attributes:
        code: the rule's stable name, such as `birth-date-missing`.
        level: an error rejects the item; a warning is told and no more.
        place: in the notation of the format: `PID-5-1` (segment-field-repetition…), a FHIRPath,
            or `line 12, column birth_date`.
        message: what the rule asks for; never the value that was found.
    """

    code: str
    level: Level
    place: str
    message: str


class Envelope(Frozen):
    """What carried an item: an HL7 message, with the transport fields of its header, or a Bundle.

    Of HL7, in the notation of the standard's own encoding characters, escaped and bounded
    (`vigie.results.hl7_notation`); a Bundle has none of them.

    Attributes:
        control_id: MSH-10.
        sender: MSH-3 and MSH-4, application and facility.
        receiver: MSH-5 and MSH-6.
        processing_id: MSH-11, one of P, T, D; empty if it is none.
    """

    control_id: str = ""
    sender: tuple[str, str] = ("", "")
    receiver: tuple[str, str] = ("", "")
    processing_id: str = ""


class Item(Frozen):
    """One test in a file, read as far as it could be.

    Attributes:
        ordinal: names the item within its file: the 1-based number of the record (HL7 message,
            Bundle, CSV row) and, where a record has several tests, of the observation in it:
            `12`, `3.2`. It is the same however the file is cut into byte ranges and however
            often it is read.
        place: where the item starts, such as `message 3, OBX 2` or `line 12`.
        result: the test, or None where an error forbids it.
        breaches: what the rules say.
        test_mode: the sender marked it as a trial: validated and acknowledged, never stored.
        envelope: the message that carried it; None in a format without messages. Items of one
            message have one.
    """

    ordinal: str
    place: str
    result: TestResult | None
    breaches: tuple[Breach, ...] = ()
    test_mode: bool = False
    envelope: Envelope | None = None
