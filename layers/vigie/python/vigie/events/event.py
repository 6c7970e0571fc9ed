"""The events of the events topic, one model for each type.

An event says what happened and to which record and version of it; it carries no
identity and no contact. A consumer loads the current version of the record, so the
order in which events arrive does not matter. Fields are only ever added, and an added
field has a default; a field is never given a new meaning.
"""

import json
import uuid
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from vigie.certificates.kind import CertificateKind
from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.results.codes import Method, Outcome

_NAMESPACE = uuid.UUID("5b1a8b8e-6a0e-5c1e-9d0c-3f6a2f1f7c55")


def event_id(event_type: str, record_id: str, version: int) -> str:
    """The id of an event: the same for the same happening, however often it is told."""
    return str(uuid.uuid5(_NAMESPACE, f"{event_type}\x1f{record_id}\x1f{version}"))


class Event(Frozen):
    """What every event carries.

    Attributes:
        id: deterministic; see `event_id`.
        schema_version: of this event's model.
        occurred_at: aware time of the happening, from the record, not of the telling.
    """

    id: str
    schema_version: int = 1
    occurred_at: datetime


class ResultEvent(Event):
    """Something happened to a test result.

    Attributes:
        result_id: the result.
        version: the version of the result that it speaks of, from 1.
        person: pseudonym of the person.
        laboratory: FINESS of the laboratory.
        disease: key of the disease catalogue.
        method: how the agent was looked for.
        outcome: what the test says.
        sampled_at: when the specimen was taken.
    """

    result_id: str
    version: int
    person: str
    laboratory: str
    disease: str
    method: Method
    outcome: Outcome
    sampled_at: datetime

    @property
    def source_id(self) -> str:
        """The id of the record that it speaks of."""
        return self.result_id


class ResultRecorded(ResultEvent):
    """A result was stored for the first time."""

    type: Literal["ResultRecorded"] = "ResultRecorded"


class ResultCorrected(ResultEvent):
    """A stored result was replaced by other content."""

    type: Literal["ResultCorrected"] = "ResultCorrected"


class ResultWithdrawn(ResultEvent):
    """A stored result was withdrawn as wrong, deleted or entered in error."""

    type: Literal["ResultWithdrawn"] = "ResultWithdrawn"


class VaccinationEvent(Event):
    """Something happened to the record of a vaccination: of one dose of one person.

    Attributes:
        vaccination_id: the record; it begins with `V-`, which the id of no result does.
        version: the version of the record that it speaks of, from 1.
        person: pseudonym of the person.
        disease: key of the disease catalogue.
        product: EU code of the medicinal product.
        number: which of the person's doses against the disease it is.
        given_on: the day on which it was given.
    """

    vaccination_id: str
    version: int
    person: str
    disease: str
    product: str
    number: int
    given_on: date

    @property
    def source_id(self) -> str:
        """The id of the record that it speaks of."""
        return self.vaccination_id


class VaccinationRecorded(VaccinationEvent):
    """A vaccination was stored for the first time."""

    type: Literal["VaccinationRecorded"] = "VaccinationRecorded"


class VaccinationCorrected(VaccinationEvent):
    """A stored vaccination was replaced by other content."""

    type: Literal["VaccinationCorrected"] = "VaccinationCorrected"


class VaccinationWithdrawn(VaccinationEvent):
    """A stored vaccination was withdrawn as wrong."""

    type: Literal["VaccinationWithdrawn"] = "VaccinationWithdrawn"


class CertificateEvent(Event):
    """Something happened to a certificate.

    Attributes:
        result_id: id of what it was made from: a result or, beginning with `V-`, a vaccination.
        certificate: its name among those of its source, `<kind>#<version of the source>`, and
            `#<generation>` after it where it was signed anew.
        version: the version of the source that it was made from.
        person: pseudonym of the person.
        kind: test, recovery or vaccination.
        disease: key of the disease catalogue.
    """

    result_id: str
    certificate: str
    version: int
    person: str
    kind: CertificateKind
    disease: str

    @property
    def source_id(self) -> str:
        """The id of the record that the certificate was made from."""
        return self.result_id


