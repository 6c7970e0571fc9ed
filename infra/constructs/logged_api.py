"""An HTTP API whose log is about requests, not people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_logs as logs

from infra.constructs.private_bucket import removal_policy

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Settings

# No address and no path parameter: a line of the access log is about a request, not a person.
_ACCESS_LOG = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "integrationLatency": "$context.integrationLatency",
    "integrationError": "$context.integration.error",
    "authorizerError": "$context.authorizer.error",
}


def logged_api(
    scope: Construct, name: str, settings: Settings, description: str
) -> apigateway.HttpApi:
    """An HTTP API without routes, throttled, for an origin of CloudFront.

    Args:
        scope: the parent.
        name: of the API, after the environment's prefix.
        settings: of the environment.
        description: for whoever opens the console.
    """
    api = apigateway.HttpApi(
        scope,
        "Api",
        api_name=settings.name(name),
        description=description,
        create_default_stage=False,
    )
    log_group = logs.LogGroup(
        scope,
        "ApiLogs",
        log_group_name=f"/vigie/{settings.environment}/{name}",
        retention=logs.RetentionDays.THREE_MONTHS,
        removal_policy=removal_policy(settings),
    )
    stage = apigateway.HttpStage(
        scope,
        "ApiStage",
        http_api=api,
        stage_name="$default",
        auto_deploy=True,
        detailed_metrics_enabled=True,
        throttle=apigateway.ThrottleSettings(rate_limit=500, burst_limit=1000),
    )
    resource = stage.node.default_child
    assert isinstance(resource, apigateway.CfnStage)  # noqa: S101 - narrows the type
    resource.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
        destination_arn=log_group.log_group_arn, format=json.dumps(_ACCESS_LOG)
    )
    return api
