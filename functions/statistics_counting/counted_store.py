"""Where tests were counted, and the counts: both change in one transaction.

The table of counted tests has the partition key `counted`, text:

- `result#<result id>`: which version of a result was counted, and in whose history.
- `history#<disease>#<person>`: what is remembered of a person's tests. A test that the history
  cannot take has one of its own, `history#<disease>#<person>#<result id>`.
- `person#<pseudonym>`: the pseudonym that it is counted as, and all that it ever was.

The counts table is described in `vigie.statistics.cell`.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from statistics_counting.history import History
from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected, Unavailable
from vigie.model import Frozen
from vigie.statistics.cell import changed_entry, changed_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

    from statistics_counting.history import Counts

SCHEMA_VERSION = 1
_BATCH = 100
# Publications read what changed since the one before.
_CHANGE_KEPT = timedelta(days=400)


class CountedResult(Frozen):
    """How a result was last counted.

    Attributes:
        version: of the result.
        history: key of the history that it was put into; empty if it did not count.
        revision: counts the writes of the item; 0 if there is none.
        expires_at: Unix seconds after which it may be deleted.
    """

    version: int = 0
    history: str = ""
    revision: int = 0
    expires_at: int = 0


class KeptHistory(Frozen):
    """A history as it is kept.

    Attributes:
        history: what is remembered.
        revision: counts the writes of the item; 0 if there is none.
        expires_at: Unix seconds after which it may be deleted.
    """

    history: History = History()
    revision: int = 0
    expires_at: int = 0


def result_key(result_id: str) -> str:
    """The key of how a result was counted."""
    return f"result#{result_id}"


def history_key(disease: str, person: str) -> str:
    """The key of a person's history."""
    return f"history#{disease}#{person}"


def disease_of(history: str) -> str:
    """The disease of a history, from its key."""
    return history.split("#", 2)[1]


