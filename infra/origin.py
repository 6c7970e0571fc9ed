"""The secret by which the API knows CloudFront, and the function that asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration, SecretValue
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.vigie_function import VigieFunction
from infra.findings import acknowledge

if TYPE_CHECKING:
    from aws_cdk import aws_sns as sns

    from infra.settings import Settings

ORIGIN_HEADER = "x-origin-verify"
_SECRET_LENGTH = 48


class Origin(Construct):
    """Makes an API answer to CloudFront and nobody else.

    Args:
        scope: the parent.
        settings: of the environment.
        alarms: who is told of errors.
        name: of its secrets, after the environment's prefix; the guard's begins with it.

    Every secret of the settings is accepted and the last one is sent, so that a deployment
    with two and one with the new one alone change it without a request refused.

    Attributes:
        sent: reference to what CloudFront sends in `ORIGIN_HEADER`, read at deployment by
            CloudFormation. By name: CloudFront's stack must not hold on to an old secret.
        secret_arns: of every secret that is accepted.
        authorizer: for every route.
    """

    def __init__(
        self, scope: Construct, *, settings: Settings, alarms: sns.ITopic, name: str = "origin"
    ) -> None:
        super().__init__(scope, "Origin")
        names = [settings.name(f"{name}-{one}") for one in settings.origin_secrets]
        self.secret_arns = [self._secret(one).secret_arn for one in names]
        self.sent = SecretValue.secrets_manager(names[-1])
        check = VigieFunction(
            self,
            "origin_check",
            settings=settings,
            alarms=alarms,
            environment={"ORIGIN_SECRET_ARNS": " ".join(self.secret_arns)},
            timeout=Duration.seconds(5),
            named=f"{name}-check",
        )
        check.may(["secretsmanager:GetSecretValue"], *self.secret_arns)
        self.authorizer = authorizers.HttpLambdaAuthorizer(
            "OriginCheck",
            check.function,
            response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
            identity_source=[f"$request.header.{ORIGIN_HEADER}"],
            results_cache_ttl=Duration.minutes(5),
        )

    def _secret(self, name: str) -> secretsmanager.Secret:
        secret = secretsmanager.Secret(
            self,
            f"Secret-{name}",
            secret_name=name,
            description="CloudFront's word to the API",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                exclude_punctuation=True, password_length=_SECRET_LENGTH
            ),
        )
        acknowledge(
            secret,
            "SMG4",
            "It authenticates CloudFront, not a person, and CloudFront reads it at deployment "
            "only: rotation is two deployments, which the runbook describes.",
        )
        return secret
