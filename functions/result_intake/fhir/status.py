"""How settled a result is, from the Observation and the DiagnosticReport that lists it.

Codes: FHIR R4 observation-status and diagnostic-report-status, told as the HL7 v2 statuses that
the v2-to-FHIR mapping pairs them with (tables 0085 and 0123).
"""

from result_intake.draft import Draft
from result_intake.fhir.resource import Resource, text
from vigie.results.codes import Status

_STATUS = {
    "partial": Status.PRELIMINARY,
    "preliminary": Status.PRELIMINARY,
    "final": Status.FINAL,
    "amended": Status.AMENDED,
    "appended": Status.AMENDED,
    "corrected": Status.CORRECTED,
    "cancelled": Status.NOT_OBTAINABLE,
    "entered-in-error": Status.WITHDRAWN,
}
# A report that is taken back takes its results with it, whatever they still say.
_PREVAILS = ("entered-in-error", "cancelled")


def read_status(observation: Resource, report: Resource | None, draft: Draft) -> None:
    """Fill in a draft's status: the Observation's, else the report's."""
    source = _source(observation, report)
    draft.places["status"] = f"{source.place}.status"
    code = text(source.body, "status")
    if not code:
        return
    draft.status = _STATUS.get(code)
    if draft.status is None:
        draft.fault("status-without-result" if code == "registered" else "status-unknown", "status")


def is_taken_back(observation: Resource) -> bool:
    """Whether an Observation says of itself that it holds nothing, or nothing any more."""
    return text(observation.body, "status") in _PREVAILS


def _source(observation: Resource, report: Resource | None) -> Resource:
    if report is None:
        return observation
    for code in _PREVAILS:
        for one in (observation, report):
            if text(one.body, "status") == code:
                return one
    return observation if text(observation.body, "status") else report
