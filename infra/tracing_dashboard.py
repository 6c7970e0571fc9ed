"""The dashboard of tracing: what phones do, and what the functions answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.constructs.vigie_function import NAMESPACE
from vigie.tracing.upload_delay import UploadDelay

if TYPE_CHECKING:
    from aws_cdk import aws_apigatewayv2 as apigateway

    from infra.settings import Settings

_DAY = Duration.days(1)
_HOUR = Duration.hours(1)
_CODES = tuple(
    ("verification_codes", metric)
    for metric in ("code-issued", "code-claimed", "certificate-issued")
) + tuple((service, "upload-code-given") for service in ("result_access", "result_polling"))
_UPLOADS = tuple(("key_upload", metric) for metric in ("keys-published", "publish-repeated"))
_DELAYS = tuple(("key_upload", delay.value) for delay in UploadDelay)
_REFUSALS = (
    ("verification_codes", "code-refused"),
    ("key_upload", "publish-refused"),
    ("visit_reports", "report-refused"),
    ("analytics_intake", "report-refused"),
)
_REPORTS = (("visit_reports", "visits-reported"), ("analytics_intake", "report-counted"))
_DECOYS = tuple(
    (service, "decoy-answered") for service in ("verification_codes", "key_upload", "visit_reports")
)


class TracingDashboard(Construct):
    """What an operator of tracing looks at. It names what it shows, and depends on nothing.

    Args:
        scope: the stack of tracing.
        settings: of the environment.
        api: of tracing.
    """

    def __init__(self, scope: Construct, settings: Settings, api: apigateway.IHttpApi) -> None:
        super().__init__(scope, "Dashboard")
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=settings.name("tracing"),
            widgets=[
                [
                    _graph("Codes by day", _DAY, _CODES),
                    _graph("Uploads by day", _DAY, _UPLOADS),
                    _graph("Days from permission to upload", _DAY, _DELAYS, stacked=True),
                ],
                [
                    _graph("Visits and reports by day", _DAY, _REPORTS),
                    _graph("Refusals by hour", _HOUR, _REFUSALS),
                    _graph("Decoys by hour", _HOUR, _DECOYS),
                ],
                [
                    _of_api("Requests by hour", api.metric_count(period=_HOUR)),
                    _of_api(
                        "Answers with a server error by hour",
                        api.metric_server_error(period=_HOUR, statistic="Sum"),
                    ),
                    _graph("Delay of exports, seconds", _HOUR, (("key_export", "ExportDelay"),)),
                ],
            ],
        )


def _graph(
    title: str,
    period: Duration,
    counted: tuple[tuple[str, str], ...],
    *,
    stacked: bool = False,
) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=title,
        width=8,
        stacked=stacked,
        left=[
            cloudwatch.Metric(
                namespace=NAMESPACE,
                metric_name=metric,
                dimensions_map={"service": service},
                label=f"{service} {metric}",
                statistic="Maximum" if metric == "ExportDelay" else "Sum",
                period=period,
            )
            for service, metric in counted
        ],
    )


def _of_api(title: str, metric: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, width=8, left=[metric])
