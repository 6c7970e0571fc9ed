"""A vaccination as it is kept: the current version, with identity and contact sealed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.results.codes import Language

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 1
_PREFIX = "V-"
Count = Annotated[int, Field(ge=1, le=99)]
# Such as `V-mfrggzdfmztwq2lknnwg23tpoa`.
VaccinationId = Annotated[str, Field(pattern=r"^V-[A-Za-z0-9-]{1,64}$")]


class VaccinationStatus(StrEnum):
    """Whether a record of a vaccination holds."""

    RECORDED = "recorded"
    WITHDRAWN = "withdrawn"


class VaccinationDocument(Frozen):
    """The current version of a record of one dose, without what is sealed.

    Attributes:
        vaccination_id: begins with `V-`, which the id of no test result does.
        version: 1 for what was first stored; each other content adds one.
        revision: counts every write of the item, for conditional writes.
        person: pseudonym.
        contact_tag: tag of the contact, equal for equal contacts; None without a contact.
        status: whether it holds.
        disease: key of the disease catalogue.
        product: EU code of the medicinal product, such as `EU/1/20/1528` (`mp`).
        number: which of the person's doses against the disease it is, of whatever product.
        given_on: the day, where the dose was given.
        country: ISO 3166-1 alpha-2, where it was given.
        course: doses of the person's primary course, if the record says it, as for a person
            whose immune system is weak; None where it follows from the two fields below.
        first_product: EU code of the product of the first dose, if it was another.
        recovered_before: whether an infection before the first dose makes one dose a course.
        lot: of the product, as the maker writes it; None where it is not known.
        language: of the person's choice.
        recorded_at: when this version was recorded, aware.
        expires_at: Unix seconds after which the item may be deleted.
    """

    vaccination_id: VaccinationId
    version: int = Field(ge=1)
    revision: int
    person: str
    contact_tag: str | None
    status: VaccinationStatus
    disease: str
    product: str = Field(min_length=1, max_length=80)
    number: Count
    given_on: date
    country: str = Field(pattern=r"^[A-Z]{2}$")
    course: Count | None = None
    first_product: str | None = Field(default=None, min_length=1, max_length=80)
    recovered_before: bool = False
    lot: str | None = Field(default=None, min_length=1, max_length=40)
    language: Language | None
    recorded_at: datetime
    expires_at: int

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken back as wrong."""
        return self.status is VaccinationStatus.WITHDRAWN


class StoredVaccination(VaccinationDocument):
    """The current version of a vaccination as it is kept.

    Attributes:
        identity: sealed JSON of `vigie.person.identity.Identity` (field `identity`, record id
            `vaccination_id`).
        contact: sealed JSON of `vigie.person.identity.Contact` (field `contact`), or None.
    """

    identity: bytes
    contact: bytes | None


def is_vaccination(record_id: str) -> bool:
    """Whether the id of a record is that of a vaccination, and not of a test result."""
    return record_id.startswith(_PREFIX)


def to_item(vaccination: StoredVaccination) -> dict[str, AttributeValueTypeDef]:
    """The DynamoDB item of a vaccination.

    Key: `vaccination_id`. Index `by-person`, of keys only: `person`, `given_on`. `document` is
    JSON of all that is neither indexed nor sealed.
    """
    document = vaccination.model_dump_json(exclude={"identity", "contact"})
    item: dict[str, AttributeValueTypeDef] = {
        "vaccination_id": {"S": vaccination.vaccination_id},
        "person": {"S": vaccination.person},
        "given_on": {"S": vaccination.given_on.isoformat()},
        "revision": {"N": str(vaccination.revision)},
        "schema": {"N": str(SCHEMA_VERSION)},
        "expires_at": {"N": str(vaccination.expires_at)},
        "document": {"S": document},
        "identity": {"B": vaccination.identity},
    }
    if vaccination.contact is not None:
        item["contact"] = {"B": vaccination.contact}
    return item


def from_item(item: dict[str, Any]) -> StoredVaccination:
    """Read the item of a vaccination, of this schema version or an older one.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("vaccination-schema-unknown", "the item has a newer schema version")
    document = VaccinationDocument.model_validate_json(item["document"]["S"])
    contact = item.get("contact")
    return StoredVaccination(
        **document.model_dump(),
        identity=bytes(item["identity"]["B"]),
        contact=bytes(contact["B"]) if contact else None,
    )
