"""The standings: who each pseudonym is taken to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.person.standing import from_item, key_of, to_item

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.person.standing import Standing


class Held(NamedTuple):
    """Standings as they were read.

    Attributes:
        standings: by pseudonym, of those that have one.
        revisions: of their items, which a later write asks for.
    """

    standings: dict[str, Standing]
    revisions: dict[str, int]


class StandingStore:
    """Reads and writes standings in the persons table, several at once or none.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the persons table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def of(self, persons: Iterable[str]) -> Held:
        """The standings of pseudonyms that have one, read consistently.

        Raises:
            Unavailable: the table did not answer.
        """
        held = Held({}, {})
        with aws_errors("persons-table"):
            for person in sorted(persons):
                answer = self._dynamodb.get_item(
                    TableName=self._table, Key=key_of(person), ConsistentRead=True
                )
                if item := answer.get("Item"):
                    held.standings[person], held.revisions[person] = from_item(item)
        return held

    def change(self, standings: Iterable[Standing], before: Held) -> bool:
        """Write standings, all or none; False if one changed since it was read.

        Args:
            standings: as they are to be.
            before: as they were read.

        Raises:
            Unavailable: the table did not answer.
        """
        writes = [
            self._put(standing, before.revisions.get(standing.person, 0)) for standing in standings
        ]
        with aws_errors("persons-table"):
            try:
                self._dynamodb.transact_write_items(TransactItems=writes)
            except ClientError as error:
                if error_code(error) != "TransactionCanceledException":
                    raise
                return False
        return True

    def note_told(self, standings: Iterable[Standing]) -> None:
        """Note of standings that their versions were told of, unless they changed since.

        Raises:
            Unavailable: the table did not answer.
        """
        for standing in standings:
            held = self.of([standing.person])
            current = held.standings.get(standing.person)
            if current is None or current.version != standing.version:
                continue
            write = self._put(
                current.model_copy(update={"told": standing.version}),
                held.revisions[standing.person],
            )["Put"]
            with aws_errors("persons-table"):
                try:
                    self._dynamodb.put_item(**write)
                except ClientError as error:
                    # Who changed it tells, or has told, of it as well.
                    if error_code(error) != "ConditionalCheckFailedException":
                        raise

    def _put(self, standing: Standing, revision: int) -> Any:  # noqa: ANN401 - one write of a transaction
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(place)"}
        if revision:
            condition = {
                "ConditionExpression": "revision = :revision",
                "ExpressionAttributeValues": {":revision": {"N": str(revision)}},
            }
        item = to_item(standing, revision + 1)
        return {"Put": {"TableName": self._table, "Item": item, **condition}}
