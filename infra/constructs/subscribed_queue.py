"""A queue that chosen events go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs.event_subscription import EventSubscription
from infra.constructs.queue_with_dead_letters import QueueWithDeadLetters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import Duration
    from aws_cdk import aws_sns as sns
    from constructs import Construct

    from infra.constructs.messaging import Messaging


# A message of several events is given up when one of them was never done.
_ATTEMPTS = 8


class SubscribedQueue(QueueWithDeadLetters):
    """A consumer's queue, with its subscription to the events topic.

    Args:
        scope: the parent.
        construct_id: its id.
        messaging: how messages are kept.
        name: of the queue and the subscription, after the environment's prefix.
        topic: the events topic.
        types: of events; all of them if none are given.
        kinds: of those that have a kind, the ones to deliver; every one if none are given.
        consumer_timeout: of the function that reads it.
        batching: how long Lambda collects messages before it calls the function.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        messaging: Messaging,
        *,
        name: str,
        topic: sns.ITopic,
        types: Sequence[str] = (),
        kinds: Sequence[str] = (),
        consumer_timeout: Duration,
        batching: Duration | None = None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            messaging,
            name=name,
            consumer_timeout=consumer_timeout,
            attempts=_ATTEMPTS,
            batching=batching,
        )
        EventSubscription(
            self,
            "Subscription",
            messaging,
            name=name,
            topic=topic,
            queue=self.queue,
            types=types,
            kinds=kinds,
        )
