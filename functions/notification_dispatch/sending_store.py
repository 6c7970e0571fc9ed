"""The grants table, as the function that sends sees it: sendings, each with what its link opens."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from notification_dispatch.sending import LEASE, Preference, Progress, Sending, State
from vigie.access.grant import SCHEMA_VERSION, AccessGrant, to_attributes
from vigie.aws import aws_errors, error_code
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_WHAT = "grants-table"
_HELD = "#state = :sending AND attempt = :attempt"
# What Amazon DynamoDB looks up in one call.
_LOOKED_UP_AT_ONCE = 100


class SendingStore:
    """Keeps the state of each sending; every change is conditional.

    Key: `token_hash`, of the link that the sending carries. No index: a sending is only ever
    found by what it is about. The claim keeps the grant in the same write, so that a link that
    goes out opens, and that a message may have gone out is known before it does.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the grants table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def get(self, sending: Sending) -> Progress | None:
        """How far a sending is, read consistently; None if it never began.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            item = self._dynamodb.get_item(
                TableName=self._table, Key=_key(sending.record_id), ConsistentRead=True
            ).get("Item")
        return _progress(item) if item else None

    def any_began(self, record_ids: Iterable[str]) -> bool:
        """Whether one of some sendings began, read consistently.

        Raises:
            Unavailable: the table did not answer, or not for each.
        """
        rest = iter(record_ids)
        while keys := list(islice(rest, _LOOKED_UP_AT_ONCE)):
            if self._one_is_there(keys):
                return True
        return False

    def claim(
        self, sending: Sending, grant: AccessGrant, preference: Preference, now: datetime
    ) -> int | None:
        """Claim a sending that is new, given back, or unknown and better sent twice.

        The claim keeps what the link opens, and until when: a try makes it live on, a repetition
        of what was sent does not. The tries on a link that is kept already are not forgotten.

        Returns:
            The number of the attempt, or None where it is not to be had.

        Raises:
            Unavailable: the table did not answer.
        """
        claimable: dict[str, AttributeValueTypeDef] = {":created": {"S": State.CREATED}}
        if preference is Preference.NOT_NONE:
            claimable[":unknown"] = {"S": State.UNKNOWN}
        claimed = self._update(
            sending,
            now,
            changes={
                **to_attributes(grant),
                "state": {"S": State.SENDING},
                "lease_until": {"N": str(int((now + LEASE).timestamp()))},
            },
            kept={**_record(sending, now), "tries": {"N": "0"}},
            condition=f"attribute_not_exists(token_hash) OR #state IN ({', '.join(claimable)})",
            values=claimable,
            counted=True,
        )
        return int(claimed["attempt"]["N"]) if claimed else None

    def sent(self, sending: Sending, attempt: int, message_id: str, now: datetime) -> None:
        """Record that the provider took the message, unless another attempt has begun.

        Raises:
            Unavailable: the table did not answer.
        """
        self._end(sending, attempt, State.SENT, {"message_id": {"S": message_id}}, now)

    def ended(
        self, sending: Sending, attempt: int, state: State, reason: str, now: datetime
    ) -> None:
        """Record another end of an attempt, with its reason; `CREATED` gives it back.

        Raises:
            Unavailable: the table did not answer.
        """
        self._end(sending, attempt, state, {"reason": {"S": reason}}, now)

    def no_contact(self, sending: Sending, now: datetime) -> None:
        """Record that there is no way to the person; doing it again changes nothing.

        Raises:
            Unavailable: the table did not answer.
        """
        self._update(
            sending,
            now,
            changes={"state": {"S": State.NO_CONTACT}, "attempt": {"N": "0"}},
            kept=_record(sending, now),
            condition="attribute_not_exists(token_hash)",
            values={},
        )

    def _one_is_there(self, record_ids: Sequence[str]) -> bool:
        request: Any = {
            "Keys": [_key(record_id) for record_id in record_ids],
            "ConsistentRead": True,
            "ProjectionExpression": "token_hash",
        }
        with aws_errors(_WHAT):
            answer = self._dynamodb.batch_get_item(RequestItems={self._table: request})
        if answer["Responses"].get(self._table):
            return True
        if answer.get("UnprocessedKeys"):
            raise Unavailable(f"{_WHAT}:UnprocessedKeys")
        return False

    def _end(
        self,
        sending: Sending,
        attempt: int,
        state: State,
        changes: Mapping[str, AttributeValueTypeDef],
        now: datetime,
    ) -> None:
        self._update(
            sending,
            now,
            changes={"state": {"S": state}, **changes},
            kept={},
            condition=_HELD,
            values={":sending": {"S": State.SENDING}, ":attempt": {"N": str(attempt)}},
        )

    def _update(  # noqa: PLR0913 - the parts of one conditional write
        self,
        sending: Sending,
        now: datetime,
        *,
        changes: Mapping[str, AttributeValueTypeDef],
        kept: Mapping[str, AttributeValueTypeDef],
        condition: str,
        values: Mapping[str, AttributeValueTypeDef],
        counted: bool = False,
    ) -> Mapping[str, Any] | None:
        """What the change wrote, or None where the condition forbids it."""
        changes = {**changes, "updated_at": {"S": now.isoformat()}}
        settings = [f"#{name} = :new_{name}" for name in changes]
        settings += [f"#{name} = if_not_exists(#{name}, :new_{name})" for name in kept]
        new = {f":new_{name}": value for name, value in (*changes.items(), *kept.items())}
        with aws_errors(_WHAT):
            try:
                return self._dynamodb.update_item(
                    TableName=self._table,
                    Key=_key(sending.record_id),
                    UpdateExpression=f"SET {', '.join(settings)}"
                    + (" ADD attempt :one" if counted else ""),
                    ConditionExpression=condition,
                    ExpressionAttributeNames={f"#{name}": name for name in (*changes, *kept)},
                    ExpressionAttributeValues={
                        **new,
                        **values,
                        **({":one": {"N": "1"}} if counted else {}),
                    },
                    ReturnValues="UPDATED_NEW",
                )["Attributes"]
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return None
                raise


def _key(record_id: str) -> dict[str, AttributeValueTypeDef]:
    return {"token_hash": {"S": record_id}}


def _record(sending: Sending, now: datetime) -> dict[str, AttributeValueTypeDef]:
    """What is written once, by whichever write comes first."""
    record: dict[str, AttributeValueTypeDef] = {
        "schema": {"N": str(SCHEMA_VERSION)},
        "cause": {"S": sending.cause},
        "template": {"S": sending.template},
        "created_at": {"S": now.isoformat()},
        "expires_at": {"N": str(sending.expires_at)},
    }
    if sending.channel is not None:
        record["channel"] = {"S": sending.channel}
    return record


def _progress(item: Mapping[str, Any]) -> Progress:
    lease = item.get("lease_until")
    return Progress(
        state=State(item["state"]["S"]),
        attempt=int(item["attempt"]["N"]),
        lease_until=datetime.fromtimestamp(int(lease["N"]), UTC) if lease else None,
    )
