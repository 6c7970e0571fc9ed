"""Analytics: answers of phones, of which nothing but sums is kept, and who reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.constructs.vigie_function import VigieFunction
from infra.findings import acknowledge

if TYPE_CHECKING:
    from infra.constructs.keys import DerivingKey
    from infra.constructs.messaging import Messaging
    from infra.constructs.operator_role import OperatorRole
    from infra.constructs.record_table import RecordTable
    from infra.origin import Origin

# Some 25 million reports a day, spread evenly.
_REPORTS_A_SECOND = 300
_METHOD, _PATH = apigateway.HttpMethod.POST, "/v1/analytics"


class Analytics(Construct):
    """The function that adds reports up, its route, and the right to read the sums.

    Args:
        scope: the stack of tracing.
        messaging: knows the environment and its alarms.
        table: of the sums.
        secrets: what nonces are hashed with derives from it.
        api: of tracing.
        origin: by which the API knows CloudFront; None where it answers to everyone.
        operator: who reads figures.
    """

    def __init__(
        self,
        scope: Construct,
        messaging: Messaging,
        *,
        table: RecordTable,
        secrets: DerivingKey,
        api: apigateway.HttpApi,
        origin: Origin | None,
        operator: OperatorRole,
    ) -> None:
        super().__init__(scope, "Reports")
        function = VigieFunction(
            self,
            "analytics_intake",
            settings=messaging.settings,
            alarms=messaging.alarms,
            environment={"ANALYTICS_TABLE": table.name, "TRACING_KEY_ARN": secrets.arn},
            timeout=Duration.seconds(10),
        )
        table.grant(function.role, "PutItem", "UpdateItem")
        secrets.grant_derive(function.role)
        route = apigateway.HttpRoute(
            self,
            "Route",
            http_api=api,
            route_key=apigateway.HttpRouteKey.with_(_PATH, _METHOD),
            integration=HttpLambdaIntegration("AnalyticsIntake", function.function),
            authorizer=None if origin is None else origin.authorizer,
        )
        self._limit(scope, route)
        if origin is None:
            acknowledge(route, "APIG4", "Anybody may report, and a report is one among millions.")
        table.grant(operator, "Query")
        iam.Grant.add_to_principal(
            grantee=operator, actions=["cloudwatch:GetMetricData"], resource_arns=["*"]
        )
        acknowledge(operator, "IAM5[Resource::*]", "CloudWatch takes no resource for metrics.")

    @staticmethod
    def _limit(scope: Construct, route: apigateway.HttpRoute) -> None:
        """Reports take no more of the API than so much, whatever phones send."""
        stage = scope.node.find_child("ApiStage").node.default_child
        assert isinstance(stage, apigateway.CfnStage)  # noqa: S101 - narrows the type
        stage.route_settings = {
            f"{_METHOD.value} {_PATH}": {
                "DetailedMetricsEnabled": True,
                "ThrottlingRateLimit": _REPORTS_A_SECOND,
                "ThrottlingBurstLimit": 2 * _REPORTS_A_SECOND,
            }
        }
        # A route has settings once it is there.
        stage.node.add_dependency(route)
