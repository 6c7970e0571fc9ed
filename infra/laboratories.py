"""Laboratories: who keeps their register, and the API for those without an AWS client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

from infra import emulator
from infra.capability import Capability
from infra.constructs.operator_role import OperatorRole
from infra.constructs.private_bucket import acknowledge_objects, removal_policy
from infra.constructs.vigie_function import VigieFunction
from infra.findings import acknowledge

if TYPE_CHECKING:
    from constructs import Construct

    from infra.core import Core
    from infra.intake import Intake
    from infra.settings import Settings

# What the command reads, below the environment's parameters.
_TOLD = (
    "buckets/inbox",
    "buckets/outbox",
    "laboratories/*",
    "public-url",
    "queues/inbox-check",
    "tables/files",
    "tables/laboratories",
)
_ROUTES = (
    (apigateway.HttpMethod.POST, "/v1/lab/uploads"),
    (apigateway.HttpMethod.GET, "/v1/lab/uploads"),
    (apigateway.HttpMethod.GET, "/v1/lab/uploads/{upload_id}"),
    (apigateway.HttpMethod.GET, "/v1/lab/openapi.json"),
)
_SERVER, _SCOPE = "laboratories", "uploads"
# Below each laboratory's prefix.
_UPLOADS = "*/uploads/*"
_FILES_KEPT_DAYS = 90


class Laboratories(Capability):
    """The role of who keeps the register, the clients of laboratories, and their API.

    The register itself is the intake's, which asks it for every file.
    """

    def __init__(self, scope: Construct, settings: Settings, core: Core, intake: Intake) -> None:
        super().__init__(scope, "laboratories", settings)
        self._core = core
        self._intake = intake
        self._uploads = self.table("uploads", "upload_id", key=core.records)
        self._clients = self._pool()
        self._laboratory_uploads()
        self._operator()
        self._tell_the_command()

    def _pool(self) -> cognito.UserPool:
        """The user pool of the clients: machines of laboratories, and no people."""
        pool = cognito.UserPool(
            self,
            "Clients",
            user_pool_name=self.settings.name("laboratories"),
            self_sign_up_enabled=False,
            deletion_protection=self.settings.retained,
            removal_policy=removal_policy(self.settings),
        )
        for rule in ("COG1", "COG2", "COG3", "COG8"):
            acknowledge(pool, rule, "It has no users: its clients are machines with a secret.")
        pool.add_resource_server(
            "Api",
            identifier=_SERVER,
            scopes=[
                cognito.ResourceServerScope(
                    scope_name=_SCOPE, scope_description="Send files, and follow them"
                )
            ],
        )
        pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(
                domain_prefix=f"{self.settings.name('laboratories')}-{self.settings.account}"
            ),
        )
        return pool

    def _laboratory_uploads(self) -> None:
        core, intake = self._core, self._intake
        issuer = (
            f"https://cognito-idp.{self.settings.region}.amazonaws.com/{self._clients.user_pool_id}"
        )
        function = VigieFunction(
            self,
            "laboratory_uploads",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "LABORATORIES_TABLE": intake.laboratories.name,
                "FILES_TABLE": intake.files.name,
                "UPLOADS_TABLE": self._uploads.name,
                "INBOX_BUCKET": intake.inbox.bucket.bucket_name,
                "OUTBOX_BUCKET": intake.outbox.bucket.bucket_name,
                "TOKEN_ISSUER": issuer,
                "TOKEN_KEYS_URL": emulator.token_keys_url(self.settings, self._clients.user_pool_id)
                or f"{issuer}/.well-known/jwks.json",
                "TOKEN_SCOPE": f"{_SERVER}/{_SCOPE}",
                "RETENTION_DAYS": str(_FILES_KEPT_DAYS),
            },
            timeout=Duration.seconds(20),
            memory_mib=1024,
        )
        role = function.role
        intake.laboratories.grant(role, "GetItem")
        intake.laboratories.grant_query(role, "by-client")
        intake.files.grant(role, "GetItem")
        intake.files.grant_query(role, "by-laboratory")
        self._uploads.grant(role, "GetItem", "PutItem")
        # It signs forms and links with its own rights.
        intake.inbox.grant(role, "s3:PutObject", objects=_UPLOADS)
        acknowledge_objects(role, intake.inbox.bucket, _UPLOADS)
        function.may(["s3:ListBucketVersions"], intake.inbox.bucket.bucket_arn)
        intake.outbox.grant(role, "s3:GetObject")
        intake.outbox.grant_list(role)
        acknowledge_objects(role, intake.outbox.bucket)
        for method, path in _ROUTES:
            route = apigateway.HttpRoute(
                self,
                f"{method.value.title()}{path.replace('/', '-').strip('{}')}",
                http_api=core.api,
                route_key=apigateway.HttpRouteKey.with_(path, method),
                integration=HttpLambdaIntegration("LaboratoryUploads", function.function),
                authorizer=None if core.origin is None else core.origin.authorizer,
            )
            if core.origin is None:
                acknowledge(route, "APIG4", "The function judges the access token.")

    def _operator(self) -> None:
        intake = self._intake
        role = OperatorRole(
            self,
            "Operator",
            settings=self.settings,
            name="laboratory-operator",
            description="Keeps the register of laboratories",
            taken_by=self.settings.laboratory_operators,
        )
        intake.laboratories.grant(role, "GetItem", "PutItem", "Scan")
        intake.files.grant_query(role, "by-laboratory")
        # Whoever lets a laboratory in has its refused files read.
        self._may(
            role, emulator.actions(self.settings, "sqs:SendMessage"), intake.checks.queue.queue_arn
        )
        self._may(role, ["kms:Decrypt", "kms:GenerateDataKey"], self._core.messages.key_arn)
        self._may(role, ["ssm:GetParameter"], *map(self.settings.parameter_arn, _TOLD))
        self._may(
            role,
            ["cognito-idp:CreateUserPoolClient", "cognito-idp:DeleteUserPoolClient"],
            self._clients.user_pool_arn,
        )
        acknowledge(
            role,
            f"IAM5[Resource::{self.settings.parameter_arn('laboratories/*')}]",
            "What a laboratory needs to be told stands there, one parameter for each thing.",
        )
        self.publish("LaboratoryOperatorRole", "roles/laboratory-operator", role.role_arn)

    def _may(self, role: iam.Role, actions: list[str], *arns: str) -> None:
        iam.Grant.add_to_principal(grantee=role, actions=actions, resource_arns=list(arns))

    def _tell_the_command(self) -> None:
        domain = f"{self.settings.name('laboratories')}-{self.settings.account}"
        token_url = emulator.token_url(self.settings) or (
            f"https://{domain}.auth.{self.settings.region}.amazoncognito.com/oauth2/token"
        )
        self.publish("UploadsTable", "tables/uploads", self._uploads.name)
        self.publish("ClientPoolId", "laboratories/client-pool", self._clients.user_pool_id)
        self.publish("TokenUrl", "laboratories/token-url", token_url)
        self.publish("TokenScope", "laboratories/token-scope", f"{_SERVER}/{_SCOPE}")
