"""The messages of signing: events about sources, and certificates that are due."""

from collections.abc import Sequence

from pydantic import Field, ValidationError

from vigie.certificates.certificate_due import RenewalDue
from vigie.certificates.reissue_due import ReissueDue, apart
from vigie.errors import Rejected
from vigie.events.bundle import unbundled
from vigie.model import Frozen
from vigie.vaccinations.stored_vaccination import VaccinationId

_OF_RESULTS = frozenset({"ResultRecorded", "ResultCorrected", "ResultWithdrawn", "RecoveryDue"})
_OF_VACCINATIONS = frozenset(
    {"VaccinationRecorded", "VaccinationCorrected", "VaccinationWithdrawn"}
)


class Subject(Frozen):
    """What a message is about.

    Attributes:
        source_id: of the result or the vaccination.
        version: one that it had when it was sent; 0 where the message names none.
        reissue: what certificates are to be signed anew; None where the message says nothing of it.
        renewal: whether one that expires before its use ends is to be signed anew.
    """

    source_id: str = Field(min_length=1, max_length=128)
    version: int = 0
    reissue: ReissueDue | None = None
    renewal: bool = False


class _Typed(Frozen):
    type: str


class _OfResult(Frozen):
    result_id: str
    version: int = 0


class _OfVaccination(Frozen):
    vaccination_id: VaccinationId
    version: int


def subjects(message: str) -> Sequence[str]:
    """The body of each subject of a message: of each event, and of each record to reissue."""
    return [body for event in unbundled(message) for body in apart(event)]


def subject_of(body: str) -> Subject:
    """The source that the body of a subject is about.

    All types ask for the same thing, that the certificates of a source be made right, and the
    current version of the source is loaded. A `ReissueDue`, of one record, and a `RenewalDue`
    ask for new ones besides.

    Raises:
        Rejected: `message-malformed`, or `event-unknown` for another type.
    """
    try:
        type_ = _Typed.model_validate_json(body).type
        if type_ == "ReissueDue":
            reissue = ReissueDue.model_validate_json(body)
            return Subject(source_id=reissue.records[0], reissue=reissue)
        if type_ == "RenewalDue":
            renewal = RenewalDue.model_validate_json(body)
            return Subject(source_id=renewal.source_id, renewal=True)
        if type_ in _OF_RESULTS:
            result = _OfResult.model_validate_json(body)
            return Subject(source_id=result.result_id, version=result.version)
        if type_ in _OF_VACCINATIONS:
            dose = _OfVaccination.model_validate_json(body)
            return Subject(source_id=dose.vaccination_id, version=dose.version)
    except ValidationError:
        raise Rejected("message-malformed", "not a message of the signing queue") from None
    raise Rejected("event-unknown", "the queue is not for this type of event")
