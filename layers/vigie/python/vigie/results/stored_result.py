"""A test result as it is kept: the current version, with identity and contact sealed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from vigie.errors import Rejected
from vigie.geography import residence_of
from vigie.model import Frozen
from vigie.results.codes import Language, Method, Outcome, Sex, Status
from vigie.results.test_result import VariantScreening

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 1


class ResultDocument(Frozen):
    """The current version of a result, without what is sealed.

    Attributes:
        result_id: `<FINESS>-<26 characters of base32>`, from the laboratory and its own id.
        version: 1 for what was first stored; each other content adds one.
        revision: counts every write of the item, for conditional writes.
        laboratory: FINESS.
        person: pseudonym.
        contact_tag: tag of the contact, equal for equal contacts; None without a contact.
        status: as `vigie.results.codes.Status`.
        reported_day_only: whether `reported_at` is midday because its time is not known.
        commune: INSEE code of where the person lives, told by the laboratory or by a postcode
            that has one commune only.
        department: of where the person lives, by its code, such as `2A` or `974`.
        earlier_persons: pseudonyms of earlier versions that are not this one's, the latest last.
        linkage: tokens of `vigie.person.linkage_tokens`, by which statistics and follow-up find
            that two pseudonyms are one person's.
        sex: administrative sex; None in what was stored before it was kept.
        age: in completed years at sampling, by the calendar of France; None as for `sex`.
        order: keyed hash of the token of the order that the test answers; see `vigie.orders`.
        earlier_orders: those of earlier versions that are not this one's, the latest last.
        content_hash: HMAC-SHA256, hexadecimal, of everything that the laboratory said.
        answers: for the last sources that stored a version, `<answer> <version> <hash>`.
        received_at: when the file of this version reached the inbox.
        expires_at: Unix seconds after which the item may be deleted.
    """

    result_id: str
    version: int
    revision: int
    laboratory: str
    person: str
    contact_tag: str | None
    status: Status
    outcome: Outcome
    disease: str
    method: Method
    loinc: str
    device: str | None
    sampled_at: datetime
    reported_at: datetime
    reported_day_only: bool = False
    language: Language | None
    cycle_threshold: float | None
    variant: VariantScreening | None
    lineage: str | None = None
    prescriber: str | None
    commune: str | None
    department: str | None = None
    sex: Sex | None = None
    age: int | None = None
    testing_centre: str | None
    earlier_persons: tuple[str, ...] = ()
    linkage: tuple[str, ...] = ()
    order: str | None = None
    earlier_orders: tuple[str, ...] = ()
    content_hash: str
    answers: tuple[tuple[str, str], ...]
    received_at: datetime
    expires_at: int

    @property
    def withdrawn(self) -> bool:
        """Whether the laboratory took it back."""
        return self.status is Status.WITHDRAWN


class StoredResult(ResultDocument):
    """The current version of a result as it is kept.

    Attributes:
        identity: sealed JSON of `vigie.person.identity.Identity` (field `identity`).
        contact: sealed JSON of `vigie.person.identity.Contact` (field `contact`), or None.
    """

    identity: bytes
    contact: bytes | None


def to_item(result: StoredResult) -> dict[str, AttributeValueTypeDef]:
    """The DynamoDB item of a result.

    Key: `result_id`. Index `by-person`, of keys only: `person`, `sampled_at`. `document` is
    JSON of all that is neither indexed nor sealed.
    """
    document = result.model_dump_json(exclude={"identity", "contact"})
    item: dict[str, AttributeValueTypeDef] = {
        "result_id": {"S": result.result_id},
        "person": {"S": result.person},
        "sampled_at": {"S": result.sampled_at.isoformat()},
        "revision": {"N": str(result.revision)},
        "schema": {"N": str(SCHEMA_VERSION)},
        "expires_at": {"N": str(result.expires_at)},
        "document": {"S": document},
        "identity": {"B": result.identity},
    }
    if result.contact is not None:
        item["contact"] = {"B": result.contact}
    return item


def _with_department(document: ResultDocument) -> ResultDocument:
    """Fill in what items did not have that were written before the field was there."""
    if document.department or not document.commune:
        return document
    department = residence_of(document.commune, None).department
    return document.model_copy(update={"department": department})


def from_item(item: dict[str, Any]) -> StoredResult:
    """Read the item of a result, of this schema version or an older one.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("result-schema-unknown", "the item has a newer schema version")
    without_sealed = _with_department(ResultDocument.model_validate_json(item["document"]["S"]))
    contact = item.get("contact")
    return StoredResult(
        **without_sealed.model_dump(),
        identity=bytes(item["identity"]["B"]),
        contact=bytes(contact["B"]) if contact else None,
    )
