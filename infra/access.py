"""Access: what a person finds behind the link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

from infra.capability import Capability
from infra.constructs.keys import DerivingKey, SigningKey
from infra.constructs.layer_set import Layer
from infra.constructs.vigie_function import VigieFunction
from infra.findings import acknowledge

if TYPE_CHECKING:
    from constructs import Construct

    from infra.certificates import Certificates
    from infra.core import Core
    from infra.intake import Intake
    from infra.notifications import Notifications
    from infra.settings import Settings

_ROUTES = (
    (apigateway.HttpMethod.POST, "/v1/results/open"),
    (apigateway.HttpMethod.POST, "/v1/results/upload-code"),
    (apigateway.HttpMethod.GET, "/v1/openapi.json"),
)


_ROLE = "result-access"


class Access(Capability):
    """The routes of the API for people.

    Attributes:
        upload_code: signs upload codes; tracing reads its public half.
    """

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        core: Core,
        intake: Intake,
        certificates: Certificates,
        notifications: Notifications,
    ) -> None:
        super().__init__(scope, "access", settings)
        self.upload_code = SigningKey(self, "upload-code", settings=settings, signers=[_ROLE])
        upload = DerivingKey(self, "upload", settings=settings)
        function = VigieFunction(
            self,
            "result_access",
            settings=settings,
            alarms=core.alarms,
            environment={
                "RESULTS_TABLE": intake.results.name,
                "CERTIFICATES_TABLE": certificates.certificates.name,
                "GRANTS_TABLE": notifications.grants.name,
                "IDENTITY_KEY_ARN": core.identity.arn,
                "CERTIFICATES_KEY_ARN": core.certificates.arn,
                "UPLOAD_KEY_ARN": upload.arn,
                "UPLOAD_CODE_KEY_ARN": self.upload_code.arn,
                "APP_LINK": settings.app_link,
            },
            timeout=Duration.seconds(20),
            memory_mib=1024,
            layers=(Layer.DOCUMENTS,),
        )
        role = function.role
        intake.results.grant(role, "BatchGetItem", "GetItem")
        intake.results.grant_query(role, "by-person")
        certificates.certificates.grant(role, "Query")
        notifications.grants.grant(role, "UpdateItem")
        core.identity.grant_open(role)
        core.certificates.grant_open(role)
        upload.grant_derive(role)
        self.upload_code.grant_sign(role)
        for method, path in _ROUTES:
            route = apigateway.HttpRoute(
                self,
                f"{method.value.title()}{path.replace('/', '-')}",
                http_api=core.api,
                route_key=apigateway.HttpRouteKey.with_(path, method),
                integration=HttpLambdaIntegration("ResultAccess", function.function),
                authorizer=None if core.origin is None else core.origin.authorizer,
            )
            if core.origin is None:
                acknowledge(
                    route, "APIG4", "The link's token and the birth date authorise the caller."
                )
