"""The structure of an ORU^R01 message, as far as a test needs it (HL7 v2.5.1 §7.3.1)."""

from dataclasses import dataclass, field

from result_intake.hl7.coding import asks_a_question, loinc_of
from result_intake.hl7.delimiters import Delimiters
from result_intake.hl7.segment import Segment

# Of an order, or of an observation: each test looks at all of them.
MAX_PARTICIPANTS = 50
_READ = ("PID", "ORC", "OBR", "OBX", "SPM", "PRT")


@dataclass(slots=True)
class Observation:
    """An OBX.

    Attributes:
        segment: itself.
        loinc: code of what was observed; empty if there is none.
        specimen: the SPM that it stands below, if any.
        participants: its PRT, since v2.7.
    """

    segment: Segment
    loinc: str
    specimen: Segment | None = None
    participants: list[Segment] = field(default_factory=list)

    @property
    def number(self) -> int:
        """1-based, of the OBX in the message."""
        return self.segment.number


@dataclass(slots=True)
class Order:
    """One order of one patient, with what was observed.

    Attributes:
        patient: PID, if there was one before.
        common: ORC, if there was one.
        request: OBR; None where OBX stand without one.
        observations: every OBX but answers to known questions, those after SPM too.
        specimens: SPM.
        participants: PRT of the order itself, since v2.7.
    """

    patient: Segment | None = None
    common: Segment | None = None
    request: Segment | None = None
    observations: list[Observation] = field(default_factory=list)
    specimens: list[Segment] = field(default_factory=list)
    participants: list[Segment] = field(default_factory=list)
    _named: dict[str, Segment] | None = field(default=None, init=False, repr=False)

    def specimen_of(self, observation: Observation) -> Segment | None:
        """The SPM that an observation is about.

        It is the one that the observation names (OBX-33, since v2.8.2), else the one that it
        stands below, else the first of the order.
        """
        if len(self.specimens) > 1 and (named := observation.segment.value(33)):
            if self._named is None:
                self._named = {}
                for specimen in self.specimens:
                    self._named.setdefault(specimen.value(2, 1), specimen)
                    self._named.setdefault(specimen.value(2, 2), specimen)
            if found := self._named.get(named):
                return found
        return observation.specimen or (self.specimens[0] if self.specimens else None)


def orders(lines: list[str], delimiters: Delimiters) -> list[Order]:
    """Group the segments of a message by order.

    Segments that a test does not need are passed over, and none has to be there: grouping goes
    by the names alone, because real messages leave out and add segments.

    Args:
        lines: the message without its header.
        delimiters: of the message.

    Raises:
        Rejected: `message-too-large`, as `Segment`.
    """
    found: list[Order] = []
    patient: Segment | None = None
    common: Segment | None = None
    current: Order | None = None
    # Whose the next PRT are: those of ORC are of the order that follows, those of PID of none.
    participants: list[Segment] = []
    for segment in _read_segments(lines, delimiters):
        match segment.name:
            case "PID":
                patient, common, current, participants = segment, None, None, []
            case "ORC":
                common, current, participants = segment, None, []
            case "OBR":
                current = Order(patient, common, segment)
                if common:
                    current.participants = participants
                participants = current.participants
                common = None
                found.append(current)
            case "OBX" | "SPM":
                if current is None:
                    current = Order(patient, common)
                    found.append(current)
                if segment.name == "SPM":
                    current.specimens.append(segment)
                    participants = []
                else:
                    specimen = current.specimens[-1] if current.specimens else None
                    observation = Observation(segment, loinc_of(segment), specimen)
                    current.observations.append(observation)
                    participants = observation.participants
            case "PRT":
                participants.extend([segment][: MAX_PARTICIPANTS - len(participants)])
            case _:
                participants = []
    return found


def _read_segments(lines: list[str], delimiters: Delimiters) -> list[Segment]:
    """The segments that matter, with their numbers.

    An OBX that answers a question counts, but is told as a segment without a name: of a message
    that has many, most of the work would be theirs.
    """
    segments = []
    numbers = dict.fromkeys(_READ, 0)
    answer = Segment("", delimiters)
    separator = delimiters.field
    for line in lines:
        name = line[:3]
        if name not in numbers:
            continue
        numbers[name] += 1
        if name == "OBX":
            code = line.split(separator, 4)[3:4]
            if code and asks_a_question(code[0], delimiters):
                segments.append(answer)
                continue
        segments.append(Segment(line, delimiters, numbers[name]))
    return segments
