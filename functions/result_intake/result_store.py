"""Writing results: one conditional write for a new one, identity and contact sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from result_intake.age import age_at
from result_intake.result_event import StoredEvent, result_event
from result_intake.versioning import Decision, Report, content_hash, decide
from vigie.aws import aws_errors, error_code
from vigie.errors import Unavailable
from vigie.geography import Residence, residence_of
from vigie.orders.order_token import hashed_token
from vigie.person.linkage_tokens import Traits, linkage_tokens
from vigie.person.pseudonym import Pseudonymiser
from vigie.results.stored_result import StoredResult, from_item, to_item

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.results.test_result import TestResult
    from vigie.sealing import DerivedKey, FieldCipher

_TRIES = 5
# Who counts a result looks for it with each of them, and is never so many versions behind.
_EARLIER_PERSONS_KEPT = 16
_EARLIER_ORDERS_KEPT = 4
_DUMPED_APART = {"local_id", "identity", "contact", "commune", "postcode", "order_token"}


class PersonKeys(NamedTuple):
    """What hides a person in the results table.

    Attributes:
        identity: seals the traits.
        contact: seals the contact.
        pseudonym: derived key of pseudonyms and contact tags.
        pseudonym_version: its version, which each pseudonym carries.
        content: derived key of the content hash.
        order: derived key of the tokens of orders.
    """

    identity: FieldCipher
    contact: FieldCipher
    pseudonym: DerivedKey
    pseudonym_version: int
    content: DerivedKey
    order: DerivedKey


class Recorded(NamedTuple):
    """What became of a report.

    Attributes:
        decision: the answer and the version.
        result_id: the result that it spoke of.
        event: what to publish, also on a retry; None if nothing is.
        content_hash: keyed hash of everything that the report said.
    """

    decision: Decision
    result_id: str
    event: StoredEvent | None
    content_hash: str


class _About(NamedTuple):
    """What is kept in the open of the person that a report is about."""

    person: str
    contact_tag: str | None
    residence: Residence
    linkage: tuple[str, ...]


class ResultStore:
    """Keeps the current version of each result.

    Writes are optimistic: a new result costs one write and no read; for any other, the
    failed condition brings the current version back, and the next write is conditional on it.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the results table.
        keys: what hides a person in it.
        retention: how long a version is kept after its file reached the inbox.
    """

    def __init__(
        self, dynamodb: DynamoDBClient, table: str, keys: PersonKeys, retention: timedelta
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._keys = keys
        self._retention = retention

    def record(
        self, result: TestResult, *, laboratory: str, source: str, received_at: datetime
    ) -> Recorded:
        """Store a report if it prevails, and say what became of it.

        Args:
            result: what the laboratory says.
            laboratory: FINESS of the laboratory whose inbox it came by.
            source: where it was read, `<file id>:<ordinal>`.
            received_at: when its file reached the inbox.

        Raises:
            Unavailable: AWS did not answer, or others kept writing the same result.
        """
        hashed = content_hash(result, self._keys.content.bytes())
        report = Report(result, laboratory, source, received_at, hashed)
        about = self._about(result)
        decision = self._store(report, self._first_version(report, about))
        event = result_event(report, decision, about.person)
        return Recorded(decision, report.result_id, event, hashed)

    def _about(self, result: TestResult) -> _About:
        key = self._keys.pseudonym.bytes()
        pseudonyms = Pseudonymiser(key, self._keys.pseudonym_version)
        residence = residence_of(result.commune, result.postcode)
        traits = Traits(result.identity, result.contact, residence, result.postcode)
        return _About(
            person=pseudonyms.person(result.identity),
            contact_tag=pseudonyms.contact(result.contact),
            residence=residence,
            linkage=linkage_tokens(traits, key),
        )

    def _store(self, report: Report, first: StoredResult) -> Decision:
        current: StoredResult | None = None
        for _ in range(_TRIES):
            decision = decide(current, report)
            if not decision.writes:
                return decision
            revision = current.revision if current else 0
            update = {
                "version": decision.version,
                "revision": revision + 1,
                "answers": decision.answers,
                "earlier_persons": _earlier_persons(current, first.person),
                "earlier_orders": _earlier_orders(current, first.order),
            }
            current = self._put(first.model_copy(update=update), revision)
            if current is None:
                return decision
        raise Unavailable("results-table:contended")

    def _put(self, result: StoredResult, revision: int) -> StoredResult | None:
        """Write if the item is at `revision` (0: absent); else give the item as it is."""
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(result_id)"}
        if revision:
            condition = {
                "ConditionExpression": "revision = :revision",
                "ExpressionAttributeValues": {":revision": {"N": str(revision)}},
            }
        with aws_errors("results-table"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=to_item(result),
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **condition,
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                item: Any = error.response.get("Item")
                if item is None:
                    # It expired between two tries.
                    raise Unavailable("results-table:item-gone") from None
                return from_item(item)
        return None

    def _first_version(self, report: Report, about: _About) -> StoredResult:
        result = report.result
        return StoredResult(
            **result.model_dump(exclude=_DUMPED_APART),
            commune=about.residence.commune,
            department=about.residence.department,
            linkage=about.linkage,
            sex=result.identity.sex,
            age=age_at(result.identity.birth_date, result.sampled_at),
            result_id=report.result_id,
            version=1,
            revision=1,
            laboratory=report.laboratory,
            person=about.person,
            contact_tag=about.contact_tag,
            order=self._order(result.order_token),
            loinc=result.local_id.loinc,
            content_hash=report.content_hash,
            answers=(),
            received_at=report.received_at,
            expires_at=int((report.received_at + self._retention).timestamp()),
            identity=self._sealed_identity(report),
            contact=self._sealed_contact(report) if about.contact_tag else None,
        )

    def _order(self, token: str | None) -> str | None:
        return None if token is None else hashed_token(self._keys.order.bytes(), token)

    def _sealed_identity(self, report: Report) -> bytes:
        written = report.result.identity.model_dump_json().encode()
        return self._keys.identity.seal(written, record_id=report.result_id, field="identity")

    def _sealed_contact(self, report: Report) -> bytes:
        written = report.result.contact.model_dump_json().encode()
        return self._keys.contact.seal(written, record_id=report.result_id, field="contact")


def _earlier_persons(current: StoredResult | None, person: str) -> tuple[str, ...]:
    """Whose a result was before: who counts by person must look for it there."""
    if current is None:
        return ()
    earlier = dict.fromkeys((*current.earlier_persons, current.person))
    return tuple(each for each in earlier if each != person)[-_EARLIER_PERSONS_KEPT:]


def _earlier_orders(current: StoredResult | None, order: str | None) -> tuple[str, ...]:
    """Which orders a result answered before: what was told there does not hold any more."""
    if current is None:
        return ()
    earlier = dict.fromkeys((*current.earlier_orders, current.order))
    kept = tuple(each for each in earlier if each is not None and each != order)
    return kept[-_EARLIER_ORDERS_KEPT:]
