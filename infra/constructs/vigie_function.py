"""A Lambda function as every capability has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aws_cdk import Duration, IgnoreMode, Size
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from constructs import Construct

from infra import emulator
from infra.constructs.layer_set import ROOT, Layer, layer
from infra.constructs.private_bucket import removal_policy
from infra.constructs.runtime import architecture, runtime
from infra.findings import acknowledge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns
    from aws_cdk import aws_sqs as sqs

    from infra.settings import Settings

NAMESPACE = "Vigie"


class VigieFunction(Construct):
    """The function of `functions/<name>`, with a role, logs and an alarm of its own.

    Args:
        scope: the parent.
        name: of the folder.
        settings: of the environment.
        alarms: who is told of errors.
        environment: the function's settings, upper case.
        timeout: for one invocation.
        memory_mib: memory, and processor in proportion.
        layers: beside the core ones.
        named: the function's name after the environment's prefix, if not the folder's.
        scratch_mib: room for files, if more than Lambda's 512 MiB.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        alarms: sns.ITopic,
        environment: Mapping[str, str],
        timeout: Duration,
        memory_mib: int = 512,
        layers: Sequence[Layer] = (),
        named: str | None = None,
        scratch_mib: int | None = None,
    ) -> None:
        super().__init__(scope, name.title().replace("_", ""))
        self._settings = settings
        full_name = settings.name(named or name.replace("_", "-"))
        log_group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/lambda/{full_name}",
            retention=logs.RetentionDays(_retention(settings.log_retention_days)),
            removal_policy=removal_policy(settings),
        )
        self.role = iam.Role(
            self,
            "Role",
            role_name=full_name,
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        log_group.grant_write(self.role)
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=full_name,
            runtime=runtime(settings),
            architecture=architecture(settings),
            code=lambda_.Code.from_asset(
                str(ROOT / "functions"),
                exclude=["*", f"!{name}", f"!{name}/**", "**/__pycache__"],
                ignore_mode=IgnoreMode.GIT,
            ),
            handler=f"{name}.handler.handler",
            layers=[layer(self, settings, which) for which in (Layer.VIGIE, Layer.CORE, *layers)],
            role=self.role,
            log_group=log_group,
            tracing=lambda_.Tracing.ACTIVE,
            timeout=timeout,
            memory_size=memory_mib,
            ephemeral_storage_size=None if scratch_mib is None else Size.mebibytes(scratch_mib),
            environment={
                "POWERTOOLS_SERVICE_NAME": name,
                "POWERTOOLS_METRICS_NAMESPACE": NAMESPACE,
                **environment,
            },
        )
        acknowledge(
            self.function, "L1", "The version is a setting: the newest that the tests run on too."
        )
        acknowledge(self.role, "IAM5[Resource::*]", "X-Ray takes no resource for trace segments.")
        self._name = name
        self._alarms = alarms
        self._alarm(
            "Errors",
            f"{name} ends invocations with an error.",
            self.function.metric_errors(period=Duration.minutes(5)),
        )

    def alarm_on(
        self, metric: str, description: str, *, period: Duration, threshold: int = 1
    ) -> None:
        """Raise an alarm when the function counts something that should not be.

        Args:
            metric: its name; the function counts it without a dimension of its own.
            description: what it means, and what to do.
            period: over which it is summed.
            threshold: the sum that raises it.
        """
        counted = cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=metric,
            dimensions_map={"service": self._name},
            statistic="Sum",
            period=period,
        )
        self._alarm(metric, description, counted, threshold)

    def _alarm(
        self, what: str, description: str, metric: cloudwatch.IMetric, threshold: int = 1
    ) -> None:
        full_name = self._settings.name(self._name.replace("_", "-"))
        alarm = cloudwatch.Alarm(
            self,
            what,
            alarm_name=f"{full_name}-{re.sub(r'(?<!^)(?=[A-Z])', '-', what).lower()}",
            alarm_description=description,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self._alarms))

    def reads(
        self,
        queue: sqs.Queue,
        *,
        batch_size: int,
        concurrency: int,
        batching: Duration | None = None,
    ) -> None:
        """Consume a queue: failures one by one, and at most so many copies at once.

        The limit is the event source's: a function's reserved concurrency would throttle
        messages into the dead-letter queue.

        Args:
            queue: the queue.
            batch_size: how many messages an invocation gets at most.
            concurrency: how many copies run at once at most.
            batching: how long messages are collected; without it they are not, ten at most.
        """
        self.function.add_event_source(
            SqsEventSource(
                queue,
                batch_size=batch_size,
                max_batching_window=batching,
                max_concurrency=emulator.concurrency(self._settings, concurrency),
                report_batch_item_failures=True,
            )
        )

    def sends_to(self, queue: sqs.IQueue, key: kms.IKey) -> None:
        """Allow sending to a queue that `key` encrypts."""
        self.may(emulator.actions(self._settings, "sqs:SendMessage"), queue.queue_arn)
        self.may(["kms:Decrypt", "kms:GenerateDataKey"], key.key_arn)

    def publishes_to(self, topic: sns.ITopic, key: kms.IKey) -> None:
        """Allow publishing to a topic that `key` encrypts."""
        self.may(emulator.actions(self._settings, "sns:Publish"), topic.topic_arn)
        self.may(["kms:Decrypt", "kms:GenerateDataKey"], key.key_arn)

    def sends_sms(self) -> None:
        """Allow sending SMS, and publishing to no topic."""
        # An SMS has no resource: the permission is on everything, less the topics.
        self.may(["sns:Publish"], "*")
        self.role.add_to_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                actions=["sns:Publish"],
                resources=["arn:aws:sns:*:*:*"],
            )
        )
        acknowledge(
            self.role,
            "IAM5[Resource::arn:aws:sns:*:*:*]",
            "A denial: it sends SMS and publishes to no topic.",
        )

    def may(self, allowed: Sequence[str], *arns: str) -> None:
        """Allow actions on resources."""
        iam.Grant.add_to_principal(
            grantee=self.role, actions=list(allowed), resource_arns=list(arns)
        )


def _retention(days: int) -> str:
    return _STEPS[days]


_STEPS = {
    7: "ONE_WEEK",
    14: "TWO_WEEKS",
    30: "ONE_MONTH",
    90: "THREE_MONTHS",
    180: "SIX_MONTHS",
    365: "ONE_YEAR",
}
