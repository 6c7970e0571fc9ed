"""The watch's own table: days of laboratories that are over, and episodes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from laboratory_watch.episode import Episode
from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected, Unavailable
from vigie.inbox import LaboratoryDay

if TYPE_CHECKING:
    from datetime import date

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from laboratory_watch.rules import Reason

SCHEMA_VERSION = 1
# Five weeks: five days of each weekday.
HISTORY = timedelta(days=35)
_DAY, _EPISODE = "day#", "episode#"


class Watched(NamedTuple):
    """What is remembered of a laboratory.

    Attributes:
        days: those that are over, of the last five weeks; days without files are left out.
        episodes: the last one of each reason.
    """

    days: dict[date, LaboratoryDay]
    episodes: dict[Reason, Episode]


class WatchStore:
    """Keeps what is remembered of laboratories, one partition for each.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the table, with the keys `laboratory` and `entry`.
        retention: how long an episode is remembered.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str, retention: timedelta) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._retention = retention

    def load(self, laboratory: str, since: date) -> Watched:
        """What is remembered of a laboratory, read consistently.

        Args:
            laboratory: its FINESS.
            since: the first day to give.

        Raises:
            Rejected: an item was written by a newer version of the system.
            Unavailable: the table did not answer.
        """
        watched = Watched({}, {})
        with aws_errors("watch-table"):
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="laboratory = :laboratory",
                ExpressionAttributeValues={":laboratory": {"S": laboratory}},
                ConsistentRead=True,
            )
            for page in pages:
                for item in page["Items"]:
                    _read(item, watched)
        days = {day: each for day, each in watched.days.items() if day >= since}
        return watched._replace(days=days)

    def keep_day(self, laboratory: str, day: LaboratoryDay) -> None:
        """Remember a day that is over; again gives the same.

        Raises:
            Unavailable: the table did not answer.
        """
        forgotten = datetime.combine(day.day, time(), UTC) + HISTORY + timedelta(days=7)
        item = _item(laboratory, f"{_DAY}{day.day.isoformat()}", forgotten)
        item["day"] = {"S": day.model_dump_json()}
        with aws_errors("watch-table"):
            self._dynamodb.put_item(TableName=self._table, Item=item)

    def keep_episode(self, laboratory: str, episode: Episode) -> None:
        """Remember an episode over its revision before.

        Raises:
            Unavailable: someone else wrote in between, or the table did not answer; look again.
        """
        changed_at = episode.over_at or episode.begun_at
        item = _item(laboratory, f"{_EPISODE}{episode.reason}", changed_at + self._retention)
        item["episode"] = {"S": episode.model_dump_json()}
        item["revision"] = {"N": str(episode.revision)}
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(entry)"}
        if episode.revision > 1:
            condition = {
                "ConditionExpression": "revision = :before",
                "ExpressionAttributeValues": {":before": {"N": str(episode.revision - 1)}},
            }
        with aws_errors("watch-table"):
            try:
                self._dynamodb.put_item(TableName=self._table, Item=item, **condition)
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                raise Unavailable("watch-table:contended") from None


def _item(laboratory: str, entry: str, forgotten: datetime) -> dict[str, Any]:
    return {
        "laboratory": {"S": laboratory},
        "entry": {"S": entry},
        "schema": {"N": str(SCHEMA_VERSION)},
        "expires_at": {"N": str(int(forgotten.timestamp()))},
    }


def _read(item: dict[str, Any], watched: Watched) -> None:
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("watch-schema-unknown", "the item has a newer schema version")
    if "day" in item:
        day = LaboratoryDay.model_validate_json(item["day"]["S"])
        watched.days[day.day] = day
    else:
        episode = Episode.model_validate_json(item["episode"]["S"])
        watched.episodes[episode.reason] = episode
