"""Self-reports: a person who tested themselves gets an upload code by SMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

from infra.capability import Capability
from infra.constructs.keys import DerivingKey
from infra.constructs.vigie_function import VigieFunction
from infra.findings import acknowledge

if TYPE_CHECKING:
    from constructs import Construct

    from infra.core import Core
    from infra.settings import SelfReports, Settings

_PATH = "/api/user-report"
_ROUTES = (
    (apigateway.HttpMethod.POST, _PATH),
    (apigateway.HttpMethod.GET, f"{_PATH}/openapi.json"),
)


class SelfReporting(Capability):
    """The numbers that were sent a code, as keyed hashes, and the route for the app.

    It sees telephone numbers, and so has nothing to do with tracing.

    Args:
        scope: the app.
        settings: of the environment.
        core: keys, the API.
        limits: of what is sent.

    Raises:
        ValueError: the codes would be taken nowhere.
    """

    def __init__(
        self, scope: Construct, settings: Settings, core: Core, limits: SelfReports
    ) -> None:
        super().__init__(scope, "self-reports", settings)
        if not settings.publish_rules.self_reports_accepted:
            raise ValueError("self_reports needs self_reports_accepted of publish_rules")
        self._core = core
        self._numbers = self.table("report-phones", "id", key=core.records)
        self._secret = DerivingKey(self, "self-report", settings=settings)
        self._serve(self._function(limits))
        self.publish("ReportPhonesTable", "tables/report-phones", self._numbers.name)

    def _function(self, limits: SelfReports) -> VigieFunction:
        core = self._core
        function = VigieFunction(
            self,
            "self_reports",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "PHONES_TABLE": self._numbers.name,
                "SELF_REPORT_KEY_ARN": self._secret.arn,
                "UPLOAD_CODE_KEY_ARN": core.upload_code.arn,
                "APP_LINK": self.settings.app_link,
                "SMS_SENDER_ID": self.settings.sms_sender_id,
                "PHONE_PREFIXES": ",".join(limits.phone_prefixes),
                "REQUESTS_A_DAY": str(limits.requests_a_day),
                "MESSAGES_TO_A_PHONE": str(limits.messages_to_a_phone),
            },
            timeout=Duration.seconds(29),
        )
        self._numbers.grant(function.role, "UpdateItem")
        self._secret.grant_derive(function.role)
        core.upload_code.grant_sign(function.role)
        function.sends_sms()
        function.alarm_on(
            "budget-spent",
            "Nobody gets a code for their own test until the day ends (UTC): see the runbook.",
            period=Duration.hours(1),
        )
        return function

    def _serve(self, function: VigieFunction) -> None:
        core = self._core
        for method, path in _ROUTES:
            route = apigateway.HttpRoute(
                self,
                f"{method.value.title()}{path.replace('/', '-')}",
                http_api=core.api,
                route_key=apigateway.HttpRouteKey.with_(path, method),
                integration=HttpLambdaIntegration("SelfReports", function.function),
                authorizer=None if core.origin is None else core.origin.authorizer,
            )
            if core.origin is None:
                acknowledge(route, "APIG4", "Whoever has the telephone gets the code.")
