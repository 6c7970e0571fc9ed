"""Reading the certificates table from end to end, for what a mass reissue is about.

A scan is charged for what it reads, whatever it gives back: half a read unit for 4 KiB, which
are four certificates or more. An index by signer would cost a write for every certificate that
was ever issued.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from vigie.aws import aws_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from vigie.certificates.reissue_job import Criteria, Position

# Items of less than 1 KiB: about as much as a call reads at most.
PAGE = 1000


class Found(NamedTuple):
    """A certificate that a mass reissue is about.

    Attributes:
        record: id of the record that it was made from.
        certificate: its name among those of the record.
        kid: of its signer, hexadecimal; empty in an item of schema 1, which keeps it elsewhere.
    """

    record: str
    certificate: str
    kid: str


class Page(NamedTuple):
    """What a call has read.

    Attributes:
        read: items, matching or not.
        found: those that match.
        after: key of the last item read; None at the end of the segment.
    """

    read: int
    found: list[Found]
    after: tuple[str, str] | None


class CertificateScan:
    """Finds certificates that hold and match: not revoked, not expired.

    What an item of schema 1 says is not looked at: signing judges it, as it judges every record.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the certificates table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def page(self, criteria: Criteria, position: Position, segments: int, now: datetime) -> Page:
        """Read the next items of a segment, eventually consistent.

        Args:
            criteria: which certificates.
            position: what was read of the segment before.
            segments: how many the table is read in.
            now: aware; what has expired by then does not match.

        Raises:
            Unavailable: the table did not answer.
        """
        matching = _matching(criteria, now)
        start: Any = {} if position.after is None else {"ExclusiveStartKey": _key(position.after)}
        with aws_errors("certificates-table"):
            answer: Any = self._dynamodb.scan(
                TableName=self._table,
                Segment=position.segment,
                TotalSegments=segments,
                Limit=PAGE,
                FilterExpression=matching.expression,
                ExpressionAttributeNames=matching.names,
                ExpressionAttributeValues=matching.values,
                ProjectionExpression="source_id, certificate, kid",
                **start,
            )
        last = answer.get("LastEvaluatedKey")
        return Page(
            answer["ScannedCount"],
            [_found(item) for item in answer["Items"]],
            None if last is None else (last["source_id"]["S"], last["certificate"]["S"]),
        )

    def about_items(self) -> int:
        """How many items the table has, as DynamoDB counts them every six hours.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("certificates-table"):
            return self._dynamodb.describe_table(TableName=self._table)["Table"]["ItemCount"]


class _Matching(NamedTuple):
    expression: str
    names: dict[str, str]
    values: dict[str, AttributeValueTypeDef]


def _matching(criteria: Criteria, now: datetime) -> _Matching:
    # Beside certificates the table has reminders, which hold none.
    holds = ["attribute_exists(hcert)", "attribute_not_exists(revoked_at)"]
    names: dict[str, str] = {}
    values: dict[str, AttributeValueTypeDef] = {
        ":now": _seconds(now),
        ":before": _seconds(criteria.issued_before),
    }
    says = ["expires_at > :now", "issued_at < :before"]
    if criteria.kids:
        signers = {f":kid{place}": bytes.fromhex(kid) for place, kid in enumerate(criteria.kids)}
        values |= {name: {"B": kid} for name, kid in signers.items()}
        says.append(f"kid IN ({', '.join(signers)})")
    if criteria.kinds:
        kinds = {f":kind{place}": f"{kind}#" for place, kind in enumerate(criteria.kinds)}
        values |= {name: {"S": kind} for name, kind in kinds.items()}
        names["#name"] = "certificate"
        holds.append(f"({' OR '.join(f'begins_with(#name, {name})' for name in kinds)})")
    names["#document"] = "document"
    holds.append(f"(attribute_exists(#document) OR ({' AND '.join(says)}))")
    return _Matching(" AND ".join(holds), names, values)


def _seconds(at: datetime) -> AttributeValueTypeDef:
    return {"N": str(int(at.astimezone(UTC).timestamp()))}


def _key(after: tuple[str, str]) -> dict[str, AttributeValueTypeDef]:
    return {"source_id": {"S": after[0]}, "certificate": {"S": after[1]}}


def _found(item: dict[str, Any]) -> Found:
    kid = bytes(item["kid"]["B"]).hex() if "kid" in item else ""
    return Found(item["source_id"]["S"], item["certificate"]["S"], kid)
