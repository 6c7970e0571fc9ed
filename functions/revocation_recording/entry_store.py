"""Entries of the list that is to be published."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, cancellation_codes
from vigie.revocation.stored_batch import SCHEMA_VERSION, key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from vigie.certificates.stored_certificate import StoredCertificate

# After the certificate has expired; events about it may be redriven for as long.
_REMEMBERED = timedelta(days=60)


class EntryStore:
    """Writes the revocations table.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the revocations table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def record(self, certificate: StoredCertificate) -> bool:
        """Record a certificate for the next batch, unless it ever was.

        Returns:
            Whether it is new.

        Raises:
            Unavailable: the table did not answer.
        """
        hashed = certificate.signature_hash
        end = certificate.expires_at + _REMEMBERED
        kept: dict[str, AttributeValueTypeDef] = {
            "schema": {"N": str(SCHEMA_VERSION)},
            "expires_at": {"N": str(int(end.timestamp()))},
        }
        pending: dict[str, AttributeValueTypeDef] = {
            **key(f"pending#{hashed[0]}", hashed),
            "kid": {"S": certificate.kid},
            "certificate_expires": {"S": certificate.expires_at.isoformat()},
        }
        with aws_errors("revocations-table"):
            try:
                self._dynamodb.transact_write_items(
                    TransactItems=[
                        {
                            "Put": {
                                "TableName": self._table,
                                "Item": {**key(f"known#{hashed[:2]}", hashed), **kept},
                                "ConditionExpression": "attribute_not_exists(entry)",
                            }
                        },
                        {"Put": {"TableName": self._table, "Item": {**pending, **kept}}},
                    ]
                )
            except ClientError as error:
                if not _is_known(error):
                    raise
                return False
        return True


def _is_known(error: ClientError) -> bool:
    """Whether the first condition failed, and nothing else stood in the way."""
    return cancellation_codes(error)[:1] == ["ConditionalCheckFailed"]
