"""The watch over laboratories: an alarm that names the one that behaves unlike itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration

from infra.capability import Capability
from infra.constructs.queue_with_dead_letters import QueueWithDeadLetters
from infra.constructs.scheduled_call import ScheduledCall
from infra.constructs.vigie_function import VigieFunction

if TYPE_CHECKING:
    from constructs import Construct

    from infra.core import Core
    from infra.intake import Intake
    from infra.settings import Settings

_TIMEOUT = Duration.minutes(2)
_BATCH = 10


class LaboratoryWatch(Capability):
    """A schedule, a message for each laboratory, and what is remembered of it."""

    def __init__(self, scope: Construct, settings: Settings, core: Core, intake: Intake) -> None:
        super().__init__(scope, "laboratory-watch", settings)
        table = self.table("watch-records", "laboratory", "entry", key=core.records)
        queue = QueueWithDeadLetters(
            self, "WatchQueue", core.messaging, name="laboratory-watch", consumer_timeout=_TIMEOUT
        )
        function = VigieFunction(
            self,
            "laboratory_watch",
            settings=settings,
            alarms=core.alarms,
            environment={
                "ENVIRONMENT_NAME": f"vigie-{settings.environment}",
                "FILES_TABLE": intake.files.name,
                "LABORATORIES_TABLE": intake.laboratories.name,
                "WATCH_TABLE": table.name,
                "WATCH_QUEUE_URL": queue.queue.queue_url,
                "DEAD_LETTERS_URL": queue.dead_letters.queue_url,
                "ALARMS_TOPIC_ARN": core.alarms.topic_arn,
                "TIME_ZONE": str(settings.issuer_time_zone),
                "RETENTION_DAYS": str(settings.retention_days),
            },
            timeout=_TIMEOUT,
        )
        function.reads(queue.queue, batch_size=_BATCH, concurrency=5)
        for each in (queue.queue, queue.dead_letters):
            function.sends_to(each, core.messages)
        function.publishes_to(core.alarms, core.messages)
        intake.laboratories.grant(function.role, "Scan")
        intake.files.grant_query(function.role, "by-laboratory")
        table.grant(function.role, "Query", "PutItem")
        function.alarm_on(
            "LaboratoryAlarms",
            "A laboratory behaves unlike itself: a message of its own names it. See the operator's "
            "page, A laboratory that needs a call.",
            period=Duration.hours(1),
        )
        ScheduledCall(
            self,
            "Watch",
            core.messaging,
            name="laboratory-watch-schedule",
            called=function,
            every=Duration.hours(1),
        )
        self.publish("WatchTable", "tables/watch-records", table.name)
        self.publish("WatchQueueUrl", "queues/laboratory-watch", queue.queue.queue_url)
        self.publish(
            "WatchDeadLettersUrl",
            "queues/laboratory-watch-dead-letters",
            queue.dead_letters.queue_url,
        )
