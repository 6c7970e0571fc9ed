"""A queue whose undeliverable messages are kept, and heard of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import emulator
from infra.findings import acknowledge

if TYPE_CHECKING:
    from infra.constructs.messaging import Messaging

DEAD_LETTERS_KEPT = Duration.days(14)
_VISIBILITY_FACTOR = 6
# Between the last try of a message and the moment when it counts as given up.
_MARGIN = Duration.minutes(15)


class DeadLetterQueue(Construct):
    """A queue of what could not be done, with an alarm at the first message.

    Args:
        scope: the parent.
        construct_id: its id.
        messaging: how messages are kept.
        name: of the queue, after the environment's prefix.
    """

    def __init__(
        self, scope: Construct, construct_id: str, messaging: Messaging, *, name: str
    ) -> None:
        super().__init__(scope, construct_id)
        settings = messaging.settings
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=settings.name(name),
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=messaging.key,
            enforce_ssl=emulator.tls_only(settings),
            retention_period=DEAD_LETTERS_KEPT,
        )
        acknowledge(
            self.queue,
            "SQS3",
            "It is a dead-letter queue, of a queue, a subscription or a rule.",
        )
        alarm = cloudwatch.Alarm(
            self,
            "Alarm",
            alarm_name=f"{settings.name(name)}-not-empty",
            alarm_description=f"{name} holds messages: see the runbook, redrive.",
            metric=self.queue.metric_approximate_number_of_messages_visible(
                period=Duration.minutes(1), statistic="Maximum"
            ),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(messaging.alarms))


class QueueWithDeadLetters(Construct):
    """A queue for one consumer, with its dead-letter queue.

    Args:
        scope: the parent.
        construct_id: its id.
        messaging: how messages are kept.
        name: of the queue, after the environment's prefix.
        consumer_timeout: of the function that reads it; a message stays invisible six
            times as long, as Lambda asks.
        attempts: how often a message is delivered before it is put aside.
        batching: how long Lambda collects messages before it calls the function.

    Attributes:
        queue: the queue.
        dead_letters: its dead-letter queue.
        given_up_after: how long after it was sent a message must be done or dead.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        messaging: Messaging,
        *,
        name: str,
        consumer_timeout: Duration,
        attempts: int = 5,
        batching: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        settings = messaging.settings
        invisible = consumer_timeout.to_seconds() * _VISIBILITY_FACTOR
        if batching is not None:
            invisible += batching.to_seconds()
        self.given_up_after = Duration.seconds(invisible * attempts).plus(_MARGIN)
        self.dead_letters = DeadLetterQueue(
            self, "DeadLetters", messaging, name=f"{name}-dead-letters"
        ).queue
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=settings.name(name),
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=messaging.key,
            enforce_ssl=emulator.tls_only(settings),
            retention_period=Duration.days(14),
            visibility_timeout=Duration.seconds(invisible),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=attempts
            ),
        )
