"""The codes that were used for visits, and what was answered.

Table `visit-reports`: partition key `jti`. An item says by a keyed digest whether another report is
the same one, and how many visits were accepted. It names no visit, no place and no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.tracing.used_code import kept_until

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.tracing.upload_code import UploadCode

SCHEMA_VERSION = 1

_WHAT = "visit-reports-table"


class UsedReport(Frozen):
    """How a code was used.

    Attributes:
        digest: keyed digest of the report, hexadecimal.
        accepted: how many visits were accepted.
    """

    digest: str
    accepted: int


class ReportStore:
    """Uses codes up for visits.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def use_of(self, code: UploadCode) -> UsedReport | None:
        """How a code was used; None if it was not. Read consistently.

        Raises:
            Rejected: it was written by a newer version of the system.
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            item = self._dynamodb.get_item(
                TableName=self._table, Key={"jti": {"S": code.jti}}, ConsistentRead=True
            ).get("Item")
        if item is None:
            return None
        if int(item["schema"]["N"]) > SCHEMA_VERSION:
            raise Rejected("used-report-schema-unknown", "the item has a newer schema version")
        return UsedReport(digest=item["digest"]["S"], accepted=int(item["accepted"]["N"]))

    def use(self, code: UploadCode, used: UsedReport) -> bool:
        """Use a code up.

        Returns:
            Whether it was not used before.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item={
                        "jti": {"S": code.jti},
                        "schema": {"N": str(SCHEMA_VERSION)},
                        "digest": {"S": used.digest},
                        "accepted": {"N": str(used.accepted)},
                        "expires_at": {"N": str(int(kept_until(code).timestamp()))},
                    },
                    ConditionExpression="attribute_not_exists(jti)",
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                return False
        return True
