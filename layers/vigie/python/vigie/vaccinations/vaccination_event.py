"""The event that tells of a stored version of a vaccination."""

from vigie.events.event import (
    VaccinationCorrected,
    VaccinationEvent,
    VaccinationRecorded,
    VaccinationWithdrawn,
    event_id,
)
from vigie.vaccinations.stored_vaccination import VaccinationDocument

StoredEvent = VaccinationRecorded | VaccinationCorrected | VaccinationWithdrawn


def vaccination_event(vaccination: VaccinationDocument) -> StoredEvent:
    """The event of the version that was stored: the same one whenever it is told.

    One that was withdrawn, and is recorded again, is corrected.
    """
    model = _model(vaccination)
    name = model.model_fields["type"].default
    told = VaccinationEvent(
        id=event_id(name, vaccination.vaccination_id, vaccination.version),
        occurred_at=vaccination.recorded_at,
        vaccination_id=vaccination.vaccination_id,
        version=vaccination.version,
        person=vaccination.person,
        disease=vaccination.disease,
        product=vaccination.product,
        number=vaccination.number,
        given_on=vaccination.given_on,
    )
    return model(**told.model_dump())


def _model(vaccination: VaccinationDocument) -> type[StoredEvent]:
    if vaccination.withdrawn:
        return VaccinationWithdrawn
    return VaccinationRecorded if vaccination.version == 1 else VaccinationCorrected
