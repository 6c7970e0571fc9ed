"""The sendings table: who may send a message now, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from notification_dispatch.sending import LEASE, Preference, Progress, Sending, State
from vigie.aws import aws_errors, error_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 1
_WHAT = "sendings-table"
_HELD = "#state = :sending AND attempt = :attempt"


class SendingStore:
    """Keeps the state of each sending; every change is conditional.

    Key: `sending_id`. No index: a sending is only ever found by what it is about. Beside the
    sendings, `told#<result id>` says that a message about a result may have gone out.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the sendings table.
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
                TableName=self._table, Key=_key(sending), ConsistentRead=True
            ).get("Item")
        return _progress(item) if item else None

    def told(self, result_id: str) -> bool:
        """Whether a message about a result may have gone out, read consistently.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key=_told_key(result_id), ConsistentRead=True
            )
        return "Item" in answer

    def note_told(self, result_id: str, *, until: int) -> None:
        """Note, before the first message about a result, that one may have gone out.

        Args:
            result_id: the result.
            until: Unix seconds after which the result itself may be deleted.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_told_key(result_id),
                UpdateExpression="SET #schema = :schema, expires_at = :until",
                ExpressionAttributeNames={"#schema": "schema"},
                ExpressionAttributeValues={
                    ":schema": {"N": str(SCHEMA_VERSION)},
                    ":until": {"N": str(until)},
                },
            )

    def claim(self, sending: Sending, preference: Preference, now: datetime) -> int | None:
        """Claim a sending that is new, given back, or unknown and better sent twice.

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
                "state": {"S": State.SENDING},
                "lease_until": {"N": str(int((now + LEASE).timestamp()))},
            },
            condition=f"attribute_not_exists(sending_id) OR #state IN ({', '.join(claimable)})",
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
            condition="attribute_not_exists(sending_id)",
            values={},
        )

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
            condition=_HELD,
            values={":sending": {"S": State.SENDING}, ":attempt": {"N": str(attempt)}},
        )

    def _update(  # noqa: PLR0913 - the parts of one conditional write
        self,
        sending: Sending,
        now: datetime,
        *,
        changes: Mapping[str, AttributeValueTypeDef],
        condition: str,
        values: Mapping[str, AttributeValueTypeDef],
        counted: bool = False,
    ) -> Mapping[str, Any] | None:
        """The item after the change, or None where the condition forbids it."""
        changes = {**changes, "updated_at": {"S": now.isoformat()}}
        kept = _record(sending, now)
        settings = [f"#{name} = :new_{name}" for name in changes]
        settings += [f"#{name} = if_not_exists(#{name}, :new_{name})" for name in kept]
        new = {f":new_{name}": value for name, value in (*changes.items(), *kept.items())}
        with aws_errors(_WHAT):
            try:
                return self._dynamodb.update_item(
                    TableName=self._table,
                    Key=_key(sending),
                    UpdateExpression=f"SET {', '.join(settings)}"
                    + (" ADD attempt :one" if counted else ""),
                    ConditionExpression=condition,
                    ExpressionAttributeNames={f"#{name}": name for name in (*changes, *kept)},
                    ExpressionAttributeValues={
                        **new,
                        **values,
                        **({":one": {"N": "1"}} if counted else {}),
                    },
                    ReturnValues="ALL_NEW",
                )["Attributes"]
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return None
                raise


def _key(sending: Sending) -> dict[str, AttributeValueTypeDef]:
    return {"sending_id": {"S": sending.sending_id}}


def _told_key(result_id: str) -> dict[str, AttributeValueTypeDef]:
    return {"sending_id": {"S": f"told#{result_id}"}}


def _record(sending: Sending, now: datetime) -> dict[str, AttributeValueTypeDef]:
    """What is written once, by whichever write comes first."""
    record: dict[str, AttributeValueTypeDef] = {
        "schema": {"N": str(SCHEMA_VERSION)},
        "person": {"S": sending.person},
        "cause": {"S": sending.cause},
        "result_id": {"S": sending.result_id},
        "template": {"S": sending.template},
        "created_at": {"S": now.isoformat()},
        "expires_at": {"N": str(int(sending.expires_at.timestamp()))},
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
