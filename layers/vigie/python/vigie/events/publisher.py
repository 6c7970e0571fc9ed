"""Publishing to the events topic."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from vigie.aws import aws_errors
from vigie.errors import Unavailable
from vigie.events.bundle import bundled
from vigie.events.event import AnyEvent, AnyPersonsEvent, CertificateIssued, write_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_sns.client import SNSClient

_BATCH = 10
# The attribute `kind` of what nobody is sent a message of, whatever its kind.
UNTOLD = "untold"
# Amazon SNS, PublishBatch: all messages of a call, attributes included.
_BATCH_BYTES = 250 * 1024


class _Attributes(NamedTuple):
    """What subscriptions filter by."""

    type: str
    kind: str | None


class _Message(NamedTuple):
    body: str
    attributes: _Attributes


class EventPublisher:
    """Publishes events to one SNS topic, several to a message and ten messages to a call.

    The attribute `type`, and `kind` of events that have one, let subscriptions filter: the events
    of a message have the same.

    Args:
        sns: the SNS client.
        topic_arn: the events topic.
    """

    def __init__(self, sns: SNSClient, topic_arn: str) -> None:
        self._sns = sns
        self._topic_arn = topic_arn

    def publish(self, events: Iterable[AnyEvent | AnyPersonsEvent]) -> None:
        """Publish all events, or raise; publishing one again is harmless.

        Raises:
            Unavailable: at least one was not taken.
        """
        for batch in _batches(_messages(events)):
            self._publish_batch(batch)

    def _publish_batch(self, batch: list[_Message]) -> None:
        with aws_errors("events-topic"):
            answer = self._sns.publish_batch(
                TopicArn=self._topic_arn,
                PublishBatchRequestEntries=[
                    {
                        "Id": str(position),
                        "Message": message.body,
                        "MessageAttributes": {
                            name: {"DataType": "String", "StringValue": text}
                            for name, text in message.attributes._asdict().items()
                            if text is not None
                        },
                    }
                    for position, message in enumerate(batch)
                ],
            )
        if answer.get("Failed"):
            raise Unavailable(f"events-topic:{answer['Failed'][0].get('Code', 'Unknown')}")


def _messages(events: Iterable[AnyEvent | AnyPersonsEvent]) -> Iterator[_Message]:
    alike: defaultdict[_Attributes, list[str]] = defaultdict(list)
    for event in events:
        alike[_Attributes(event.type, _kind(event))].append(write_event(event))
    for attributes, written in alike.items():
        yield from (_Message(body, attributes) for body in bundled(written))


def _kind(event: AnyEvent | AnyPersonsEvent) -> str | None:
    """What kind of certificate people may be told of."""
    if not isinstance(event, CertificateIssued):
        return None
    return UNTOLD if event.untold else event.kind


def _batches(messages: Iterable[_Message]) -> Iterator[list[_Message]]:
    batch: list[_Message] = []
    size = 0
    for message in messages:
        more = len(message.body.encode())
        if batch and (len(batch) == _BATCH or size + more > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += more
    if batch:
        yield batch
