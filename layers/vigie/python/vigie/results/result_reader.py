"""Reading stored results, for the functions that do not write them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from vigie.aws import aws_errors
from vigie.errors import Unavailable
from vigie.results.stored_result import StoredResult, from_item

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_dynamodb.client import DynamoDBClient

BY_PERSON = "by-person"
# Amazon DynamoDB, BatchGetItem.
_BATCH = 100
# How often the table is asked for what it left unanswered.
_ROUNDS = 8


class ResultReader:
    """Reads the results table.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the results table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def get(self, result_id: str) -> StoredResult | None:
        """The current version of a result, read consistently; None if there is none.

        Raises:
            Unavailable: the table did not answer.
        """
        return self._read(result_id, consistently=True)

    def at_least(self, result_id: str, version: int) -> StoredResult | None:
        """A version of a result that is no older than one that is known to exist.

        It is read at half the price of a consistent read, and consistently where that finds
        nothing or an older version. It is for whoever is told of a newer version again, or asks
        for the current one before what was done is final.

        Raises:
            Unavailable: the table did not answer.
        """
        found = self._read(result_id, consistently=False)
        return self.get(result_id) if found is None or found.version < version else found

    def _read(self, result_id: str, *, consistently: bool) -> StoredResult | None:
        with aws_errors("results-table"):
            answer = self._dynamodb.get_item(
                TableName=self._table,
                Key={"result_id": {"S": result_id}},
                ConsistentRead=consistently,
            )
        item = answer.get("Item")
        return from_item(item) if item else None

    def told(self, versions: Mapping[str, int]) -> dict[str, StoredResult]:
        """Results of which events tell, each at the version of its event or a later one.

        Most are read at half the price, without being sure to see what was just written; only
        what is older than its event is read again. A consumer that is told of every version, and
        lets no older one overrule a newer one, needs no more.

        Args:
            versions: by the id of the result; 0 asks for the current version for sure.

        Returns:
            Those that there are.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        known = [result_id for result_id, version in versions.items() if version]
        found = {
            result_id: result
            for result_id, result in self._of_ids(known, consistent=False).items()
            if result.version >= versions[result_id]
        }
        rest = [result_id for result_id in versions if result_id not in found]
        return found | self._of_ids(rest)

    def of_person(self, person: str, *, limit: int = 50) -> list[StoredResult]:
        """The latest results of a person, newest sampling first.

        Which they are is eventually consistent; each is then read consistently.

        Args:
            person: pseudonym.
            limit: the most to give, up to 100.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("results-table"):
            answer = self._dynamodb.query(
                TableName=self._table,
                IndexName=BY_PERSON,
                KeyConditionExpression="person = :person",
                ExpressionAttributeValues={":person": {"S": person}},
                ScanIndexForward=False,
                Limit=limit,
            )
        named = [item["result_id"]["S"] for item in answer["Items"]]
        found = self._of_ids(named)
        # Erased since, or given to another person by a correction.
        return [found[each] for each in named if each in found and found[each].person == person]

    def _of_ids(
        self, result_ids: Iterable[str], *, consistent: bool = True
    ) -> dict[str, StoredResult]:
        """Those of some results that there are."""
        found: dict[str, StoredResult] = {}
        remaining = iter(result_ids)
        while batch := list(islice(remaining, _BATCH)):
            found |= self._of_batch(batch, consistent=consistent)
        return found

    def _of_batch(self, result_ids: list[str], *, consistent: bool) -> dict[str, StoredResult]:
        found: dict[str, StoredResult] = {}
        wanted: Any = [{"result_id": {"S": result_id}} for result_id in result_ids]
        for _ in range(_ROUNDS):
            request: Any = {"Keys": wanted, "ConsistentRead": consistent}
            with aws_errors("results-table"):
                answer: Any = self._dynamodb.batch_get_item(RequestItems={self._table: request})
            items = answer.get("Responses", {}).get(self._table, [])
            found |= {item["result_id"]["S"]: from_item(item) for item in items}
            wanted = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys")
            if not wanted:
                return found
        raise Unavailable("results-table:UnprocessedKeys")