class CountedStore:
    """Reads and writes both tables.

    Args:
        dynamodb: the DynamoDB client.
        counted_table: name of the table that says which test was counted where.
        counts_table: name of the table of counts.
    """

    def __init__(self, dynamodb: DynamoDBClient, counted_table: str, counts_table: str) -> None:
        self._dynamodb = dynamodb
        self._counted_table = counted_table
        self._counts_table = counts_table
        self._told: set[tuple[str, str]] = set()

    def load(self, result_id: str, histories: Iterable[str]) -> Loaded:
        """How a result was counted, and histories, read consistently.

        Args:
            result_id: the result.
            histories: their keys.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        of_result = result_key(result_id)
        keys = dict.fromkeys((of_result, *histories))
        items = {item["counted"]["S"]: item for item in self._items(keys)}
        return Loaded(
            result=_read_result(items.get(of_result)),
            histories={key: _read_history(items.get(key)) for key in keys if key != of_result},
        )

    def lead_of(self, person: str) -> str:
        """The pseudonym that a pseudonym is counted as: itself unless it was linked.

        Raises:
            Unavailable: the table did not answer.
        """
        item = self._person(person)
        return str(item["lead"]["S"]) if item else person

    def leads_of(self, person: str) -> set[str]:
        """All pseudonyms that a pseudonym was ever counted as.

        Raises:
            Unavailable: the table did not answer.
        """
        item = self._person(person)
        return {person, *item["leads"]["SS"]} if item else {person}

    def note_lead(self, person: str, lead: str, version: int, expires_at: int) -> None:
        """Note what a pseudonym is counted as, unless something newer is noted.

        Args:
            person: the pseudonym.
            lead: that it is counted as.
            version: of who is one person, as the event has it.
            expires_at: Unix seconds after which it may be forgotten.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("counted-table"):
            try:
                self._dynamodb.update_item(
                    TableName=self._counted_table,
                    Key={"counted": {"S": f"person#{person}"}},
                    UpdateExpression=(
                        "SET #lead = :lead, #version = :version, #schema = :schema, "
                        "expires_at = :expires_at ADD leads :leads"
                    ),
                    ConditionExpression="attribute_not_exists(#version) OR #version < :version",
                    ExpressionAttributeNames={
                        "#lead": "lead",
                        "#version": "version",
                        "#schema": "schema",
                    },
                    ExpressionAttributeValues={
                        ":lead": {"S": lead},
                        ":leads": {"SS": [lead]},
                        ":version": {"N": str(version)},
                        ":schema": {"N": str(SCHEMA_VERSION)},
                        ":expires_at": {"N": str(expires_at)},
                    },
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise

    def histories(self, keys: Iterable[str]) -> Iterator[History]:
        """Histories, read consistently; those that there are.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        remaining = iter(keys)
        while batch := list(islice(remaining, _BATCH)):
            yield from (_read_history(item).history for item in self._items(batch))

    def _person(self, person: str) -> dict[str, Any] | None:
        with aws_errors("counted-table"):
            answer = self._dynamodb.get_item(
                TableName=self._counted_table,
                Key={"counted": {"S": f"person#{person}"}},
                ConsistentRead=True,
            )
        item: dict[str, Any] | None = answer.get("Item")
        if item:
            _refuse_newer(item)
        return item

    def _items(self, keys: Iterable[str]) -> list[dict[str, Any]]:
        with aws_errors("counted-table"):
            answer = self._dynamodb.batch_get_item(
                RequestItems={
                    self._counted_table: {
                        "Keys": [{"counted": {"S": key}} for key in keys],
                        "ConsistentRead": True,
                    }
                }
            )
        if answer.get("UnprocessedKeys"):
            raise Unavailable("counted-table:unprocessed")
        items: list[dict[str, Any]] = answer["Responses"][self._counted_table]
        return items

    def tell_changed(self, counts: Counts, now: datetime) -> None:
        """Note which days counts are about to change; once an hour is enough.

        Raises:
            Unavailable: the table did not answer.
        """
        for disease, day in sorted({(count.cell.disease, count.cell.day) for count in counts}):
            told = (changed_list(disease), changed_entry(now, day))
            if told in self._told:
                continue
            with aws_errors("counts-table"):
                self._dynamodb.put_item(
                    TableName=self._counts_table,
                    Item={
                        "list": {"S": told[0]},
                        "entry": {"S": told[1]},
                        "expires_at": {"N": str(int((now + _CHANGE_KEPT).timestamp()))},
                        **_schema(),
                    },
                )
            self._told.add(told)

    def change(
        self,
        result_id: str,
        result: CountedResult,
        histories: Mapping[str, KeptHistory],
        counts: Counts,
    ) -> bool:
        """Write how a result is counted, the histories that changed, and the counts; or nothing.

        Args:
            result_id: the result.
            result: how it is counted, with the revision that was read.
            histories: by key, each with the revision that was read.
            counts: what to add to counters.

        Returns:
            Whether it was written: not if something was written meanwhile since it was read.

        Raises:
            Unavailable: the tables did not answer.
        """
        writes = [self._put(result_key(result_id), _result_item(result), result.revision)]
        writes += [self._keep(key, kept) for key, kept in histories.items()]
        with aws_errors("counts-table"):
            try:
                self._dynamodb.transact_write_items(
                    TransactItems=[*writes, *self._additions(counts)]
                )
            except ClientError as error:
                if error_code(error) != "TransactionCanceledException" or not _contended(error):
                    raise
                return False
        return True

    def _keep(self, key: str, kept: KeptHistory) -> TransactWriteItemTypeDef:
        """Write a history; one without anything in it is no item."""
        if kept.history != History():
            return self._put(key, _history_item(kept), kept.revision)
        return {"Delete": self._conditional(kept.revision, Key={"counted": {"S": key}})}

    def _put(
        self, key: str, item: dict[str, AttributeValueTypeDef], revision: int
    ) -> TransactWriteItemTypeDef:
        written = {
            "counted": {"S": key},
            "revision": {"N": str(revision + 1)},
            **_schema(),
            **item,
        }
        return {"Put": self._conditional(revision, Item=written)}

    def _conditional(self, revision: int, **what: object) -> Any:  # noqa: ANN401 - a put or a delete
        """What is done to an item of the table if it is at a revision (0: absent)."""
        done = {"TableName": self._counted_table, **what}
        if not revision:
            return {**done, "ConditionExpression": "attribute_not_exists(counted)"}
        return {
            **done,
            "ConditionExpression": "#revision = :revision",
            "ExpressionAttributeNames": {"#revision": "revision"},
            "ExpressionAttributeValues": {":revision": {"N": str(revision)}},
        }

    def _additions(self, counts: Counts) -> list[TransactWriteItemTypeDef]:
        by_cell: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        for count, number in sorted(counts.items()):
            by_cell[count.cell.list, count.cell.entry].append((count.name, number))
        return [
            {
                "Update": {
                    "TableName": self._counts_table,
                    "Key": {"list": {"S": listed}, "entry": {"S": entry}},
                    "UpdateExpression": "SET #schema = :schema ADD "
                    + ", ".join(f"#{place} :{place}" for place in range(len(added))),
                    "ExpressionAttributeNames": {
                        "#schema": "schema",
                        **{f"#{place}": name for place, (name, _) in enumerate(added)},
                    },
                    "ExpressionAttributeValues": {
                        ":schema": {"N": str(SCHEMA_VERSION)},
                        **{f":{place}": {"N": str(by)} for place, (_, by) in enumerate(added)},
                    },
                }
            }
            for (listed, entry), added in by_cell.items()
        ]


class Loaded(Frozen):
    """What was read before a change.

    Attributes:
        result: how the result was counted.
        histories: by key.
    """

    result: CountedResult
    histories: dict[str, KeptHistory]

    def kept(self, key: str) -> KeptHistory:
        """A history; an empty one if there is none."""
        return self.histories.get(key, KeptHistory())


def _schema() -> dict[str, AttributeValueTypeDef]:
    return {"schema": {"N": str(SCHEMA_VERSION)}}


def _result_item(result: CountedResult) -> dict[str, AttributeValueTypeDef]:
    return {
        "version": {"N": str(result.version)},
        "history": {"S": result.history},
        "expires_at": {"N": str(result.expires_at)},
    }


def _history_item(kept: KeptHistory) -> dict[str, AttributeValueTypeDef]:
    return {
        "document": {"S": kept.history.model_dump_json(exclude_defaults=True)},
        "expires_at": {"N": str(kept.expires_at)},
    }


def _read_result(item: dict[str, Any] | None) -> CountedResult:
    if item is None:
        return CountedResult()
    _refuse_newer(item)
    return CountedResult(
        version=int(item["version"]["N"]),
        history=item["history"]["S"],
        revision=int(item["revision"]["N"]),
        expires_at=int(item["expires_at"]["N"]),
    )


def _read_history(item: dict[str, Any] | None) -> KeptHistory:
    if item is None:
        return KeptHistory()
    _refuse_newer(item)
    return KeptHistory(
        history=History.model_validate_json(item["document"]["S"]),
        revision=int(item["revision"]["N"]),
        expires_at=int(item["expires_at"]["N"]),
    )


def _refuse_newer(item: dict[str, Any]) -> None:
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("counted-schema-unknown", "the item has a newer schema version")


def _contended(error: ClientError) -> bool:
    """Whether a transaction was cancelled because others write the same items."""
    reasons: Any = error.response.get("CancellationReasons", [])
    codes = {reason.get("Code") for reason in reasons} - {"None", None}
    return bool(codes) and codes <= {"ConditionalCheckFailed", "TransactionConflict"}
