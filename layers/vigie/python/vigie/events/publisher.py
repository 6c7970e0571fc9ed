"""Publishing to the events topic."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.errors import Unavailable
from vigie.events.event import AnyEvent, AnyPersonsEvent, CertificateIssued, write_event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_sns.client import SNSClient

BATCH = 10


class EventPublisher:
    """Publishes events to one SNS topic, ten to a call.

    The attribute `type`, and `kind` of events that have one, let subscriptions filter.

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
        remaining = iter(events)
        while batch := list(islice(remaining, BATCH)):
            self._publish_batch(batch)

    def _publish_batch(self, batch: list[AnyEvent | AnyPersonsEvent]) -> None:
        with aws_errors("events-topic"):
            answer = self._sns.publish_batch(
                TopicArn=self._topic_arn,
                PublishBatchRequestEntries=[
                    {
                        "Id": str(position),
                        "Message": write_event(event),
                        "MessageAttributes": {
                            name: {"DataType": "String", "StringValue": text}
                            for name, text in _attributes(event).items()
                        },
                    }
                    for position, event in enumerate(batch)
                ],
            )
        if answer.get("Failed"):
            raise Unavailable(f"events-topic:{answer['Failed'][0].get('Code', 'Unknown')}")


def _attributes(event: AnyEvent | AnyPersonsEvent) -> dict[str, str]:
    kind = {"kind": event.kind} if isinstance(event, CertificateIssued) else {}
    return {"type": event.type, **kind}
