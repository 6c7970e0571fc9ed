"""The orders table, as the function that answers orders sees it: it reads nothing there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.orders.order_result import MOST_RESULTS, OrderResult, to_entry

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient

# An order that an app made and that is not over, and no newer version of the result in it.
_CONDITION = (
    "expires_at > :now"
    " AND (attribute_not_exists(#results.#jti) OR #results.#jti.#version < :version)"
    " AND (attribute_exists(#results.#jti) OR size(#results) < :most)"
)


class OrderStore:
    """Writes results into orders.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the orders table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def answer(self, order: str, result: OrderResult, now: datetime) -> bool:
        """Put a result into an order.

        Args:
            order: keyed hash of the order's token.
            result: of the order.
            now: aware.

        Returns:
            Whether it was put there: not if there is no such order, or a version that is as new.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("orders-table"):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"token": {"S": order}},
                    UpdateExpression="SET #results.#jti = :entry",
                    ConditionExpression=_CONDITION,
                    ExpressionAttributeNames={
                        "#results": "results",
                        "#jti": result.jti,
                        "#version": "version",
                    },
                    ExpressionAttributeValues={
                        ":entry": to_entry(result),
                        ":now": {"N": str(int(now.timestamp()))},
                        ":version": {"N": str(result.version)},
                        ":most": {"N": str(MOST_RESULTS)},
                    },
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                return False
        return True
