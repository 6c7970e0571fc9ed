"""Taking over what other countries revoke."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.cms.signed_data import verify
from vigie.errors import Rejected
from vigie.revocation.batch import read_batch
from vigie.revocation.revocation_bucket import FOREIGN
from vigie.revocation.stored_batch import StoredBatch, foreign_item

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.revocation.batch import BatchList
    from vigie.revocation.batch_reader import BatchReader
    from vigie.revocation.revocation_bucket import RevocationBucket


def judged(
    batch_id: str, upload: bytes, trusted: Mapping[bytes, str], now: datetime
) -> tuple[StoredBatch, bytes]:
    """A batch that may be taken over, and its message.

    Args:
        batch_id: a UUID.
        upload: the CMS message, as it is or in base64.
        trusted: upload certificates in DER, with their countries.
        now: aware.

    Raises:
        Rejected: `batch-id`, `cms-…`, `uploader-unknown`, `batch-…`, `batch-country` if the signer
            is of another country than the batch, or `batch-expired`.
    """
    message = _decoded(upload)
    verified = verify(message)
    country = trusted.get(verified.certificate)
    if country is None:
        raise Rejected("uploader-unknown", "no upload certificate that is trusted signed it")
    batch = read_batch(verified.content)
    if batch.country != country:
        raise Rejected("batch-country", "the signer is of another country than the batch")
    if batch.expires <= now:
        raise Rejected("batch-expired", "none of its certificates can be valid any more")
    try:
        name = str(uuid.UUID(batch_id))
    except ValueError:
        raise Rejected("batch-id", "the file is not named by the batch's id, a UUID") from None
    stored = StoredBatch(
        batch_id=name,
        country=country,
        kid=None if batch.kid is None else batch.kid.hex(),
        hash_type=batch.hash_type,
        expires=batch.expires,
        entries=len(batch.entries),
        changed_at=now.replace(microsecond=0),
    )
    return stored, message


@dataclass(frozen=True, slots=True)
class ForeignBatches:
    """Keeps other countries' batches; the next publication puts them into the slices.

    Attributes:
        dynamodb: the DynamoDB client.
        table: name of the revocations table.
        reader: reads the same table.
        bucket: keeps the messages.
    """

    dynamodb: DynamoDBClient
    table: str
    reader: BatchReader
    bucket: RevocationBucket

    def keep(self, batch: StoredBatch, message: bytes) -> bool:
        """Keep a batch, unless it is known, deleted or not: a batch never changes.

        Returns:
            Whether it is new.

        Raises:
            Unavailable: AWS did not answer.
        """
        self.bucket.keep_batch(FOREIGN, batch.batch_id, message)
        with aws_errors("revocations-table"):
            try:
                self.dynamodb.put_item(
                    TableName=self.table,
                    Item=foreign_item(batch),
                    ConditionExpression="attribute_not_exists(entry)",
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                return False
        return True

    def delete(self, listed: BatchList, now: datetime) -> int:
        """Delete what a list says was deleted by the country that the batch is of.

        Returns:
            How many batches.

        Raises:
            Unavailable: AWS did not answer.
        """
        gone = {(one.batch_id, one.country) for one in listed.batches if one.deleted}
        ended = [
            one
            for one in self.reader.foreign()
            if not one.deleted and (one.batch_id, one.country) in gone
        ]
        with aws_errors("revocations-table"):
            for batch in ended:
                self.dynamodb.put_item(TableName=self.table, Item=foreign_item(batch.ended(now)))
        return len(ended)


def _decoded(upload: bytes) -> bytes:
    """The message itself: it may be in base64, as the gateway takes it."""
    try:
        return base64.b64decode(b"".join(upload.split()), validate=True)
    except binascii.Error:
        return upload
