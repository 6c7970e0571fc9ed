"""Access: what a person finds behind the link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

from infra.capability import Capability
from infra.constructs.keys import DerivingKey
from infra.constructs.layer_set import Layer
from infra.constructs.vigie_function import VigieFunction
from infra.findings import acknowledge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from infra.certificates import Certificates
    from infra.core import Core
    from infra.intake import Intake
    from infra.notifications import Notifications
    from infra.settings import Settings
    from infra.vaccinations import Vaccinations

_RESULT_ROUTES = (
    (apigateway.HttpMethod.POST, "/v1/results/open"),
    (apigateway.HttpMethod.POST, "/v1/results/upload-code"),
    (apigateway.HttpMethod.GET, "/v1/openapi.json"),
)
_CERTIFICATE_ROUTES = (
    (apigateway.HttpMethod.POST, "/v1/results/certificate"),
    (apigateway.HttpMethod.GET, "/v1/results/certificate/openapi.json"),
)


class Access(Capability):
    """The routes of the API for people.

    Attributes:
        upload: what the ids of upload codes derive from.
    """

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        core: Core,
        intake: Intake,
        certificates: Certificates,
        notifications: Notifications,
        vaccinations: Vaccinations,
    ) -> None:
        super().__init__(scope, "access", settings)
        self._core = core
        self._intake = intake
        self._certificates = certificates
        self._notifications = notifications
        self._vaccinations = vaccinations
        self.upload = DerivingKey(self, "upload", settings=settings)
        self._result_access()
        self._certificate_documents()

    def _result_access(self) -> None:
        function = self._function(
            "result_access",
            _RESULT_ROUTES,
            UPLOAD_KEY_ARN=self.upload.arn,
            UPLOAD_CODE_KEY_ARN=self._core.upload_code.arn,
            APP_LINK=self.settings.app_link,
        )
        role = function.role
        self._intake.results.grant(role, "BatchGetItem")
        self._intake.results.grant_query(role, "by-person")
        self._vaccinations.vaccinations.grant_query(role, "by-person")
        self.upload.grant_derive(role)
        self._core.upload_code.grant_sign(role)

    def _certificate_documents(self) -> None:
        wallets = self._core.wallets
        parameters = {wallet: f"certificates/{wallet}-wallet" for wallet in wallets}
        function = self._function(
            "certificate_documents",
            _CERTIFICATE_ROUTES,
            layers=(Layer.DOCUMENTS, Layer.PRINTING),
            VALUE_SETS_BUCKET=self._certificates.value_sets.bucket.bucket_name,
            QR_CORRECTION=self.settings.qr_correction.value,
            **{
                f"{wallet.upper()}_WALLET_PARAMETER": self.settings.parameter(path)
                for wallet, path in parameters.items()
            },
        )
        self._certificates.grant_value_sets(function.role, "s3:GetObject")
        for wallet, key in wallets.items():
            key.grant_sign(function.role)
            function.may(["ssm:GetParameter"], self.settings.parameter_arn(parameters[wallet]))
        if wallets:
            function.alarm_on(
                "wallet-certificate-ending",
                "What passes are signed with ends within 30 days: get the next certificate.",
                period=Duration.hours(1),
            )

    def _function(
        self,
        folder: str,
        routes: Sequence[tuple[apigateway.HttpMethod, str]],
        layers: Sequence[Layer] = (Layer.DOCUMENTS,),
        **environment: str,
    ) -> VigieFunction:
        """A function that opens links, and certificates behind them, with its routes."""
        core, results = self._core, self._intake.results
        vaccinations = self._vaccinations.vaccinations
        certificates, grants = self._certificates.certificates, self._notifications.grants
        function = VigieFunction(
            self,
            folder,
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "RESULTS_TABLE": results.name,
                "VACCINATIONS_TABLE": vaccinations.name,
                "CERTIFICATES_TABLE": certificates.name,
                "GRANTS_TABLE": grants.name,
                "IDENTITY_KEY_ARN": core.identity.arn,
                "CERTIFICATES_KEY_ARN": core.certificates.arn,
                **environment,
            },
            timeout=Duration.seconds(20),
            memory_mib=1024,
            layers=layers,
        )
        results.grant(function.role, "GetItem")
        vaccinations.grant(function.role, "GetItem")
        certificates.grant(function.role, "Query")
        grants.grant(function.role, "UpdateItem")
        core.identity.grant_open(function.role)
        core.certificates.grant_open(function.role)
        name = folder.title().replace("_", "")
        for method, path in routes:
            route = apigateway.HttpRoute(
                self,
                f"{method.value.title()}{path.replace('/', '-')}",
                http_api=core.api,
                route_key=apigateway.HttpRouteKey.with_(path, method),
                integration=HttpLambdaIntegration(name, function.function),
                authorizer=None if core.origin is None else core.origin.authorizer,
            )
            if core.origin is None:
                acknowledge(
                    route, "APIG4", "The link's token and the birth date authorise the caller."
                )
        return function
