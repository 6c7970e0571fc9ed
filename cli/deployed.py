"""An environment as it is deployed: where its things are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected

if TYPE_CHECKING:
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_ssm.client import SSMClient

# What SQS calls a queue that is not there, by the protocol that it is asked in.
_NO_QUEUE = {"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"}


class Deployed:
    """Finds what an environment has.

    Args:
        environment: its name, such as `dev`.
        ssm: the Systems Manager client.
        sqs: the SQS client.
        sns: the SNS client.
    """

    def __init__(self, environment: str, *, ssm: SSMClient, sqs: SQSClient, sns: SNSClient) -> None:
        self.environment = environment
        self._ssm = ssm
        self._sqs = sqs
        self._sns = sns

    def parameter(self, path: str) -> str:
        """What a stack tells the command, such as `buckets/events`.

        Raises:
            Rejected: `environment-unknown`, there is no such parameter.
            Unavailable: the parameter could not be read.
        """
        name = f"/vigie/{self.environment}/{path}"
        with aws_errors("parameters"):
            try:
                return self._ssm.get_parameter(Name=name)["Parameter"]["Value"]
            except ClientError as error:
                if error_code(error) != "ParameterNotFound":
                    raise
        raise Rejected("environment-unknown", f"there is no parameter {name} in this account")

    def queue_url(self, name: str) -> str:
        """URL of a queue, by its name without the environment's prefix.

        Raises:
            Rejected: `queue-unknown`.
            Unavailable: SQS did not answer.
        """
        full_name = f"vigie-{self.environment}-{name}"
        with aws_errors("queues"):
            try:
                return self._sqs.get_queue_url(QueueName=full_name)["QueueUrl"]
            except ClientError as error:
                if error_code(error) not in _NO_QUEUE:
                    raise
        raise Rejected("queue-unknown", f"there is no queue {full_name}")

    def subscribed_types(self, queue_url: str) -> frozenset[str] | None:
        """The types of events that a queue is subscribed to; None for all of them.

        Raises:
            Rejected: `queue-not-subscribed`, it gets no events.
            Unavailable: AWS did not answer.
        """
        with aws_errors("queues"):
            answer = self._sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
        with aws_errors("events-topic"):
            pages = self._sns.get_paginator("list_subscriptions_by_topic").paginate(
                TopicArn=self.parameter("events-topic-arn")
            )
            arns = [
                one["SubscriptionArn"]
                for page in pages
                for one in page["Subscriptions"]
                if one["Endpoint"] == answer["Attributes"]["QueueArn"]
            ]
            if not arns:
                raise Rejected("queue-not-subscribed", "the queue is not one of the events topic")
            found = self._sns.get_subscription_attributes(SubscriptionArn=arns[0])
        policy = json.loads(found["Attributes"].get("FilterPolicy") or "{}")
        return frozenset(policy["type"]) if "type" in policy else None
