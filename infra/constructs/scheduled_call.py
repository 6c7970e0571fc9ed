"""A function that is called at a fixed rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.constructs.queue_with_dead_letters import DeadLetterQueue

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

    from infra.constructs.vigie_function import VigieFunction
    from infra.settings import Settings


class ScheduledCall(Construct):
    """Calls a function at a rate; calls that fail for good are kept and heard of.

    Args:
        scope: the parent.
        construct_id: its id.
        settings: of the environment.
        name: of the rule, after the environment's prefix.
        called: the function.
        every: the rate.
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
        called: VigieFunction,
        every: Duration,
        key: kms.IKey,
        alarms: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        missed = DeadLetterQueue(
            self,
            "Missed",
            settings=settings,
            name=f"{name}-dead-letters",
            key=key,
            alarms=alarms,
        ).queue
        events.Rule(
            self,
            "Rule",
            rule_name=settings.name(name),
            schedule=events.Schedule.rate(every),
            targets=[
                targets.LambdaFunction(called.function, dead_letter_queue=missed, retry_attempts=2)
            ],
        )
