"""The tokens of each pseudonym, at each place where it may be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.person.linkage_tokens import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

# Who shares a place: a country has some hundred people of one given name and birth date.
MAX_TOGETHER = 1_000
# Of one pseudonym at one place: what more there is, is of names that stand for anybody, and an
# item takes 400 KB.
MAX_TOKENS = 1_000
# Amazon DynamoDB, BatchGetItem.
_BATCH = 100


def places_of(tokens: Iterable[str]) -> set[str]:
    """The tokens by which a pseudonym is found: those of its block and of its INS."""
    return {token for token in tokens if token[:1] in {Kind.BLOCK, Kind.INS}}


class TokenStore:
    """Writes and reads tokens in the persons table.

    An item is one pseudonym at one place: key `place` and `person`, and the set `tokens`, which
    only grows, so that writes may come in any order and any number; but for those of a full one.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the persons table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def kept(self, wanted: Mapping[str, Iterable[str]], expires_at: int) -> set[str]:
        """Which pseudonyms' tokens are kept at each of their places, and for long enough.

        It is read at half the price: who was written a moment ago may be missing.

        Args:
            wanted: tokens by pseudonym.
            expires_at: Unix seconds; the least.

        Raises:
            Unavailable: the table did not answer.
        """
        tokens = {person: set(each) for person, each in wanted.items()}
        keys = [
            _key(max(places, key=_turn), person)
            for person, each in tokens.items()
            if (places := places_of(each))
        ]
        return {
            item["person"]["S"]
            for item in self._read(keys)
            if tokens[item["person"]["S"]] <= {*item["tokens"]["SS"]}
            and int(item["expires_at"]["N"]) >= expires_at
        }

    def keep(self, person: str, tokens: Iterable[str], expires_at: int) -> bool:
        """Add tokens to a pseudonym at each of its places.

        Args:
            person: the pseudonym.
            tokens: of one result, or of several.
            expires_at: Unix seconds; of several, the latest holds.

        Returns:
            Whether the pseudonym had none at the last of its places.

        Raises:
            Unavailable: the table did not answer.
        """
        kept = set(tokens)
        first = False
        # Who is at the last place is at the others too.
        for place in sorted(places_of(kept), key=_turn):
            first = self._add(place, person, kept, expires_at)
        return first

    def together(self, place: str) -> dict[str, set[str]] | None:
        """The tokens of each pseudonym at a place, read consistently; None if it is crowded.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("persons-table"):
            answer = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="place = :place",
                ExpressionAttributeValues={":place": {"S": place}},
                ConsistentRead=True,
                Limit=MAX_TOGETHER,
            )
        if "LastEvaluatedKey" in answer:
            return None
        return {item["person"]["S"]: set(item["tokens"]["SS"]) for item in answer["Items"]}

    def _read(self, keys: list[Any]) -> Iterator[dict[str, Any]]:
        for at in range(0, len(keys), _BATCH):
            with aws_errors("persons-table"):
                answer: Any = self._dynamodb.batch_get_item(
                    RequestItems={self._table: {"Keys": keys[at : at + _BATCH]}}
                )
            # What is left unanswered is written again, which is harmless.
            yield from answer["Responses"].get(self._table, [])

    def _add(self, place: str, person: str, tokens: set[str], expires_at: int) -> bool:
        """Add to an item; whether there was none."""
        update: dict[str, Any] = {"TableName": self._table, "Key": _key(place, person)}
        added: Any = {":tokens": {"SS": sorted(tokens)}, ":most": {"N": str(MAX_TOKENS)}}
        with aws_errors("persons-table"):
            try:
                answer = self._dynamodb.update_item(
                    **update,
                    UpdateExpression="ADD tokens :tokens SET expires_at = :expires_at",
                    ConditionExpression=(
                        "attribute_not_exists(tokens) OR "
                        "(expires_at <= :expires_at AND size(tokens) < :most)"
                    ),
                    ExpressionAttributeValues={**added, ":expires_at": {"N": str(expires_at)}},
                    ReturnValues="UPDATED_OLD",
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                self._add_to_later(update, added)
                return False
        return not answer.get("Attributes")

    def _add_to_later(self, update: dict[str, Any], added: dict[str, Any]) -> None:
        """Add to what is kept for longer anyway, unless it is full."""
        try:
            self._dynamodb.update_item(
                **update,
                UpdateExpression="ADD tokens :tokens",
                ConditionExpression="size(tokens) < :most",
                ExpressionAttributeValues=added,
            )
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise


def _key(place: str, person: str) -> dict[str, AttributeValueTypeDef]:
    return {"place": {"S": place}, "person": {"S": person}}


def _turn(place: str) -> tuple[bool, str]:
    """Places in the order in which they are written: the block, which most have, is the last."""
    return place.startswith(Kind.BLOCK), place
