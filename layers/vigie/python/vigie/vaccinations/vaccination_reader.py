"""Reading stored vaccinations, for the functions that do not write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.vaccinations.stored_vaccination import StoredVaccination, from_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

BY_PERSON = "by-person"
_WHAT = "vaccinations-table"


class VaccinationReader:
    """Reads the vaccinations table.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the vaccinations table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def get(self, vaccination_id: str) -> StoredVaccination | None:
        """The current version of a vaccination, read consistently; None if there is none.

        Raises:
            Rejected: a newer version of the system wrote it.
            Unavailable: the table did not answer.
        """
        return self._read(vaccination_id, consistently=True)

    def at_least(self, vaccination_id: str, version: int) -> StoredVaccination | None:
        """A version of a vaccination that is no older than one that is known to exist.

        As `vigie.results.result_reader.ResultReader.at_least`.

        Raises:
            Rejected: a newer version of the system wrote it.
            Unavailable: the table did not answer.
        """
        found = self._read(vaccination_id, consistently=False)
        return self.get(vaccination_id) if found is None or found.version < version else found

    def of_person(self, person: str, *, limit: int = 20) -> list[StoredVaccination]:
        """The latest vaccinations of a person, the last dose first.

        Which they are is eventually consistent; each is then read consistently.

        Args:
            person: pseudonym.
            limit: the most to give.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            answer = self._dynamodb.query(
                TableName=self._table,
                IndexName=BY_PERSON,
                KeyConditionExpression="person = :person",
                ExpressionAttributeValues={":person": {"S": person}},
                ScanIndexForward=False,
                Limit=limit,
            )
        found = (self.get(item["vaccination_id"]["S"]) for item in answer["Items"])
        # Erased since, or given to another person by a correction.
        return [each for each in found if each is not None and each.person == person]

    def _read(self, vaccination_id: str, *, consistently: bool) -> StoredVaccination | None:
        with aws_errors(_WHAT):
            answer = self._dynamodb.get_item(
                TableName=self._table,
                Key={"vaccination_id": {"S": vaccination_id}},
                ConsistentRead=consistently,
            )
        item = answer.get("Item")
        return from_item(item) if item else None
