"""A capability's own subscription to the events topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.constructs.queue_with_dead_letters import DeadLetterQueue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_sqs as sqs

    from infra.constructs.messaging import Messaging


class EventSubscription(Construct):
    """Delivers chosen events, raw, to a queue; what SNS cannot deliver is kept.

    Args:
        scope: the parent.
        construct_id: its id.
        messaging: how what cannot be delivered is kept.
        name: of the subscription, after the environment's prefix.
        topic: the events topic.
        queue: where the events go.
        types: of events; all of them, of whatever type, if none are given.
        kinds: of those that have a kind, the ones to deliver; every one if none are given.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        messaging: Messaging,
        *,
        name: str,
        topic: sns.ITopic,
        queue: sqs.IQueue,
        types: Sequence[str] = (),
        kinds: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        undelivered = DeadLetterQueue(
            self, "Undelivered", messaging, name=f"{name}-subscription-dead-letters"
        ).queue
        queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("sns.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[queue.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": topic.topic_arn}},
            )
        )
        sns.Subscription(
            self,
            "Subscription",
            topic=topic,
            endpoint=queue.queue_arn,
            protocol=sns.SubscriptionProtocol.SQS,
            raw_message_delivery=True,
            filter_policy=_only(types, kinds) if types else None,
            dead_letter_queue=undelivered,
        )


def _only(types: Sequence[str], kinds: Sequence[str]) -> dict[str, sns.SubscriptionFilter]:
    policy = {"type": sns.SubscriptionFilter.string_filter(allowlist=list(types))}
    if kinds:
        policy["kind"] = sns.SubscriptionFilter([{"exists": False}, *kinds])
    return policy
