"""What a call of AWS is charged as: units of a price list, from what is really sent and stored."""

from __future__ import annotations

from collections import Counter
from math import ceil
from typing import TYPE_CHECKING, Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from tests.functions.conftest import REGION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ACCOUNT = "123456789012"
_WRITE_BYTES = 1024
_READ_BYTES = 4096
# Amazon SNS and SQS charge each 64 KiB of what is sent as a request.
_MESSAGE_BYTES = 64 * 1024
_OVERHEAD_BYTES = 3

Item = dict[str, Any]
Usage = Counter[str]
_FIXED = {
    ("kms", "Sign"): "kms signature",
    ("kms", "Decrypt"): "kms request",
    ("kms", "GenerateDataKey"): "kms request",
    ("kms", "GenerateMac"): "kms request",
    ("s3", "GetObject"): "s3 get",
    ("s3", "HeadObject"): "s3 get",
    ("s3", "PutObject"): "s3 put",
    ("sesv2", "SendEmail"): "message",
    ("sns", "Publish"): "message",
    ("sqs", "GetQueueAttributes"): "sqs request",
    ("sqs", "SendMessage"): "sqs request",
    ("ssm", "GetParameter"): "ssm request",
}


def stored(params: Mapping[str, Any]) -> Item | None:
    """The item that a write names by its key, as it is in moto's table now."""
    table = dynamodb_backends[_ACCOUNT][REGION].tables[params["TableName"]]
    named = params.get("Key") or params["Item"]
    hash_key = DynamoType(named[table.hash_key_attr])
    range_key = DynamoType(named[table.range_key_attr]) if table.range_key_attr else None
    item = table.get_item(hash_key, range_key)
    return dict(item.to_json()["Attributes"]) if item else None


def partition_of(params: Mapping[str, Any]) -> str:
    """The partition key of the item that a write names."""
    table = dynamodb_backends[_ACCOUNT][REGION].tables[params["TableName"]]
    named = params.get("Key") or params["Item"]
    return str(next(iter(named[table.hash_key_attr].values())))


def of_item(before: Item | None, after: Item | None) -> int:
    """The write units of a table for one item, without those of its indexes.

    An item that a condition protected is charged as if it were written.
    """
    return max(_units(before, _WRITE_BYTES), _units(after, _WRITE_BYTES), 1)


def of_write(table: str, before: Item | None, after: Item | None) -> Usage:
    """The write units of a table and its indexes for one item that changed, or did not.

    An index is charged where what it projects changed: once, or twice where its own key did.
    """
    units = of_item(before, after)
    for index in dynamodb_backends[_ACCOUNT][REGION].tables[table].global_indexes:
        names = [part["AttributeName"] for part in index.schema]
        held = _held_by(index.projection, names)
        old, new = (_projected(item, names, held) for item in (before, after))
        if old == new:
            continue
        moved = old and new and any(old[name] != new[name] for name in names)
        units += (
            (_units(old, _WRITE_BYTES) + _units(new, _WRITE_BYTES))
            if moved
            else max(_units(old, _WRITE_BYTES), _units(new, _WRITE_BYTES))
        )
    return Counter({"dynamodb write unit": units})


def of_call(service: str, operation: str, params: Mapping[str, Any], answer: Item) -> Usage:
    """The units of a call that writes no item of a table.

    Raises:
        KeyError: nobody has said how such a call is charged.
    """
    match service, operation:
        case "dynamodb", "GetItem":
            found = [answer["Item"]] if "Item" in answer else []
            return _of_read(found, consistent=params.get("ConsistentRead", False))
        case "dynamodb", "Query":
            return _of_read(answer["Items"], consistent=params.get("ConsistentRead", False))
        case "dynamodb", "Scan":
            # Whatever is left out of the answer is read: some 1 KiB each, as certificates are.
            return Counter({"dynamodb half read unit": ceil(answer["ScannedCount"] / 4)})
        case "dynamodb", "BatchGetItem":
            return _of_batch(params["RequestItems"], answer["Responses"])
        case ("sns", "PublishBatch") | ("sqs", "SendMessageBatch"):
            entries = params.get("PublishBatchRequestEntries") or params["Entries"]
            sent = [entry.get("Message") or entry["MessageBody"] for entry in entries]
            return Counter({f"{service} request": message_requests(sent)})
    return Counter({_FIXED[service, operation]: 1})


def writes_of(params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a transaction writes, each as the call that would write it alone.

    Each is charged twice (Amazon DynamoDB Developer Guide, "Capacity management for
    transactions").
    """
    return [write for each in params["TransactItems"] for write in each.values()]


def message_requests(bodies: Iterable[str]) -> int:
    """The requests that messages of one call of SNS or SQS are charged as."""
    return max(1, ceil(sum(len(body.encode()) for body in bodies) / _MESSAGE_BYTES))


def size(item: Item) -> int:
    """The bytes of an item: names and values (Amazon DynamoDB Developer Guide, item sizes)."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "N":
        return len(content) // 2 + 2
    if kind == "B":
        # moto keeps it in base64; a client gives bytes.
        return len(content) * 3 // 4 if isinstance(content, str) else len(bytes(content))
    if kind == "NS":
        return _OVERHEAD_BYTES + sum(len(number) // 2 + 2 for number in content)
    return len(str(content).encode())


def _units(item: Item | None, bytes_each: int) -> int:
    return ceil(size(item) / bytes_each) if item else 0


def _held_by(projection: Mapping[str, Any], names: list[str]) -> frozenset[str] | None:
    """What an index holds, besides the key of the table; None for every attribute."""
    if projection["ProjectionType"] == "ALL":
        return None
    return frozenset({*names, *projection.get("NonKeyAttributes", ())})


def _projected(item: Item | None, names: list[str], held: frozenset[str] | None) -> Item | None:
    if item is None or any(name not in item for name in names):
        return None
    return item if held is None else {name: item[name] for name in held if name in item}


def _of_read(found: Iterable[Item], *, consistent: bool) -> Usage:
    units = max(1, ceil(sum(size(item) for item in found) / _READ_BYTES))
    return Counter({"dynamodb half read unit": 2 * units if consistent else units})


def _of_batch(requested: Mapping[str, Any], found: Mapping[str, Any]) -> Usage:
    """Each item of a batch is charged as if it were read alone, also one that is not there."""
    used: Usage = Counter()
    for table, request in requested.items():
        consistent, items = request.get("ConsistentRead", False), found.get(table, [])
        for item in items:
            used += _of_read([item], consistent=consistent)
        for _ in range(len(request["Keys"]) - len(items)):
            used += _of_read([], consistent=consistent)
    return used
