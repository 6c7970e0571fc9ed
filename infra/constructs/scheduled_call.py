"""A function that is called at a fixed rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.constructs.queue_with_dead_letters import DeadLetterQueue

if TYPE_CHECKING:
    from aws_cdk import Duration

    from infra.constructs.messaging import Messaging
    from infra.constructs.vigie_function import VigieFunction


class ScheduledCall(Construct):
    """Calls a function at a rate or at times; calls that fail for good are kept and heard of.

    Args:
        scope: the parent.
        construct_id: its id.
        messaging: how calls that fail for good are kept.
        name: of the rule, after the environment's prefix.
        called: the function.
        every: the rate, or the times.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        messaging: Messaging,
        *,
        name: str,
        called: VigieFunction,
        every: Duration | events.Schedule,
    ) -> None:
        super().__init__(scope, construct_id)
        missed = DeadLetterQueue(self, "Missed", messaging, name=f"{name}-dead-letters").queue
        events.Rule(
            self,
            "Rule",
            rule_name=messaging.settings.name(name),
            schedule=every if isinstance(every, events.Schedule) else events.Schedule.rate(every),
            targets=[
                targets.LambdaFunction(called.function, dead_letter_queue=missed, retry_attempts=2)
            ],
        )
