"""The accounts: which tests are counted as whose. The counted table, but for its batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from statistics_counting.account import Account, apart_key, from_item, person_key, to_item
from statistics_counting.history import History
from statistics_counting.table_reading import read_items
from vigie.aws import aws_errors, error_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from statistics_counting.counted_test import CountedTest
    from vigie.results.stored_result import ResultDocument


class AccountStore:
    """Reads and writes accounts.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the table of counted tests, with the partition key `counted`.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def around(self, results: Iterable[ResultDocument], *, consistent: bool) -> dict[str, Account]:
        """Every account that tests of results may be in, or may have to be put into.

        Args:
            results: the results.
            consistent: whether what was just written is to be seen.

        Raises:
            Rejected: another version of the system wrote one.
            Unavailable: the table did not answer.
        """
        of_results = {
            result.result_id: {
                person_key(each) for each in (result.person, *result.earlier_persons)
            }
            for result in results
        }
        found = self.load(set().union(*of_results.values()), consistent=consistent)
        leads = {person_key(lead) for account in found.values() for lead in account.leads}
        found |= self.load(leads - found.keys(), consistent=consistent)
        apart = {
            apart_key(result_id)
            for result_id, keys in of_results.items()
            if any(found[key].history.full for key in _with_leads(keys, found))
        }
        return found | self.load(apart, consistent=consistent)

    def load(self, keys: Iterable[str], *, consistent: bool = True) -> dict[str, Account]:
        """Accounts by key; an empty one for each that is not there.

        Raises:
            Rejected: another version of the system wrote one.
            Unavailable: the table did not answer.
        """
        wanted = sorted(keys)
        items = read_items(self._dynamodb, self._table, wanted, consistent=consistent)
        found = {item["counted"]["S"]: from_item(item) for item in items}
        return {key: found.get(key) or Account(key=key) for key in wanted}

    def write(self, account: Account) -> bool:
        """Write an account; False if it was written meanwhile since it was read.

        A write whose answer was lost is made again by the SDK, and finds itself.

        Raises:
            Unavailable: the table did not answer.
        """
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(counted)"}
        if account.revision:
            condition = {
                "ConditionExpression": "#revision = :revision",
                "ExpressionAttributeNames": {"#revision": "revision"},
                "ExpressionAttributeValues": {":revision": {"N": str(account.revision)}},
            }
        item = to_item(account)
        with aws_errors("counted-table"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=item,
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **condition,
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                # A layer names its batch, as no other worker's does.
                return error.response.get("Item") == item
        return True

    def note_settled(self, test: CountedTest, expires_at: int) -> None:
        """Note that a test stays counted, before its history forgets it.

        Raises:
            Unavailable: the table did not answer.
        """
        settled = History(settled_through=test.day, gone=((test.result_id, test.version),))
        account = Account(key=apart_key(test.result_id), history=settled, expires_at=expires_at)
        with aws_errors("counted-table"):
            self._dynamodb.put_item(TableName=self._table, Item=to_item(account))


def _with_leads(keys: Iterable[str], accounts: dict[str, Account]) -> set[str]:
    return {
        each for key in keys for each in (key, *(person_key(lead) for lead in accounts[key].leads))
    }
