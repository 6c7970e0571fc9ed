"""Statistics: tests are counted as their results come, and the numbers are published each day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_events as events

from infra.capability import Capability
from infra.constructs.layer_set import Layer
from infra.constructs.private_bucket import acknowledge_objects
from infra.constructs.scheduled_call import ScheduledCall
from infra.constructs.subscribed_queue import SubscribedQueue
from infra.constructs.vigie_function import VigieFunction
from infra.open_data import DATA, OpenData

if TYPE_CHECKING:
    from constructs import Construct

    from infra.core import Core
    from infra.intake import Intake
    from infra.settings import Settings

_TIMEOUT = Duration.minutes(1)
_EVENTS = (
    "ResultRecorded",
    "ResultCorrected",
    "ResultWithdrawn",
    "PersonsLinked",
    "PersonsUnlinked",
)
_BATCH = 10
_COPIES = 40
# A test is counted twice if where it was counted is forgotten before its result is gone: late
# events and DynamoDB's deletion may take their time.
_REMEMBERED_LONGER_DAYS = 95
# UTC: in the evening of metropolitan France, as its numbers were.
_PUBLISHED_AT = "17"
# A publication is made in files: ten years of a country take some 300 MB.
_SCRATCH_MIB = 2048


class Statistics(Capability):
    """The statistics queue, what was counted where, the counts, and what is published of them.

    Args:
        scope: the app.
        settings: of the environment.
        core: keys, the events topic, alarms.
        intake: keeps the results.
        web_acl_arn: of the firewall in front of what is published; None where there is none.

    Attributes:
        open_data: the site of the numbers.
    """

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        core: Core,
        intake: Intake,
        *,
        web_acl_arn: str | None,
    ) -> None:
        super().__init__(scope, "statistics", settings)
        self._core = core
        self._counted = self.table("counted", "counted", key=core.records)
        self._counts = self.table("counts", "list", "entry", key=core.records)
        self._queue = SubscribedQueue(
            self,
            "StatisticsQueue",
            core.messaging,
            name="statistics",
            topic=core.events,
            types=_EVENTS,
            consumer_timeout=_TIMEOUT,
        )
        self._statistics_counting(intake)
        self.open_data = OpenData(self, settings, web_acl_arn)
        self._statistics_publication()
        self._tell_the_command()

    def _statistics_counting(self, intake: Intake) -> None:
        core = self._core
        function = VigieFunction(
            self,
            "statistics_counting",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "RESULTS_TABLE": intake.results.name,
                "COUNTED_TABLE": self._counted.name,
                "COUNTS_TABLE": self._counts.name,
                "DEAD_LETTERS_URL": self._queue.dead_letters.queue_url,
                "TIME_ZONE": self.settings.issuer_time_zone.key,
                "KEPT_DAYS": str(self.settings.retention_days + _REMEMBERED_LONGER_DAYS),
            },
            timeout=_TIMEOUT,
        )
        function.reads(self._queue.queue, batch_size=_BATCH, concurrency=_COPIES)
        function.sends_to(self._queue.dead_letters, core.messages)
        intake.results.grant(function.role, "BatchGetItem")
        self._counted.grant(function.role, "BatchGetItem", "DeleteItem", "PutItem", "UpdateItem")
        self._counts.grant(function.role, "PutItem", "UpdateItem")

    def _statistics_publication(self) -> None:
        """Each day, before people look at the numbers."""
        core, bucket = self._core, self.open_data.bucket
        function = VigieFunction(
            self,
            "statistics_publication",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "COUNTS_TABLE": self._counts.name,
                "OPEN_DATA_BUCKET": bucket.bucket.bucket_name,
                "TIME_ZONE": self.settings.issuer_time_zone.key,
            },
            timeout=Duration.minutes(15),
            memory_mib=1769,
            layers=[Layer.STATISTICS],
            scratch_mib=_SCRATCH_MIB,
        )
        role = function.role
        self._counts.grant(role, "GetItem", "PutItem", "Query")
        bucket.grant(role, "s3:GetObject", "s3:PutObject", objects=f"{DATA}/*")
        # Listing makes S3 answer 404 and not 403 for what is not there yet.
        bucket.grant_list(role)
        acknowledge_objects(
            role, bucket.bucket, f"{DATA}/*", reason="A publication is named by its day."
        )
        ScheduledCall(
            self,
            "Publication",
            core.messaging,
            name="statistics-publication",
            called=function,
            every=events.Schedule.cron(hour=_PUBLISHED_AT, minute="0"),
        )

    def _tell_the_command(self) -> None:
        self.publish("CountedTable", "tables/counted", self._counted.name)
        self.publish("CountsTable", "tables/counts", self._counts.name)
        self.publish(
            "OpenDataBucket", "buckets/open-data", self.open_data.bucket.bucket.bucket_name
        )
        self.publish("NumbersBucket", "buckets/numbers", self.open_data.page.bucket.bucket_name)
        self.publish("NumbersUrl", "numbers-url", self.open_data.url)
        self.publish("StatisticsQueueUrl", "queues/statistics", self._queue.queue.queue_url)
        self.publish(
            "StatisticsDeadLettersUrl",
            "queues/statistics-dead-letters",
            self._queue.dead_letters.queue_url,
        )
