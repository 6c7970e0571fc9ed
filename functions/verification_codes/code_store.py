"""The codes table: codes issued whole, claimed once, and certified once.

Issuing writes four items in one transaction, claiming one attribute under a condition, and
certifying another, with the record of the used upload code where there was one.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from verification_codes.code_row import (
    from_item,
    kept_until,
    row_key,
    seconds,
    to_item,
    until_name,
    uuid_key,
)
from verification_codes.code_values import Length
from vigie.aws import TRANSACTION_CANCELLED, aws_errors, cancellation_codes, error_code
from vigie.errors import Unavailable
from vigie.tracing.used_code import exchanged_item

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from verification_codes.code_row import CodeRow

_WHAT = "codes-table"
_CONDITION_FAILED = "ConditionalCheckFailed"


class Issued(Enum):
    """How issuing ended: everything is there, or nothing and why."""

    DONE = auto()
    COLLISION = auto()
    UUID_TAKEN = auto()


class Certified(Enum):
    """How certifying ended: it is noted, or nothing changed and why."""

    DONE = auto()
    ALREADY = auto()
    PERMISSION_USED = auto()


class Tables(NamedTuple):
    """The names of the tables.

    Attributes:
        codes: of codes.
        used_codes: of used upload codes.
    """

    codes: str
    used_codes: str


class CodeStore:
    """Keeps issued codes.

    Args:
        dynamodb: the DynamoDB client.
        tables: their names.
    """

    def __init__(self, dynamodb: DynamoDBClient, tables: Tables) -> None:
        self._dynamodb = dynamodb
        self._codes, self._used_codes = tables

    def issue(self, row: CodeRow, names: Mapping[Length, str], now: datetime) -> Issued:
        """Keep a row that nobody claimed, under the names of its codes.

        Raises:
            Unavailable: the table did not answer.
        """
        leads = [self._lead(name, row, row.ends[length], now) for length, name in names.items()]
        uuid = self._lead(uuid_key(row.issuer, row.uuid), row, kept_until(row), now)
        put: TransactWriteItemTypeDef = {"Put": {"TableName": self._codes, "Item": to_item(row)}}
        failed = self._transact([uuid, *leads, put])
        if failed is None:
            return Issued.DONE
        return Issued.UUID_TAKEN if failed == 0 else Issued.COLLISION

    def led_to(self, name: str) -> CodeRow | None:
        """The row that a name leads to, read consistently; None if there is none.

        Raises:
            Rejected: a newer version of the system wrote it.
            Unavailable: the table did not answer.
        """
        lead = self._item(name)
        return None if lead is None else self.row(lead["row_id"]["S"])

    def row(self, row_id: str) -> CodeRow | None:
        """A row by its id, read consistently; None if there is none.

        Raises:
            Rejected: a newer version of the system wrote it.
            Unavailable: the table did not answer.
        """
        item = self._item(row_key(row_id))
        return None if item is None else from_item(item)

    def claim(self, row: CodeRow, length: Length, claim: str, now: datetime) -> bool:
        """Claim a row; False if it is claimed already, or its code ended.

        Raises:
            Unavailable: the table did not answer.
        """
        return self._change(
            row,
            "SET claim = :claim, claimed_at = :now",
            f"attribute_not_exists(claim) AND {until_name(length)} > :now",
            {":claim": {"S": claim}, ":now": {"N": seconds(now)}},
        )

    def end(self, row: CodeRow, now: datetime) -> bool:
        """Let both codes of a row end; False if it is claimed.

        Raises:
            Unavailable: the table did not answer.
        """
        ends = ", ".join(f"{until_name(length)} = :now" for length in Length)
        return self._change(
            row, f"SET {ends}", "attribute_not_exists(claim)", {":now": {"N": seconds(now)}}
        )

    def certify(self, row: CodeRow, digest: str) -> Certified:
        """Note for which keys a row's certificate is, and use its upload code up; or do neither.

        Raises:
            Unavailable: the tables did not answer, or others wrote the same items just then.
        """
        items: list[TransactWriteItemTypeDef] = [
            {
                "Update": {
                    "TableName": self._codes,
                    "Key": {"id": {"S": row_key(row.row_id)}},
                    "UpdateExpression": "SET certified = :digest",
                    "ConditionExpression": "attribute_exists(claim)"
                    " AND attribute_not_exists(certified)",
                    "ExpressionAttributeValues": {":digest": {"S": digest}},
                }
            }
        ]
        if row.permission is not None:
            item = exchanged_item(row.permission.jti, row.permission.kept_until)
            items.append(
                {
                    "Put": {
                        "TableName": self._used_codes,
                        "Item": item,
                        "ConditionExpression": "attribute_not_exists(jti)",
                    }
                }
            )
        failed = self._transact(items)
        if failed is None:
            return Certified.DONE
        return Certified.ALREADY if failed == 0 else Certified.PERMISSION_USED

    def permission_is_used(self, jti: str) -> bool:
        """Whether an upload code is used up, read consistently.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("used-codes-table"):
            answer = self._dynamodb.get_item(
                TableName=self._used_codes, Key={"jti": {"S": jti}}, ConsistentRead=True
            )
        return "Item" in answer

    def _item(self, name: str) -> dict[str, Any] | None:
        with aws_errors(_WHAT):
            return self._dynamodb.get_item(
                TableName=self._codes, Key={"id": {"S": name}}, ConsistentRead=True
            ).get("Item")

    def _lead(
        self, name: str, row: CodeRow, until: datetime, now: datetime
    ) -> TransactWriteItemTypeDef:
        """What leads from a name to a row; it takes the place of one that led to what ended."""
        return {
            "Put": {
                "TableName": self._codes,
                "Item": {
                    "id": {"S": name},
                    "row_id": {"S": row.row_id},
                    "until": {"N": seconds(until)},
                    "expires_at": {"N": seconds(kept_until(row))},
                },
                "ConditionExpression": "attribute_not_exists(id) OR #until <= :now",
                "ExpressionAttributeNames": {"#until": "until"},
                "ExpressionAttributeValues": {":now": {"N": seconds(now)}},
            }
        }

    def _change(self, row: CodeRow, update: str, condition: str, values: dict[str, Any]) -> bool:
        with aws_errors(_WHAT):
            try:
                self._dynamodb.update_item(
                    TableName=self._codes,
                    Key={"id": {"S": row_key(row.row_id)}},
                    UpdateExpression=update,
                    ConditionExpression=f"attribute_exists(id) AND {condition}",
                    ExpressionAttributeValues=values,
                )
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    def _transact(self, items: list[TransactWriteItemTypeDef]) -> int | None:
        """Write all of it, or nothing and the place of the first condition that did not hold.

        Raises:
            Unavailable: the transaction met another one, or the table did not answer.
        """
        with aws_errors(_WHAT):
            try:
                self._dynamodb.transact_write_items(TransactItems=items)
            except ClientError as error:
                if error_code(error) != TRANSACTION_CANCELLED:
                    raise
                codes = cancellation_codes(error)
                if _CONDITION_FAILED in codes:
                    return codes.index(_CONDITION_FAILED)
                raise Unavailable(f"{_WHAT}:{TRANSACTION_CANCELLED}") from None
        return None
