"""One dashboard: the way of a result, from the inbox to the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.capability import Capability
from infra.constructs.vigie_function import NAMESPACE

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Settings

_QUEUES = (
    "intake",
    "signing",
    "reissue",
    "dispatch",
    "statistics",
    "archive",
    "inbox-check",
    "laboratory-watch",
    "revocations",
    "visits",
)
_FUNCTIONS = (
    "result-intake",
    "certificate-signing",
    "notification-dispatch",
    "result-access",
    "certificate-documents",
    "laboratory-uploads",
    "inbox-sweep",
    "inbox-check",
    "laboratory-watch",
    "event-archive",
    "certificate-release",
    "certificate-reissue",
    "revocation-recording",
    "revocation-publication",
    "revocation-lists",
    "statistics-counting",
    "statistics-publication",
    "key-upload",
    "verification-codes",
    "key-export",
    "key-deletion",
    "analytics-intake",
    "visit-reports",
    "visit-recording",
    "cluster-publication",
    "venue-posters",
)
_PERIOD = Duration.minutes(5)


class Dashboard(Capability):
    """What an operator looks at first. It names what it shows, and depends on nothing."""

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "dashboard", settings)
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=settings.name("overview"),
            widgets=[
                [
                    self._queues("Age of the oldest message", "ApproximateAgeOfOldestMessage", ""),
                    self._queues(
                        "Dead letters", "ApproximateNumberOfMessagesVisible", "-dead-letters"
                    ),
                ],
                [
                    self._functions("Invocations", "Invocations", "Sum"),
                    self._functions("Errors", "Errors", "Sum"),
                    self._functions("Duration, 95th percentile", "Duration", "p95"),
                ],
                [
                    self._reissue("Mass reissue: certificates asked for", "ReissueReleased", "Sum"),
                    self._reissue("Mass reissue: percent", "ReissueDone", "Maximum"),
                ],
            ],
        )

    def _queues(self, title: str, metric: str, suffix: str) -> cloudwatch.GraphWidget:
        return cloudwatch.GraphWidget(
            title=title,
            width=12,
            left=[
                cloudwatch.Metric(
                    namespace="AWS/SQS",
                    metric_name=metric,
                    dimensions_map={"QueueName": self.settings.name(queue + suffix)},
                    label=queue,
                    statistic="Maximum",
                    period=_PERIOD,
                )
                for queue in _QUEUES
            ],
        )

    def _functions(self, title: str, metric: str, statistic: str) -> cloudwatch.GraphWidget:
        return cloudwatch.GraphWidget(
            title=title,
            width=8,
            left=[
                cloudwatch.Metric(
                    namespace="AWS/Lambda",
                    metric_name=metric,
                    dimensions_map={"FunctionName": self.settings.name(function)},
                    label=function,
                    statistic=statistic,
                    period=_PERIOD,
                )
                for function in _FUNCTIONS
            ],
        )

    def _reissue(self, title: str, metric: str, statistic: str) -> cloudwatch.GraphWidget:
        return cloudwatch.GraphWidget(
            title=title,
            width=12,
            left=[
                cloudwatch.Metric(
                    namespace=NAMESPACE,
                    metric_name=metric,
                    dimensions_map={"service": "certificate_reissue"},
                    statistic=statistic,
                    period=_PERIOD,
                )
            ],
        )
