"""Counting a visit once: the record that it was, and its counters, in one transaction.

Table `counted-visits`: partition key `visit`, by which a message that comes twice is known. The
item goes when the visit would be too old to be counted.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, cancellation_codes
from vigie.venues.ntp import from_ntp
from vigie.venues.stored_exposures import (
    SCHEMA_VERSION,
    counters,
    deleted_on,
    entry_of,
    shard_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

    from vigie.venues.venue_rules import Venue
    from vigie.venues.visit_to_count import VisitToCount

_WHAT = "exposures-table"


class ExposureStore:
    """Adds visits to the counters of venues.

    Args:
        dynamodb: the DynamoDB client.
        exposures_table: name of the exposures table.
        counted_table: name of the table of visits that were counted.
    """

    def __init__(self, dynamodb: DynamoDBClient, exposures_table: str, counted_table: str) -> None:
        self._dynamodb = dynamodb
        self._exposures_table = exposures_table
        self._counted_table = counted_table

    def count(self, visit: VisitToCount, place: str, venue: Venue, slots: Iterable[int]) -> bool:
        """Count a visit, unless it was.

        Args:
            visit: which one.
            place: the temporary id of the venue in hexadecimal.
            venue: what kind of place it is.
            slots: that it exposed others in.

        Returns:
            Whether it is new.

        Raises:
            Unavailable: the tables did not answer, or other visits of the place were counted
                just then.
        """
        additions = [
            self._addition(place, day, venue, names)
            for day, names in counters(slots, backward=visit.is_backward).items()
        ]
        with aws_errors(_WHAT):
            try:
                self._dynamodb.transact_write_items(TransactItems=[self._record(visit), *additions])
            except ClientError as error:
                if not _is_known(error):
                    raise
                return False
        return True

    def _record(self, visit: VisitToCount) -> TransactWriteItemTypeDef:
        day = deleted_on(from_ntp(visit.scanned_at).date())
        return {
            "Put": {
                "TableName": self._counted_table,
                "Item": {"visit": {"S": visit.visit}, "expires_at": {"N": _midnight(day)}},
                "ConditionExpression": "attribute_not_exists(visit)",
            }
        }

    def _addition(
        self, place: str, day: date, venue: Venue, names: Sequence[str]
    ) -> TransactWriteItemTypeDef:
        kept: dict[str, AttributeValueTypeDef] = {
            ":schema": {"N": str(SCHEMA_VERSION)},
            ":type": {"N": str(venue.type)},
            ":category1": {"N": str(venue.category1)},
            ":category2": {"N": str(venue.category2)},
            ":expires": {"N": _midnight(deleted_on(day))},
        }
        added = ", ".join(f"{name} :one" for name in names)
        return {
            "Update": {
                "TableName": self._exposures_table,
                "Key": {
                    "shard": {"S": shard_of(place)},
                    "entry": {"S": entry_of(day, place)},
                },
                # Two of the names are words of DynamoDB's own.
                "UpdateExpression": (
                    f"ADD {added} SET #schema = :schema, #type = :type, category1 = :category1,"
                    " category2 = :category2, expires_at = :expires"
                ),
                "ExpressionAttributeNames": {"#schema": "schema", "#type": "type"},
                "ExpressionAttributeValues": {**kept, ":one": {"N": "1"}},
            }
        }


def _midnight(day: date) -> str:
    return str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))


def _is_known(error: ClientError) -> bool:
    """Whether the first condition failed, and nothing else stood in the way."""
    return cancellation_codes(error)[:1] == ["ConditionalCheckFailed"]
