"""Reading stored certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.certificates.stored_certificate import StoredCertificate, from_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class CertificateReader:
    """Reads the certificates table.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the certificates table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def of_source(self, source_id: str) -> list[StoredCertificate]:
        """Every certificate ever made from a source, read consistently.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("certificates-table"):
            answer = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="source_id = :source_id",
                ExpressionAttributeValues={":source_id": {"S": source_id}},
                ConsistentRead=True,
            )
        return [from_item(item) for item in answer["Items"] if "hcert" in item]
