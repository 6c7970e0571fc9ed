"""The structure of an ORU^R01 message, as far as a test needs it (HL7 v2.5.1 §7.3.1)."""

from dataclasses import dataclass, field
from typing import NamedTuple

from result_intake.hl7.coding import loinc_of
from result_intake.hl7.segment import Segment


class Observation(NamedTuple):
    """An OBX.

    Attributes:
        number: 1-based, of the OBX in the message.
        segment: itself.
        loinc: code of what was observed; empty if there is none.
    """

    number: int
    segment: Segment
    loinc: str


@dataclass(slots=True)
class Order:
    """One order of one patient, with what was observed.

    Attributes:
        patient: PID, if there was one before.
        common: ORC, if there was one.
        request: OBR; None where OBX stand without one.
        observations: every OBX, those after SPM too.
        specimens: SPM.
    """

    patient: Segment | None = None
    common: Segment | None = None
    request: Segment | None = None
    observations: list[Observation] = field(default_factory=list)
    specimens: list[Segment] = field(default_factory=list)


def orders(segments: list[Segment]) -> list[Order]:
    """Group the segments of a message by order.

    Segments that a test does not need are passed over, and none has to be there: grouping goes
    by the names alone, because real messages leave out and add segments.
    """
    found: list[Order] = []
    patient: Segment | None = None
    common: Segment | None = None
    current: Order | None = None
    number = 0
    for segment in segments:
        match segment.name:
            case "PID":
                patient, common, current = segment, None, None
            case "ORC":
                common, current = segment, None
            case "OBR":
                current = Order(patient, common, segment)
                common = None
                found.append(current)
            case "OBX" | "SPM":
                if current is None:
                    current = Order(patient, common)
                    found.append(current)
                if segment.name == "SPM":
                    current.specimens.append(segment)
                else:
                    number += 1
                    current.observations.append(Observation(number, segment, loinc_of(segment)))
    return found
