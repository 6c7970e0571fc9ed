"""Mass reissue: a job that asks for many certificates again, at a rate that leaves room."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.queue_with_dead_letters import QueueWithDeadLetters
from infra.constructs.record_table import RecordTable
from infra.constructs.scheduled_call import ScheduledCall
from infra.constructs.vigie_function import VigieFunction
from vigie.events.bundle import MOST_EVENTS

if TYPE_CHECKING:
    from aws_cdk import aws_sqs as sqs

    from infra.capability import Capability
    from infra.constructs.operator_role import OperatorRole
    from infra.core import Core

# Of certificate_signing, which reads the queue: a message is 25 certificates.
_SIGNING_TIMEOUT = Duration.minutes(1)
_MESSAGES = 4
# For one certificate, as `python -m tests.bench.reissue` measures it with what it waits for.
_SECONDS_OF_A_COPY = 0.075
# A run ends before the next one begins.
_EVERY = Duration.minutes(1)
_TIMEOUT = Duration.seconds(55)
_TABLES, _QUEUES, _RATE = "tables/reissue-jobs", "queues/reissue", "reissue/rate"
_DEAD_LETTERS = "queues/reissue-dead-letters"
# What the command asks for: where things are, and how fast a job may be.
PUBLISHED = ("tables/certificates", "queues/signing", _TABLES, _QUEUES, _DEAD_LETTERS, _RATE)


class Reissue(Construct):
    """The table of jobs, the queue of certificates to be signed again, and who fills it.

    Args:
        stack: the parent.
        core: what every capability uses.
        certificates: the certificates table.
        signing: signs.
        signing_queue: behind which people wait.
        operator: who may start, pause and end a job.
    """

    def __init__(
        self,
        stack: Capability,
        core: Core,
        *,
        certificates: RecordTable,
        signing: VigieFunction,
        signing_queue: sqs.Queue,
        operator: OperatorRole,
    ) -> None:
        super().__init__(stack, "Reissue")
        self._stack = stack
        self._core = core
        self._settings = stack.settings
        self._certificates = certificates
        self._signing_queue = signing_queue
        self._jobs = RecordTable(
            self,
            "ReissueJobs",
            settings=self._settings,
            name="reissue-jobs",
            key=core.records,
            partition_key="list",
            sort_key="job",
        )
        self._queue = QueueWithDeadLetters(
            self, "Queue", core.messaging, name="reissue", consumer_timeout=_SIGNING_TIMEOUT
        )
        signing.reads(
            self._queue.queue,
            batch_size=_MESSAGES,
            # Beyond what the rate needs: what is sent is paced already.
            concurrency=max(2, ceil(self._settings.reissue_rate * _SECONDS_OF_A_COPY)),
        )
        self._release()
        self._operator(operator)
        self._tell_the_command()

    def _release(self) -> None:
        core = self._core
        function = VigieFunction(
            self,
            "certificate_reissue",
            settings=self._settings,
            alarms=core.alarms,
            environment={
                "CERTIFICATES_TABLE": self._certificates.name,
                "REISSUE_JOBS_TABLE": self._jobs.name,
                "REISSUE_QUEUE_URL": self._queue.queue.queue_url,
                "SIGNING_QUEUE_URL": self._signing_queue.queue_url,
                "MOST_RATE": str(self._settings.reissue_rate),
                "PEOPLE_WAITING": str(self._people_waiting),
            },
            timeout=_TIMEOUT,
            memory_mib=1024,
        )
        self._certificates.grant(function.role, "Scan")
        self._jobs.grant(function.role, "Query", "UpdateItem")
        function.sends_to(self._queue.queue, core.messages)
        function.may(
            ["sqs:GetQueueAttributes"], self._queue.queue.queue_arn, self._signing_queue.queue_arn
        )
        ScheduledCall(
            self,
            "Release",
            core.messaging,
            name="certificate-reissue",
            called=function,
            every=_EVERY,
        )
        function.alarm_on(
            "ReissueStalled",
            "A mass reissue has not moved for a quarter of an hour: see the runbook, mass reissue.",
            period=Duration.minutes(15),
        )

    @property
    def _people_waiting(self) -> int:
        """Messages that the share of people signs in a minute: more of them wait too long."""
        return ceil(60 * self._settings.signatures_for_people / MOST_EVENTS)

    def _operator(self, role: OperatorRole) -> None:
        self._certificates.grant(role, "DescribeTable", "Scan")
        self._jobs.grant(role, "PutItem", "Query", "UpdateItem")
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["sqs:GetQueueAttributes"],
            resource_arns=[
                queue.queue_arn
                for queue in (self._queue.queue, self._queue.dead_letters, self._signing_queue)
            ],
        )

    def _tell_the_command(self) -> None:
        stack = self._stack
        stack.publish("ReissueJobsTable", _TABLES, self._jobs.name)
        stack.publish("ReissueQueueUrl", _QUEUES, self._queue.queue.queue_url)
        stack.publish("ReissueDeadLettersUrl", _DEAD_LETTERS, self._queue.dead_letters.queue_url)
        stack.publish("ReissueRate", _RATE, str(self._settings.reissue_rate))
