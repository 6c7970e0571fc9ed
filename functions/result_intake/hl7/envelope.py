"""The transport fields of a message, for its acknowledgement (HL7 v2.5.1 §2.15.9, MSH)."""

from functools import lru_cache

from result_intake.hl7.delimiters import Delimiters
from result_intake.hl7.segment import Segment
from vigie.results.hl7_notation import escaped
from vigie.results.reading import Envelope

MAX_CONTROL_ID = 199  # since v2.7; before, 20
MAX_NAME = 64  # of each component of an application or facility
_MOST_READ = 1_024  # characters of a field
_MODES = frozenset("PTD")


def envelope_of(header: Segment) -> Envelope:
    """The transport fields that a header (MSH) has, bounded and escaped."""
    mode = header.value(11).upper()
    signs = header.delimiters
    names = [_name(raw[:_MOST_READ], signs) for raw in map(header.raw, (3, 4, 5, 6))]
    return Envelope(
        control_id=escaped(header.value(10), at_most=MAX_CONTROL_ID),
        sender=(names[0], names[1]),
        receiver=(names[2], names[3]),
        processing_id=mode if mode in _MODES else "",
    )


@lru_cache(maxsize=256)
def _name(raw: str, signs: Delimiters) -> str:
    """Namespace, universal id and its type (HD, §2.A.33); of systems, so that they are kept."""
    field = Segment(f"MSH{signs.field * 2}{raw}", signs)
    parts = (escaped(field.value(3, component), at_most=MAX_NAME) for component in (1, 2, 3))
    return "^".join(parts).rstrip("^")
