"""What is in the account of a test, put back as it was: quicker than making it again."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from tests.functions.conftest import REGION
from vigie.events.bundle import unbundled

_ACCOUNT = "123456789012"


class Account:
    """The items and objects of moto's account, as they are now.

    Resources themselves, keys, parameters and secrets stay what they are.
    """

    def __init__(self) -> None:
        self._items = {name: deepcopy(table.items) for name, table in _tables().items()}
        self._objects = [
            stored
            for bucket in _buckets().values()
            for _, versions in bucket.keys.iterlists()
            for stored in versions
        ]

    def put_back(self) -> None:
        """Have the account as it was, and nothing in queues and at providers."""
        for name, table in _tables().items():
            table.items = deepcopy(self._items[name])
        for bucket in _buckets().values():
            self._put_objects_back(bucket.keys)
        for queue in _queues().values():
            queue._messages.clear()
            queue._pending_messages.clear()
        ses_backends[_ACCOUNT][REGION].sent_messages.clear()
        sns_backends[_ACCOUNT][REGION].sms_messages.clear()

    def _put_objects_back(self, keys: Any) -> None:  # noqa: ANN401 - moto has no types
        for key, versions in keys.iterlists():
            before = [stored for stored in versions if stored in self._objects]
            # It disposes of the others.
            keys.setlist(key, before)
            if not before:
                del keys[key]


def messages(queue: str) -> list[str]:
    """The bodies of what is in a queue, which stays there."""
    return [message.body for message in _queues()[queue]._messages]


def events(queue: str) -> list[str]:
    """The bodies of the events in a queue, however they share messages; they stay there."""
    return [event for body in messages(queue) for event in unbundled(body)]


def taken(queue: str) -> list[str]:
    """The bodies of what is in a queue, which is empty afterwards."""
    bodies = messages(queue)
    _queues()[queue]._messages.clear()
    return bodies


def objects(bucket: str) -> dict[str, bytes]:
    """What a bucket holds, by key."""
    return {key: stored.value for key, stored in _buckets()[bucket].keys.iteritems()}


def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = dynamodb_backends[_ACCOUNT][REGION].tables
    return tables


def _buckets() -> dict[str, Any]:
    buckets: dict[str, Any] = s3_backends[_ACCOUNT]["aws"].buckets
    return buckets


def _queues() -> dict[str, Any]:
    queues: dict[str, Any] = sqs_backends[_ACCOUNT][REGION].queues
    return queues
