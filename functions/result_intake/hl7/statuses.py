"""How settled a result is: OBX-11 (HL7 table 0085) and OBR-25 (HL7 table 0123)."""

from result_intake.draft import Draft
from result_intake.hl7.message import Observation, Order
from result_intake.hl7.segment import Segment
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
    # D and W are of table 0085 only, but written of a report they can mean nothing else.
    "D": Status.WITHDRAWN,
    "F": Status.FINAL,
    "P": Status.PRELIMINARY,
    "R": Status.PRELIMINARY,
    "W": Status.WITHDRAWN,
    "X": Status.NOT_OBTAINABLE,
}
# A report that is taken back takes its results with it, whatever they still say.
_PREVAILS = (Status.WITHDRAWN, Status.NOT_OBTAINABLE)


def read_status(order: Order, observation: Observation, draft: Draft) -> None:
    """Fill in the status: OBX-11, which is about the test itself, else OBR-25.

    What either of them takes back, or says not to be obtainable, is so. Otherwise the test's own
    status counts: a report may be preliminary, or corrected, while this test of it is final.
    """
    of_test = observation.segment.value(11).upper()
    of_report = order.request.value(25).upper() if order.request else ""
    told, told_of_report = _OF_OBSERVATION.get(of_test), _OF_REPORT.get(of_report)
    by_report = bool(of_report and not of_test)
    for prevailing in _PREVAILS:
        if told is prevailing or told_of_report is prevailing:
            by_report = told is not prevailing
            break
    draft.status = told_of_report if by_report else told
    if by_report and order.request:
        draft.places["status"] = f"{order.request.place}-25"
    if draft.status is None and (of_test or of_report):
        draft.fault("status-unknown", "status")


def is_taken_back(observation: Segment) -> bool:
    """Whether an OBX says of itself that it holds nothing, or nothing any more."""
    return _OF_OBSERVATION.get(observation.value(11).upper()) in _PREVAILS
