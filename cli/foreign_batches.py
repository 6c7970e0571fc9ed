"""Taking over what other countries revoke."""

from __future__ import annotations

import base64
import binascii
import hashlib
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
    from collections.abc import Collection
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from cli.uploaders import Uploader
    from vigie.revocation.batch import BatchList
    from vigie.revocation.batch_reader import BatchReader
    from vigie.revocation.revocation_bucket import RevocationBucket
    from vigie.trust.trusted_kids import TrustedKids

_NAMESPACE = uuid.UUID("5d0f1c2e-6a8b-5c0d-8f2b-3e5a1d7c9b64")


@dataclass(frozen=True, slots=True)
class Judge:
    """Tells whether a batch may be taken over.

    Attributes:
        uploaders: who may upload.
        trusted: knows the signers of each country.
        now: aware.
    """

    uploaders: Collection[Uploader]
    trusted: TrustedKids
    now: datetime

    def judged(self, upload: bytes, gateway_id: str | None) -> tuple[StoredBatch, bytes]:
        """A batch that may be taken over, and its message.

        Its id follows from what is signed. That of the gateway, which no signature covers, only
        says which one is meant when its country deletes it.

        Args:
            upload: the CMS message, as it is or in base64.
            gateway_id: a UUID; None if it is not known.

        Raises:
            Rejected: `cms-…`, `uploader-unknown`, `uploader-validity`, `batch-…`, `batch-country`
                if the uploader is of another country than the batch, `batch-kid` if its signer is
                none of that country, or `batch-expired`.
            Unavailable: the trust list could not be read.
        """
        message = _decoded(upload)
        verified = verify(message)
        country = self._country(verified.certificate)
        batch = read_batch(verified.content)
        if batch.country != country:
            raise Rejected("batch-country", "the uploader is of another country than the batch")
        if batch.kid is not None and batch.kid not in self.trusted.of_country(country):
            raise Rejected("batch-kid", "the trust list has no such signer of that country")
        if batch.expires <= self.now:
            raise Rejected("batch-expired", "none of its certificates can be valid any more")
        said = f"{country}\x1f{gateway_id or ''}\x1f{hashlib.sha256(verified.content).hexdigest()}"
        stored = StoredBatch(
            batch_id=str(uuid.uuid5(_NAMESPACE, said)),
            country=country,
            kid=None if batch.kid is None else batch.kid.hex(),
            hash_type=batch.hash_type,
            expires=batch.expires,
            entries=len(batch.entries),
            changed_at=self.now.replace(microsecond=0),
            gateway_id=gateway_id,
        )
        return stored, message

    def _country(self, certificate: bytes) -> str:
        for uploader in self.uploaders:
            if uploader.der == certificate:
                if not uploader.not_before <= self.now <= uploader.not_after:
                    raise Rejected("uploader-validity", "the upload certificate does not hold now")
                return uploader.country
        raise Rejected("uploader-unknown", "no upload certificate that is pinned signed it")


def gateway_id_of(name: str) -> str | None:
    """The gateway's id of a batch that a file is named by; None if it is named otherwise."""
    try:
        return str(uuid.UUID(name))
    except ValueError:
        return None


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
            if not one.deleted and (one.gateway_id or one.batch_id, one.country) in gone
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
