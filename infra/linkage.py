"""Linkage: which pseudonyms stand for one person, for statistics and follow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration

from infra.capability import Capability
from infra.constructs.subscribed_queue import SubscribedQueue
from infra.constructs.vigie_function import VigieFunction

if TYPE_CHECKING:
    from constructs import Construct

    from infra.core import Core
    from infra.intake import Intake
    from infra.settings import Settings

_TIMEOUT = Duration.minutes(1)
_EVENTS = ("ResultRecorded", "ResultCorrected", "ResultWithdrawn")


class Linkage(Capability):
    """The linkage queue and the table of tokens and standings."""

    def __init__(self, scope: Construct, settings: Settings, core: Core, intake: Intake) -> None:
        super().__init__(scope, "linkage", settings)
        persons = self.table("persons", "place", "person", key=core.records)
        queue = SubscribedQueue(
            self,
            "LinkageQueue",
            core.messaging,
            name="linkage",
            topic=core.events,
            types=_EVENTS,
            consumer_timeout=_TIMEOUT,
        )
        function = VigieFunction(
            self,
            "person_linkage",
            settings=settings,
            alarms=core.alarms,
            environment={
                "RESULTS_TABLE": intake.results.name,
                "PERSONS_TABLE": persons.name,
                "EVENTS_TOPIC_ARN": core.events.topic_arn,
                "DEAD_LETTERS_URL": queue.dead_letters.queue_url,
                "RETENTION_DAYS": str(settings.retention_days),
            },
            timeout=_TIMEOUT,
        )
        function.reads(queue.queue, batch_size=10, concurrency=20)
        function.sends_to(queue.dead_letters, core.messages)
        function.publishes_to(core.events, core.messages)
        intake.results.grant(function.role, "BatchGetItem")
        persons.grant(function.role, "BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem")
        self.publish("PersonsTable", "tables/persons", persons.name)
        self.publish("LinkageQueueUrl", "queues/linkage", queue.queue.queue_url)
        self.publish(
            "LinkageDeadLettersUrl", "queues/linkage-dead-letters", queue.dead_letters.queue_url
        )
