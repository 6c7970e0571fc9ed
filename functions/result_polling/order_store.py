"""The orders table, as the function that apps ask sees it.

An order is an item under the keyed hash of its token; its app's polling token is another, which
leads to it. Neither says anything of a person, nor when the order was made but for its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from vigie.aws import TRANSACTION_CANCELLED, aws_errors, cancellation_codes, error_code
from vigie.errors import Rejected, Unavailable
from vigie.orders.order_result import KEPT_DELIVERED, WAITS_FOR, OrderResult, from_entries

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient

SCHEMA_VERSION = 1
MOST_EXCHANGES = 2

_WHAT = "orders-table"
_ABSENT = "attribute_not_exists(#token)"
# `token` is a word of DynamoDB's own.
_NAMES = {"#token": "token"}
_CONDITION_FAILED = "ConditionalCheckFailedException"


class Order(NamedTuple):
    """An order that is not over.

    Attributes:
        token: keyed hash of its token.
        results: what came of it.
        exchanges: how often its token was exchanged.
    """

    token: str
    results: tuple[OrderResult, ...]
    exchanges: int


class OrderStore:
    """Keeps orders.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the orders table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def add(self, token: str, polling_token: str, now: datetime) -> bool:
        """Keep a new order.

        Args:
            token: keyed hash of the order's token.
            polling_token: that of its polling token.
            now: aware.

        Returns:
            Whether it was kept: not if there is an order of that token.

        Raises:
            Unavailable: the table did not answer.
        """
        common = {"schema": {"N": str(SCHEMA_VERSION)}, "expires_at": _seconds(now + WAITS_FOR)}
        order = {"token": {"S": token}, "exchanges": {"N": "0"}, "results": {"M": {}}, **common}
        polled = {"token": {"S": polling_token}, "leads_to": {"S": token}, **common}
        with aws_errors(_WHAT):
            try:
                self._dynamodb.transact_write_items(
                    TransactItems=[self._put(order), self._put(polled)]
                )
            except ClientError as error:
                if error_code(error) != TRANSACTION_CANCELLED:
                    raise
                if "ConditionalCheckFailed" not in cancellation_codes(error):
                    raise Unavailable(f"{_WHAT}:TransactionCanceled") from None
                return False
        return True

    def polled(self, polling_token: str, now: datetime) -> Order | None:
        """The order that a polling token leads to; None if there is none.

        Raises:
            Rejected: a newer version of the system wrote it.
            Unavailable: the table did not answer.
        """
        item = self._item(polling_token, now)
        leads_to = item.get("leads_to") if item else None
        return self.get(leads_to["S"], now) if leads_to else None

    def get(self, token: str, now: datetime) -> Order | None:
        """The order of a token, read consistently; None if there is none.

        Raises:
            Rejected: a newer version of the system wrote it.
            Unavailable: the table did not answer.
        """
        item = self._item(token, now)
        if item is None or "results" not in item:
            return None
        results = from_entries(item["results"]["M"])
        return Order(token, results, int(item["exchanges"]["N"]))

    def count_exchange(self, token: str, now: datetime) -> bool:
        """Count an exchange of an order's token; whether it was one of those that are allowed.

        Raises:
            Unavailable: the table did not answer.
        """
        return self._update(
            token,
            UpdateExpression="ADD exchanges :one",
            ConditionExpression="exchanges < :most AND expires_at > :now",
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":most": {"N": str(MOST_EXCHANGES)},
                ":now": _seconds(now),
            },
        )

    def note_delivery(self, token: str, now: datetime) -> None:
        """Keep an order for a few hours from the first delivery of its result.

        Raises:
            Unavailable: the table did not answer.
        """
        self._update(
            token,
            UpdateExpression="SET expires_at = :until",
            # The first delivery counts; one after it leaves the end where it is.
            ConditionExpression="expires_at > :until",
            ExpressionAttributeValues={":until": _seconds(now + KEPT_DELIVERED)},
        )

    def _put(self, item: dict[str, Any]) -> Any:  # noqa: ANN401 - of the client
        return {
            "Put": {
                "TableName": self._table,
                "Item": item,
                "ConditionExpression": _ABSENT,
                "ExpressionAttributeNames": _NAMES,
            }
        }

    def _item(self, token: str, now: datetime) -> dict[str, Any] | None:
        with aws_errors(_WHAT):
            item: Any = self._dynamodb.get_item(
                TableName=self._table, Key={"token": {"S": token}}, ConsistentRead=True
            ).get("Item")
        # Deletion takes days.
        if item is None or int(item["expires_at"]["N"]) <= int(now.timestamp()):
            return None
        if int(item["schema"]["N"]) > SCHEMA_VERSION:
            raise Rejected("order-schema-unknown", "the item has a newer schema version")
        found: dict[str, Any] = item
        return found

    def _update(self, token: str, **change: Any) -> bool:  # noqa: ANN401 - of the client
        with aws_errors(_WHAT):
            try:
                self._dynamodb.update_item(
                    TableName=self._table, Key={"token": {"S": token}}, **change
                )
            except ClientError as error:
                if error_code(error) != _CONDITION_FAILED:
                    raise
                return False
        return True


def _seconds(moment: datetime) -> Any:  # noqa: ANN401 - of the client
    return {"N": str(int(moment.timestamp()))}
