"""The secret by which the API knows CloudFront, and the function that asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
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
    """Makes the API answer to CloudFront and nobody else.

    Attributes:
        secret: what CloudFront sends in `ORIGIN_HEADER`.
        authorizer: for every route.
    """

    def __init__(self, scope: Construct, *, settings: Settings, alarms: sns.ITopic) -> None:
        super().__init__(scope, "Origin")
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            secret_name=settings.name("origin"),
            description="CloudFront's word to the API",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                exclude_punctuation=True, password_length=_SECRET_LENGTH
            ),
        )
        acknowledge(
            self.secret,
            "SMG4",
            "It authenticates CloudFront, not a person, and CloudFront reads it at deployment "
            "only: rotation is a deployment, which the runbook describes.",
        )
        check = VigieFunction(
            self,
            "origin_check",
            settings=settings,
            alarms=alarms,
            environment={"ORIGIN_SECRET_ARN": self.secret.secret_arn},
            timeout=Duration.seconds(5),
        )
        check.may(["secretsmanager:GetSecretValue"], self.secret.secret_arn)
        self.authorizer = authorizers.HttpLambdaAuthorizer(
            "OriginCheck",
            check.function,
            response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
            identity_source=[f"$request.header.{ORIGIN_HEADER}"],
            results_cache_ttl=Duration.minutes(5),
        )
