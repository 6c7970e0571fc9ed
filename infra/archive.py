"""The archive of events: what was ever told is kept, and can be told to a new consumer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration

from infra.capability import Capability
from infra.constructs.private_bucket import PrivateBucket, acknowledge_objects
from infra.constructs.subscribed_queue import SubscribedQueue
from infra.constructs.vigie_function import VigieFunction

if TYPE_CHECKING:
    from constructs import Construct

    from infra.core import Core
    from infra.settings import Settings

_TIMEOUT = Duration.minutes(1)
# Few objects, and each of many events: an event is archived within this time.
_BATCHING = Duration.minutes(1)
# Each of 25 events at most: about 4 MB, where Lambda takes 6.
_BATCH = 400


class Archive(Capability):
    """A queue for every event, and the bucket that they are kept in."""

    def __init__(self, scope: Construct, settings: Settings, core: Core) -> None:
        super().__init__(scope, "archive", settings)
        bucket = PrivateBucket(
            self,
            "Events",
            settings=settings,
            name="events",
            key=core.messages,
            access_logs=core.access_logs,
            # What an event speaks of is kept as long.
            expires_after=Duration.days(settings.retention_days),
        )
        queue = SubscribedQueue(
            self,
            "ArchiveQueue",
            core.messaging,
            name="archive",
            topic=core.events,
            consumer_timeout=_TIMEOUT,
            batching=_BATCHING,
        )
        function = VigieFunction(
            self,
            "event_archive",
            settings=settings,
            alarms=core.alarms,
            environment={
                "ARCHIVE_BUCKET": bucket.bucket.bucket_name,
                "DEAD_LETTERS_URL": queue.dead_letters.queue_url,
            },
            timeout=_TIMEOUT,
        )
        function.reads(queue.queue, batch_size=_BATCH, concurrency=5, batching=_BATCHING)
        function.sends_to(queue.dead_letters, core.messages)
        bucket.grant(function.role, "s3:PutObject")
        acknowledge_objects(
            function.role, bucket.bucket, reason="An object is named by its day and its events."
        )
        self.publish("EventsBucket", "buckets/events", bucket.bucket.bucket_name)
        self.publish("ArchiveQueueUrl", "queues/archive", queue.queue.queue_url)
        self.publish(
            "ArchiveDeadLettersUrl", "queues/archive-dead-letters", queue.dead_letters.queue_url
        )
