"""How settled a result is: OBX-11 (HL7 table 0085) and OBR-25 (HL7 table 0123)."""

from result_intake.draft import Draft
from result_intake.hl7.message import Observation, Order
from vigie.results.codes import Status

# O (order detail), N (not asked) and I (in the laboratory) are no results: they are refused.
_OF_OBSERVATION = {
    "A": Status.AMENDED,
    "B": Status.AMENDED,
    "C": Status.CORRECTED,
    "D": Status.WITHDRAWN,
    "F": Status.FINAL,
    "P": Status.PRELIMINARY,
    "R": Status.PRELIMINARY,
    "S": Status.PRELIMINARY,
    "U": Status.FINAL,
    "V": Status.FINAL,
    "W": Status.WITHDRAWN,
    "X": Status.NOT_OBTAINABLE,
}
_OF_REPORT = {
    "A": Status.PRELIMINARY,
    "C": Status.CORRECTED,
    "F": Status.FINAL,
    "P": Status.PRELIMINARY,
    "R": Status.PRELIMINARY,
    "X": Status.NOT_OBTAINABLE,
}


def read_status(order: Order, observation: Observation, draft: Draft) -> None:
    """Fill in the status: OBX-11, which is about the test itself, else OBR-25."""
    draft.places["status"] = f"OBX[{observation.number}]-11"
    known = _OF_OBSERVATION
    written = observation.segment.value(11)
    if not written and order.request:
        known, written = _OF_REPORT, order.request.value(25)
        if written:
            draft.places["status"] = "OBR-25"
    if written:
        draft.status = known.get(written.upper())
        if draft.status is None:
            draft.fault("status-unknown", "status")
