"""A capability's own subscription to the events topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.constructs.queue_with_dead_letters import DeadLetterQueue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sqs as sqs

    from infra.settings import Settings


class EventSubscription(Construct):
    """Delivers chosen events, raw, to a queue; what SNS cannot deliver is kept.

    Args:
        scope: the parent.
        construct_id: its id.
        settings: of the environment.
        name: of the subscription, after the environment's prefix.
        topic: the events topic.
        queue: where the events go.
        types: of events.
        key: encrypts the dead letters.
        alarms: who is told of dead letters.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        name: str,
        topic: sns.ITopic,
        queue: sqs.IQueue,
        types: Sequence[str],
        key: kms.IKey,
        alarms: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        undelivered = DeadLetterQueue(
            self,
            "Undelivered",
            settings=settings,
            name=f"{name}-subscription-dead-letters",
            key=key,
            alarms=alarms,
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
            filter_policy={"type": sns.SubscriptionFilter.string_filter(allowlist=list(types))},
            dead_letter_queue=undelivered,
        )