class CertificateIssued(CertificateEvent):
    """A certificate was signed and stored.

    It may come after its revocation, and one that was soon revoked may never be told of: see
    `CertificateRevoked`.

    Attributes:
        generation: how often it was signed anew since it was first made from that version.
        replaces: name of the one that it carries on from; None if there was none.
        untold: whether nobody is to be sent a message of it, as of one among millions.
    """

    type: Literal["CertificateIssued"] = "CertificateIssued"
    generation: int = 0
    replaces: str | None = None
    untold: bool = False


class CertificateExpiring(CertificateEvent):
    """A certificate expires soon, before its use ends: the next generation carries on from it.

    It holds until then: nothing that it says is wrong.

    Attributes:
        expires_at: aware; 28 days after the event, or as many as are configured.
    """

    type: Literal["CertificateExpiring"] = "CertificateExpiring"
    expires_at: datetime


class CertificateRevoked(CertificateEvent):
    """A certificate no longer holds: the last that is said of it.

    It stands alone where the function died between storing the certificate and telling of it,
    and the result was corrected before the retry. So a consumer that keeps certificates takes
    the first event of one, of either type, for its beginning, and lets no `CertificateIssued`
    bring back one that it knows to be revoked.
    """

    type: Literal["CertificateRevoked"] = "CertificateRevoked"


class PersonsEvent(Event):
    """Who is taken for one person changed; it serves statistics and follow-up, and nothing else.

    What a person is shown, and who gets a message, goes by the pseudonym of the result alone.

    Attributes:
        persons: pseudonyms, in order.
        version: grows for each of them with every change; of two events that name a pseudonym,
            the one with the greater version holds.
    """

    persons: tuple[str, ...]
    version: int


class PersonsLinked(PersonsEvent):
    """These pseudonyms, and no others, stand for one person."""

    type: Literal["PersonsLinked"] = "PersonsLinked"


class PersonsUnlinked(PersonsEvent):
    """This pseudonym, which was linked with others, stands for a person of its own."""

    type: Literal["PersonsUnlinked"] = "PersonsUnlinked"


AnyEvent = Annotated[
    ResultRecorded
    | ResultCorrected
    | ResultWithdrawn
    | VaccinationRecorded
    | VaccinationCorrected
    | VaccinationWithdrawn
    | CertificateIssued
    | CertificateExpiring
    | CertificateRevoked,
    Field(discriminator="type"),
]
AnyPersonsEvent = Annotated[PersonsLinked | PersonsUnlinked, Field(discriminator="type")]
_ANY_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(
    AnyEvent, config=ConfigDict(hide_input_in_errors=True)
)
_ANY_PERSONS_EVENT: TypeAdapter[AnyPersonsEvent] = TypeAdapter(
    AnyPersonsEvent, config=ConfigDict(hide_input_in_errors=True)
)


def parse_event(text: str | bytes) -> AnyEvent:
    """Read an event of a result, vaccination or certificate from its JSON.

    Raises:
        Rejected: it is none, or of a type that this version does not know.
    """
    try:
        return _ANY_EVENT.validate_json(text)
    except ValidationError:
        raise Rejected("event-unreadable", "not an event of a known type and schema") from None


def parse_persons_event(text: str | bytes) -> AnyPersonsEvent:
    """Read an event about who is one person from its JSON.

    Raises:
        Rejected: it is none.
    """
    try:
        return _ANY_PERSONS_EVENT.validate_json(text)
    except ValidationError:
        raise Rejected("event-unreadable", "not an event of a known type and schema") from None


def write_event(event: AnyEvent | AnyPersonsEvent) -> str:
    """Write an event as JSON."""
    return json.dumps(event.model_dump(mode="json"), separators=(",", ":"), ensure_ascii=False)
