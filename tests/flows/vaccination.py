"""A vaccination as whoever records it writes it and tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.certificate_signing.samples import vaccination
from vigie import aws
from vigie.events.publisher import EventPublisher
from vigie.person.identity import Contact, Identity
from vigie.sealing import FieldCipher
from vigie.vaccinations.stored_vaccination import StoredVaccination, to_item
from vigie.vaccinations.vaccination_event import vaccination_event

if TYPE_CHECKING:
    from tests.flows.wired import Wired

PERSON = Identity(family_name="Inventée", given_names=("Ida",), birth_date="1980-05-12")
CONTACT = Contact(email="ida@example.fr")


def recorded(
    wired: Wired,
    identity: Identity = PERSON,
    contact: Contact = CONTACT,
    **changes: Any,  # noqa: ANN401 - any field of a vaccination
) -> None:
    """Store a version of a vaccination, tell of it, and let it take its whole way."""
    document = vaccination(contact_tag="c1.ida", recorded_at=wired.now, **changes)
    settings = wired.intake_settings
    sealed = {
        field: FieldCipher(aws.kms(), key, field).seal(
            value.model_dump_json().encode(), record_id=document.vaccination_id, field=field
        )
        for field, key, value in (
            ("identity", settings.identity_key_arn, identity),
            ("contact", settings.contact_key_arn, contact),
        )
    }
    (table,) = (name for name in wired.deployment.tables if name.endswith("-vaccinations"))
    stored = StoredVaccination(**document.model_dump(), **sealed)
    aws.dynamodb().put_item(TableName=table, Item=to_item(stored))
    publisher = EventPublisher(aws.sns(), settings.events_topic_arn)
    publisher.publish([vaccination_event(document)])
    wired.settle()
