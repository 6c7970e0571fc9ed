"""The event that tells of a stored version of a result."""

from result_intake.versioning import Answer, Decision, Report
from vigie.events.event import (
    ResultCorrected,
    ResultEvent,
    ResultRecorded,
    ResultWithdrawn,
    event_id,
)

StoredEvent = ResultRecorded | ResultCorrected | ResultWithdrawn

_EVENTS: dict[Answer, type[StoredEvent]] = {
    Answer.ACCEPTED: ResultRecorded,
    Answer.CORRECTED: ResultCorrected,
    Answer.WITHDRAWN: ResultWithdrawn,
}


def result_event(report: Report, decision: Decision, person: str) -> StoredEvent | None:
    """The event of the version that a report stored, now or on an earlier try; else None.

    It is made of the report and the number of its version only, so that a retry tells the
    same even when a newer version is stored by then.

    Args:
        report: what arrived.
        decision: what became of it.
        person: pseudonym of the person.
    """
    model = _EVENTS.get(decision.answer)
    if model is None:
        return None
    name = model.model_fields["type"].default
    told = ResultEvent(
        id=event_id(name, report.result_id, decision.version),
        occurred_at=report.received_at,
        result_id=report.result_id,
        version=decision.version,
        person=person,
        laboratory=report.laboratory,
        disease=report.result.disease,
        method=report.result.method,
        outcome=report.result.outcome,
        sampled_at=report.result.sampled_at,
    )
    return model(**told.model_dump())
