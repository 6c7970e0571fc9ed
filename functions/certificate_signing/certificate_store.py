"""The certificates of a source, and the reminders of one that is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.certificates.certificate_due import due_on
from vigie.certificates.stored_certificate import SCHEMA_VERSION, from_item, to_item
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from vigie.certificates.stored_certificate import StoredCertificate

# A reminder that nobody heeded is of no use once its release has stopped looking for it.
_REMINDER_LIFETIME = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Held:
    """What the table has of a source.

    Attributes:
        certificates: all that were ever made, revoked or not.
        reminders: the partition of each reminder, such as `2026-12-04#07`, by its name.
    """

    certificates: tuple[StoredCertificate, ...]
    reminders: Mapping[str, str]


class CertificateStore:
    """Writes the certificates table: the first write of a certificate wins.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the certificates table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def of_source(self, source_id: str) -> Held:
        """All that the table has of a source, read consistently.

        Raises:
            Unavailable: the table did not answer.
        """
        certificates = []
        reminders = {}
        for item in self._items(source_id):
            if "hcert" in item:
                certificates.append(from_item(item))
            else:
                reminders[item["certificate"]["S"]] = item["due_on"]["S"]
        return Held(tuple(certificates), reminders)

    def add(self, certificate: StoredCertificate) -> tuple[StoredCertificate, bool]:
        """Store a certificate unless there is one of its name, and give what is stored.

        Returns:
            The stored certificate, and whether it is the one given.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("certificates-table"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=to_item(certificate),
                    ConditionExpression="attribute_not_exists(source_id)",
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
            else:
                return certificate, True
        return self._stored(certificate), False

    def revoke(
        self, certificate: StoredCertificate, at: datetime, reason: str
    ) -> tuple[StoredCertificate, bool]:
        """Revoke a certificate unless it is revoked, and give what is stored.

        Returns:
            The stored certificate, revoked, and whether it was this call that revoked it.

        Raises:
            Unavailable: the table did not answer, or does not have it any more.
        """
        revoked = certificate.model_copy(update={"revoked_at": at, "revocation_reason": reason})
        with aws_errors("certificates-table"):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key=_key(certificate.source_id, certificate.certificate),
                    UpdateExpression=(
                        "SET revoked_at = :at, revocation_reason = :reason, #schema = :schema"
                    ),
                    ConditionExpression=(
                        "attribute_exists(source_id) AND attribute_not_exists(revoked_at)"
                    ),
                    # One of schema 1 is not to be read as valid by who knows that schema only.
                    ExpressionAttributeNames={"#schema": "schema"},
                    ExpressionAttributeValues={
                        ":at": {"S": at.isoformat()},
                        ":reason": {"S": reason},
                        ":schema": {"N": str(SCHEMA_VERSION)},
                    },
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
            else:
                return revoked, True
        return self._stored(certificate), False

    def remind(self, source_id: str, reminder: str, day: date) -> None:
        """Have the certificate of a source issued or renewed on a day.

        Args:
            source_id: whose it is.
            reminder: its name, see `vigie.certificates.certificate_due`.
            day: of the issuer's calendar.

        Raises:
            Unavailable: the table did not answer.
        """
        end = datetime.combine(day, time.min, UTC) + _REMINDER_LIFETIME
        item: dict[str, AttributeValueTypeDef] = {
            **_key(source_id, reminder),
            "due_on": {"S": due_on(day, source_id)},
            "schema": {"N": str(SCHEMA_VERSION)},
            "expires_at": {"N": str(int(end.timestamp()))},
        }
        with aws_errors("certificates-table"):
            self._dynamodb.put_item(TableName=self._table, Item=item)

    def forget_reminder(self, source_id: str, reminder: str) -> None:
        """Remove a reminder of a source, if there is one of that name.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("certificates-table"):
            self._dynamodb.delete_item(TableName=self._table, Key=_key(source_id, reminder))

    def _items(self, source_id: str) -> Iterator[dict[str, Any]]:
        with aws_errors("certificates-table"):
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="source_id = :source_id",
                ExpressionAttributeValues={":source_id": {"S": source_id}},
                ConsistentRead=True,
            )
            for page in pages:
                yield from page["Items"]

    def _stored(self, certificate: StoredCertificate) -> StoredCertificate:
        with aws_errors("certificates-table"):
            answer = self._dynamodb.get_item(
                TableName=self._table,
                Key=_key(certificate.source_id, certificate.certificate),
                ConsistentRead=True,
            )
        item = answer.get("Item")
        if item is None:
            raise Unavailable("certificate-gone")
        return from_item(item)


def _key(source_id: str, name: str) -> dict[str, AttributeValueTypeDef]:
    return {"source_id": {"S": source_id}, "certificate": {"S": name}}
