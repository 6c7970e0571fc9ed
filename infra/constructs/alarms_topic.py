"""Topics of ours, and the one that tells people of alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

from infra import emulator

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from infra.settings import Settings


def encrypted_topic(scope: Construct, name: str, settings: Settings, key: kms.IKey) -> sns.Topic:
    """A topic under a key of ours.

    Args:
        scope: the parent.
        name: of the topic, after the environment's prefix.
        settings: of the environment.
        key: encrypts the messages.
    """
    return sns.Topic(
        scope,
        f"{name.title().replace('-', '')}Topic",
        topic_name=settings.name(name),
        master_key=key,
        enforce_ssl=emulator.tls_only(settings),
    )


def alarms_topic(scope: Construct, name: str, settings: Settings, key: kms.IKey) -> sns.Topic:
    """A topic that CloudWatch raises alarms in, and that the operators read.

    Args:
        scope: the parent.
        name: of the topic, after the environment's prefix.
        settings: of the environment.
        key: encrypts the messages; CloudWatch may use it.
    """
    topic = encrypted_topic(scope, name, settings, key)
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": settings.account}},
        )
    )
    if settings.alarm_email is not None:
        topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_email))
    return topic
