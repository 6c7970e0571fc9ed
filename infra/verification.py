"""Verification: codes become certificates, signed by a key of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.constructs.keys import SigningKey
from infra.constructs.vigie_function import VigieFunction
from infra.findings import acknowledge

if TYPE_CHECKING:
    from aws_cdk import aws_sns as sns

    from infra.constructs.keys import DerivingKey
    from infra.constructs.record_table import RecordTable
    from infra.origin import Origin
    from infra.settings import Settings

_FUNCTION = "verification_codes"
# What the command reads, below the environment's parameters.
_TOLD = ("tables/codes", "tables/issuers")
_GUESSES_IN_FIVE_MINUTES = 1000
_ROUTES = (
    *((apigateway.HttpMethod.POST, f"/api/{name}") for name in ("verify", "certificate")),
    *((apigateway.HttpMethod.POST, f"/api/{name}") for name in ("issue", "batch-issue")),
    *((apigateway.HttpMethod.POST, f"/api/{name}") for name in ("checkcodestatus", "expirecode")),
    (apigateway.HttpMethod.GET, "/.well-known/jwks.json"),
)


class Verification(Construct):
    """The key that signs verification certificates, and the function that gives them for codes.

    Args:
        scope: the stack of tracing.
        settings: of the environment.

    Attributes:
        signing_key: signs verification certificates; key_upload reads its public half.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "Verification")
        self._settings = settings
        self.signing_key = SigningKey(
            self, "verification", settings=settings, signers=["verification-codes"]
        )

    def serve(
        self,
        api: apigateway.HttpApi,
        origin: Origin | None,
        *,
        alarms: sns.ITopic,
        codes: RecordTable,
        tries: RecordTable,
        issuers: RecordTable,
        used_codes: RecordTable,
        secrets: DerivingKey,
        upload_code_key_arn: str,
    ) -> None:
        """Add the function and its routes.

        Args:
            api: of tracing.
            origin: how it knows CloudFront; None where it answers to everyone.
            alarms: who is told of errors.
            codes: the codes table.
            tries: the table that counts wrong tries.
            issuers: the table of issuers.
            used_codes: the table of used upload codes.
            secrets: that tracing's secrets derive from.
            upload_code_key_arn: of the key that signs upload codes, whose public half is read.
        """
        settings = self._settings
        self._codes, self._issuers = codes, issuers
        function = VigieFunction(
            self,
            _FUNCTION,
            settings=settings,
            alarms=alarms,
            environment={
                "CODES_TABLE": codes.name,
                "TRIES_TABLE": tries.name,
                "ISSUERS_TABLE": issuers.name,
                "USED_CODES_TABLE": used_codes.name,
                "TRACING_KEY_ARN": secrets.arn,
                "UPLOAD_CODE_KEY_ARN": upload_code_key_arn,
                "VERIFICATION_KEY_ARN": self.signing_key.arn,
                "VERIFICATION_ISSUER": settings.verification_issuer,
                "VERIFICATION_AUDIENCE": settings.verification_audience,
                "CODE_LINK": settings.code_link,
                "SHORT_CODE_DIGITS": str(settings.short_code_digits),
                "SHORT_CODE_MINUTES": str(settings.short_code_minutes),
                "LONG_CODE_HOURS": str(settings.long_code_hours),
                "WRONG_TRIES_AN_HOUR": str(settings.wrong_tries_an_hour),
            },
            timeout=Duration.seconds(29),
        )
        role = function.role
        codes.grant(role, "GetItem", "PutItem", "UpdateItem")
        tries.grant(role, "GetItem", "PutItem", "UpdateItem")
        issuers.grant(role, "GetItem")
        used_codes.grant(role, "GetItem", "PutItem")
        secrets.grant_derive(role)
        self.signing_key.grant_sign(role)
        function.may(["kms:GetPublicKey"], self.signing_key.arn, upload_code_key_arn)
        function.alarm_on(
            "code-refused",
            "Verification codes are being guessed: see the runbook, tracing.",
            period=Duration.minutes(5),
            threshold=_GUESSES_IN_FIVE_MINUTES,
        )
        for method, path in _ROUTES:
            route = apigateway.HttpRoute(
                self,
                f"{method.value.title()}{path.replace('/', '-')}",
                http_api=api,
                route_key=apigateway.HttpRouteKey.with_(path, method),
                integration=HttpLambdaIntegration("VerificationCodes", function.function),
                authorizer=None if origin is None else origin.authorizer,
            )
            if origin is None:
                acknowledge(route, "APIG4", "The code, or the issuer's key, authorises the caller.")

    def kept_by(self, operator: iam.Role) -> None:
        """Let a role keep the issuers, and see how many codes they issued, once there is a service.

        Args:
            operator: of tracing.
        """
        self._issuers.grant(operator, "DeleteItem", "PutItem", "Query")
        self._codes.grant(operator, "GetItem")
        iam.Grant.add_to_principal(
            grantee=operator,
            actions=["ssm:GetParameter"],
            resource_arns=[self._settings.parameter_arn(path) for path in _TOLD],
        )
