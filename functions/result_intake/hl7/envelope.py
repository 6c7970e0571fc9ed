"""The transport fields of a message, for its acknowledgement (HL7 v2.5.1 §2.15.9, MSH)."""

from result_intake.hl7.segment import Segment
from vigie.results.hl7_notation import escaped
from vigie.results.reading import Envelope

MAX_CONTROL_ID = 199  # since v2.7; before, 20
MAX_NAME = 64  # of each component of an application or facility
_MODES = frozenset("PTD")


def envelope_of(header: Segment) -> Envelope:
    """The transport fields that a header (MSH) has, bounded and escaped."""
    mode = header.value(11).upper()
    return Envelope(
        control_id=escaped(header.value(10), at_most=MAX_CONTROL_ID),
        sender=(_name(header, 3), _name(header, 4)),
        receiver=(_name(header, 5), _name(header, 6)),
        processing_id=mode if mode in _MODES else "",
    )


def _name(header: Segment, field: int) -> str:
    """Namespace, universal id and its type (HD, §2.A.33)."""
    parts = (escaped(header.value(field, component), at_most=MAX_NAME) for component in (1, 2, 3))
    return "^".join(parts).rstrip("^")
