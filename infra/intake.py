"""Result intake: a laboratory's file becomes stored results and an acknowledgement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra.capability import Capability
from infra.constructs.laboratory_access import LaboratoryAccess, laboratory_roles
from infra.constructs.private_bucket import PrivateBucket, acknowledge_objects, bucket_name
from infra.constructs.queue_with_dead_letters import QueueWithDeadLetters
from infra.constructs.record_table import RecordTable
from infra.constructs.scheduled_call import ScheduledCall
from infra.constructs.vigie_function import VigieFunction
from infra.findings import acknowledge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from infra.core import Core
    from infra.settings import Settings

_TIMEOUT = Duration.minutes(5)
_PSEUDONYM_KEY_VERSION = "1"
_FILES_KEPT = Duration.days(90)
_WORK_KEPT = Duration.days(30)
# What a laboratory's history tells of a file; the progress of its parts would be written twice.
_HISTORY = ("schema", "file", "state", "format", "summary")
_INTAKE, _SWEEP, _UPLOADS = "result-intake", "inbox-sweep", "laboratory-uploads"


class Intake(Capability):
    """The inbox, its queue, the results.

    Attributes:
        results: the results table.
        files: the files table.
        laboratories: the register.
        inbox: where laboratories put files.
        outbox: where they find the acknowledgements.
        checks: the queue of who compares the inbox with the records.
    """

    def __init__(self, scope: Construct, settings: Settings, core: Core) -> None:
        super().__init__(scope, "intake", settings)
        self._core = core
        self.results = self.table("results", "result_id", key=core.records)
        self.results.index("by-person", "person", "sampled_at", attributes=())
        self.files = self.table("files", "file_id", key=core.records)
        self.files.index("open", "open_shard", "open_since")
        self.files.index("by-laboratory", "laboratory", "arrived", attributes=_HISTORY)
        self.laboratories = RecordTable(
            self,
            "Register",
            settings=settings,
            name="laboratories",
            key=core.records,
            partition_key="finess",
        )
        self.laboratories.index("by-client", "client_id", "finess")
        self._queue = QueueWithDeadLetters(
            self,
            "IntakeQueue",
            core.messaging,
            name="intake",
            consumer_timeout=_TIMEOUT,
        )
        self.inbox = self._exchange("Inbox", "inbox", [_INTAKE])
        self.outbox = self._exchange(
            "Outbox", "outbox", [_INTAKE, _SWEEP, _UPLOADS, *laboratory_roles(settings)]
        )
        self._workspace = PrivateBucket(
            self,
            "Workspace",
            settings=settings,
            name="workspace",
            key=core.files,
            access_logs=core.access_logs,
            expires_after=_WORK_KEPT,
        )
        self._tell_of_new_files()
        self._result_intake()
        self._inbox_sweep()
        self._inbox_check()
        self._access = LaboratoryAccess(
            self, "Laboratories", settings=settings, inbox=self.inbox, outbox=self.outbox
        )
        self._tell_the_command()

    def _exchange(self, construct_id: str, name: str, readers: Sequence[str]) -> PrivateBucket:
        """A bucket that laboratories exchange files through, read by few."""
        bucket = PrivateBucket(
            self,
            construct_id,
            settings=self.settings,
            name=name,
            key=self._core.files,
            access_logs=None,
            expires_after=_FILES_KEPT,
            versioned=True,
        )
        bucket.only_read_by(readers)
        acknowledge(
            bucket.bucket,
            "S1",
            "Its log would keep the laboratories' own paths, which may hold a person's name. Its "
            "policy names its readers, and AWS KMS records in CloudTrail who opens its key.",
        )
        return bucket

    def _tell_of_new_files(self) -> None:
        """Have the inbox notify the queue.

        Said in the bucket's own resource: the notifications of the CDK's `Bucket` would add
        a function of theirs. The queue's policy must then stand before the bucket.
        """
        queue = self._queue.queue
        queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[queue.queue_arn],
                conditions={
                    "ArnEquals": {
                        "aws:SourceArn": f"arn:aws:s3:::{bucket_name(self.settings, 'inbox')}"
                    },
                    "StringEquals": {"aws:SourceAccount": self.settings.account},
                },
            )
        )
        resource = self.inbox.bucket.node.default_child
        assert isinstance(resource, s3.CfnBucket)  # noqa: S101 - narrows the type
        resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(
                    event="s3:ObjectCreated:*", queue=queue.queue_arn
                )
            ]
        )
        policy = queue.node.find_child("Policy")
        resource.node.add_dependency(policy)

    def _result_intake(self) -> None:
        core = self._core
        function = VigieFunction(
            self,
            "result_intake",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "RESULTS_TABLE": self.results.name,
                "FILES_TABLE": self.files.name,
                "LABORATORIES_TABLE": self.laboratories.name,
                "INBOX_BUCKET": self.inbox.bucket.bucket_name,
                "OUTBOX_BUCKET": self.outbox.bucket.bucket_name,
                "WORKSPACE_BUCKET": self._workspace.bucket.bucket_name,
                "INTAKE_QUEUE_URL": self._queue.queue.queue_url,
                "DEAD_LETTERS_URL": self._queue.dead_letters.queue_url,
                "EVENTS_TOPIC_ARN": core.events.topic_arn,
                "IDENTITY_KEY_ARN": core.identity.arn,
                "CONTACT_KEY_ARN": core.contact.arn,
                "PSEUDONYM_KEY_ARN": core.pseudonym.arn,
                "PSEUDONYM_KEY_VERSION": _PSEUDONYM_KEY_VERSION,
                "ORDER_KEY_ARN": core.order.arn,
                "RETENTION_DAYS": str(self.settings.retention_days),
            },
            timeout=_TIMEOUT,
            memory_mib=1769,
        )
        role = function.role
        function.reads(self._queue.queue, batch_size=1, concurrency=50)
        function.sends_to(self._queue.queue, core.messages)
        function.sends_to(self._queue.dead_letters, core.messages)
        function.publishes_to(core.events, core.messages)
        # What a failed condition gives back is read.
        self.results.grant(role, "GetItem", "PutItem")
        self.files.grant(role, "GetItem", "PutItem", "UpdateItem")
        self.laboratories.grant(role, "GetItem")
        self.inbox.grant(role, "s3:GetObject", "s3:GetObjectVersion")
        self.outbox.grant(role, "s3:GetObject", "s3:PutObject")
        self._workspace.grant(role, "s3:GetObject", "s3:PutObject")
        # Listing makes S3 answer 404 and not 403 for what is not there yet.
        for bucket in (self.inbox, self.outbox, self._workspace):
            bucket.grant_list(role)
            acknowledge_objects(role, bucket.bucket)
        core.identity.grant_seal(role)
        core.contact.grant_seal(role)
        core.pseudonym.grant_derive(role)
        core.order.grant_derive(role)

    def _inbox_sweep(self) -> None:
        core = self._core
        function = VigieFunction(
            self,
            "inbox_sweep",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "FILES_TABLE": self.files.name,
                "OUTBOX_BUCKET": self.outbox.bucket.bucket_name,
                "WORKSPACE_BUCKET": self._workspace.bucket.bucket_name,
                "OPEN_MINUTES": self._given_up_minutes(),
            },
            timeout=_TIMEOUT,
        )
        role = function.role
        self.files.grant(role, "GetItem", "UpdateItem")
        self.files.grant_query(role, "open")
        self.outbox.grant(role, "s3:GetObject", "s3:PutObject")
        self._workspace.grant(role, "s3:GetObject")
        for bucket in (self.outbox, self._workspace):
            bucket.grant_list(role)
            acknowledge_objects(role, bucket.bucket)
        ScheduledCall(
            self,
            "Sweep",
            core.messaging,
            name="inbox-sweep",
            called=function,
            every=Duration.minutes(15),
        )

    def _inbox_check(self) -> None:
        core = self._core
        self.checks = QueueWithDeadLetters(
            self, "InboxCheckQueue", core.messaging, name="inbox-check", consumer_timeout=_TIMEOUT
        )
        function = VigieFunction(
            self,
            "inbox_check",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "FILES_TABLE": self.files.name,
                "INBOX_BUCKET": self.inbox.bucket.bucket_name,
                "INTAKE_QUEUE_URL": self._queue.queue.queue_url,
                "CHECK_QUEUE_URL": self.checks.queue.queue_url,
                "DEAD_LETTERS_URL": self.checks.dead_letters.queue_url,
                "RETRY_MINUTES": self._given_up_minutes(),
            },
            timeout=_TIMEOUT,
        )
        function.reads(self.checks.queue, batch_size=1, concurrency=5)
        for queue in (self.checks.queue, self.checks.dead_letters, self._queue.queue):
            function.sends_to(queue, core.messages)
        self.files.grant(function.role, "BatchGetItem")
        function.may(["s3:ListBucketVersions"], self.inbox.bucket.bucket_arn)
        ScheduledCall(
            self,
            "Check",
            core.messaging,
            name="inbox-check-schedule",
            called=function,
            every=Duration.hours(1),
        )

    def _given_up_minutes(self) -> str:
        """How long the intake may still be trying a file that came, in minutes."""
        return str(self._queue.given_up_after.to_minutes())

    def _tell_the_command(self) -> None:
        self.publish("ResultsTable", "tables/results", self.results.name)
        self.publish("FilesTable", "tables/files", self.files.name)
        self.publish("LaboratoriesTable", "tables/laboratories", self.laboratories.name)
        self.publish("InboxBucket", "buckets/inbox", self.inbox.bucket.bucket_name)
        self.publish("OutboxBucket", "buckets/outbox", self.outbox.bucket.bucket_name)
        self.publish("WorkspaceBucket", "buckets/workspace", self._workspace.bucket.bucket_name)
        self.publish("InboxCheckQueueUrl", "queues/inbox-check", self.checks.queue.queue_url)
        self.publish("IntakeQueueUrl", "queues/intake", self._queue.queue.queue_url)
        self.publish(
            "IntakeDeadLettersUrl",
            "queues/intake-dead-letters",
            self._queue.dead_letters.queue_url,
        )
        for output, path, value in self._access.told:
            self.publish(output, f"laboratories/{path}", value)
