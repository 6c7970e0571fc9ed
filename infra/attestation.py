"""Attestation: a guard in front of tracing's routes that knows the app on a real device.

It stands in the place of the guard that knows CloudFront, and asks what that one asks as well:
a route has one authoriser.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.constructs.vigie_function import VigieFunction
from infra.findings import acknowledge
from infra.origin import ORIGIN_HEADER

if TYPE_CHECKING:
    from aws_cdk import aws_sns as sns

    from infra.constructs.keys import DerivingKey
    from infra.constructs.record_table import RecordTable
    from infra.origin import Origin
    from infra.settings import Attestation as Chosen
    from infra.settings import Settings

_APPLE_ROOT = Path(__file__).with_name("apple_app_attestation_root.pem")
_REGISTRATION = ("/v1/attestation/challenge", "/v1/attestation/keys")


class Attestation(Construct):
    """The guard, the keys that it knows devices by, and the function that registers them.

    Args:
        scope: the stack of tracing.
        settings: of the environment.
        chosen: what of a device is asked.
        alarms: who is told of errors.
        api: of tracing.
        origin: by which the API knows CloudFront; None where it answers to everyone.
        devices: the table of device keys.
        secrets: what tracing's secrets derive from.

    Attributes:
        authorizer: for the routes that only the app is to use.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        settings: Settings,
        chosen: Chosen,
        alarms: sns.ITopic,
        api: apigateway.HttpApi,
        origin: Origin | None,
        devices: RecordTable,
        secrets: DerivingKey,
    ) -> None:
        super().__init__(scope, "Attestation")
        self._settings = settings
        self._chosen = chosen
        self._alarms = alarms
        self._devices = devices
        self.authorizer = self._guard(origin)
        if chosen.app_attest_apps:
            self._registration(api, origin, secrets)

    def _guard(self, origin: Origin | None) -> authorizers.HttpLambdaAuthorizer:
        keys = self._play_keys()
        arns = () if origin is None else origin.secret_arns
        function = VigieFunction(
            self,
            "device_attestation",
            settings=self._settings,
            alarms=self._alarms,
            environment={
                "ORIGIN_SECRET_ARNS": " ".join(arns),
                "ATTESTATION_MODE": self._chosen.mode,
                "DEVICE_KEYS_TABLE": self._devices.name,
                "PLAY_KEYS_SECRET_ARN": keys.secret_arn,
                "PLAY_PACKAGE": self._chosen.play_package,
                "PLAY_CERTIFICATES": " ".join(self._chosen.play_certificates),
                "PLAY_DEVICE_LABELS": " ".join(self._chosen.play_device_labels),
                "APP_ATTEST_APPS": " ".join(self._chosen.app_attest_apps),
            },
            timeout=Duration.seconds(5),
        )
        function.may(["secretsmanager:GetSecretValue"], keys.secret_arn, *arns)
        self._devices.grant(function.role, "GetItem", "UpdateItem")
        return authorizers.HttpLambdaAuthorizer(
            "DeviceAttestation",
            function.function,
            response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
            # Without the header API Gateway refuses by itself.
            identity_source=[] if origin is None else [f"$request.header.{ORIGIN_HEADER}"],
            # Each request is vouched for on its own.
            results_cache_ttl=Duration.seconds(0),
        )

    def _play_keys(self) -> secretsmanager.Secret:
        """Filled with something that is no key until the command installs those of the app."""
        secret = secretsmanager.Secret(
            self,
            "PlayKeys",
            secret_name=self._settings.name("play-integrity"),
            description="The keys of Play Integrity, which `vigie tracing attestation` installs",
        )
        acknowledge(secret, "SMG4", "Google makes these keys; the runbook says how to take others.")
        return secret

    def _registration(
        self, api: apigateway.HttpApi, origin: Origin | None, secrets: DerivingKey
    ) -> None:
        function = VigieFunction(
            self,
            "device_registration",
            settings=self._settings,
            alarms=self._alarms,
            environment={
                "DEVICE_KEYS_TABLE": self._devices.name,
                "TRACING_KEY_ARN": secrets.arn,
                "APP_ATTEST_APPS": " ".join(self._chosen.app_attest_apps),
                "APP_ATTEST_ROOT": _APPLE_ROOT.read_text(encoding="ascii"),
                "APP_ATTEST_ENVIRONMENT": self._chosen.app_attest_environment,
            },
            timeout=Duration.seconds(10),
        )
        self._devices.grant(function.role, "PutItem")
        secrets.grant_derive(function.role)
        for path in _REGISTRATION:
            route = apigateway.HttpRoute(
                self,
                f"Post{path.replace('/', '-')}",
                http_api=api,
                route_key=apigateway.HttpRouteKey.with_(path, apigateway.HttpMethod.POST),
                integration=HttpLambdaIntegration("DeviceRegistration", function.function),
                authorizer=None if origin is None else origin.authorizer,
            )
            if origin is None:
                acknowledge(route, "APIG4", "Apple's certificate authorises the key.")
