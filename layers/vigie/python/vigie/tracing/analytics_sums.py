"""The sums of reports, as the analytics table keeps them: by day, question and probability.

| `day` | `entry` | what |
|---|---|---|
| `2026-11-24` | `25#alert-shown#17` | one of many counters: reports, and set bits by option |
| `seen#<hash>` | `seen` | that a report was counted, under a keyed hash of its nonce |

A counter has many items, so that one transaction seldom meets another at the same one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from vigie.aws import aws_errors
from vigie.tracing.randomised_response import Sums
from vigie.tracing.survey import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.tracing.survey import Question

SCHEMA_VERSION = 1
REPORTS = "reports"
SEEN = "seen"


def counter(flip_percent: int, question: Question, shard: int) -> str:
    """The sort key of a counter."""
    return f"{flip_percent}#{question}#{shard}"


def bit(option: int) -> str:
    """The attribute that counts the set bits of an option."""
    return f"set_{option}"


class AnalyticsSums:
    """Reads the sums.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the analytics table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def of(self, days: Iterable[date]) -> dict[Question, list[Sums]]:
        """The sums of some days by question, one for each probability.

        Raises:
            Unavailable: the table did not answer.
        """
        totals: dict[tuple[str, int], list[int]] = defaultdict(list)
        for day in days:
            for item in self._items(day):
                flip_percent, question, _ = item["entry"]["S"].split("#")
                options = QUESTIONS.get(question)
                if options is None:
                    continue
                names = (REPORTS, *(bit(option) for option in range(len(options))))
                counts = [int(item.get(name, {"N": "0"})["N"]) for name in names]
                total = totals[question, int(flip_percent)] or [0] * len(counts)
                totals[question, int(flip_percent)] = [
                    a + b for a, b in zip(total, counts, strict=True)
                ]
        found: dict[Question, list[Sums]] = {question: [] for question in QUESTIONS}
        for question in QUESTIONS:
            found[question] = [
                Sums(flip_percent, reports, tuple(bits))
                for (name, flip_percent), (reports, *bits) in sorted(totals.items())
                if name == question
            ]
        return found

    def _items(self, day: date) -> Iterable[dict[str, Any]]:
        with aws_errors("analytics-table"):
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="#day = :day",
                ExpressionAttributeNames={"#day": "day"},
                ExpressionAttributeValues={":day": {"S": day.isoformat()}},
            )
            for page in pages:
                yield from page["Items"]
