"""Verifiers: what applications that check certificates download."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

from infra import emulator
from infra.capability import Capability
from infra.constructs.operator_role import OperatorRole
from infra.constructs.private_bucket import PrivateBucket, acknowledge_objects
from infra.constructs.vigie_function import VigieFunction
from infra.core import LIST_PUBLISHER
from infra.distribution import (
    acknowledge_distribution,
    api_behaviour,
    own_name,
    public_address,
    viewer_protocol,
)
from infra.findings import acknowledge
from infra.revocation import LISTS_BUCKET
from vigie.twoddoc.revoked_codes import REVOKED_FILE

if TYPE_CHECKING:
    from constructs import Construct

    from infra.certificates import Certificates
    from infra.core import Core
    from infra.revocation import Revocation
    from infra.settings import Settings

_GET, _POST = apigateway.HttpMethod.GET, apigateway.HttpMethod.POST
# As the EU verifier service has them: applications know them.
_ROUTES = (
    (_GET, "/signercertificateUpdate"),
    (_POST, "/signercertificateUpdate"),
    (_GET, "/signercertificateStatus"),
    (_GET, "/signercertificateStatus/delta"),
    (_GET, "/rules"),
    (_GET, "/rules/{country}"),
    (_GET, "/rules/{country}/{hash}"),
    (_GET, "/valuesets"),
    (_GET, "/valuesets/{hash}"),
    (_GET, "/countrylist"),
    (_GET, "/v1/verifiers/openapi.json"),
)
_VERIFICATION = (
    (_POST, "/v1/certificates/verify"),
    (_GET, "/v1/certificates/openapi.json"),
)
# Of the bucket: what the function reads, and what CloudFront serves.
_VERSIONS = "versions/*"
_PUBLIC = ("lists", "trustlist")
# What an operator brings in.
_SOURCES = "sources/*"
# What the EU's revocation distribution service gives is answered by a function of another stack.
_DEVICE_LISTS = ("/lists", "/lists/*/partitions*")
_NAMED_BY_VERSION = "Every version of a list has names of its own."
_PUBLISHED = "certificates/published/*"
# What the command reads, below the environment's parameters.
_TOLD = (
    "buckets/value-sets",
    "buckets/verifier-lists",
    "certificates/*",
    "keys/lists",
    "verifiers-url",
)


class Verifiers(Capability):
    """The bucket of published lists, the functions that read it, and the address of all.

    Args:
        scope: the app.
        settings: of the environment.
        core: what every capability uses.
        certificates: keeps the value sets.
        revocation: publishes what is revoked.
        web_acl_arn: of the firewall; None where there is none.

    Attributes:
        lists: the bucket.
        url: the address that verifier applications are given.
    """

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        core: Core,
        certificates: Certificates,
        revocation: Revocation,
        *,
        web_acl_arn: str | None,
    ) -> None:
        super().__init__(scope, "verifiers", settings)
        self._core = core
        # What is public needs no key of ours: it would keep nothing from anyone.
        self.lists = PrivateBucket(
            self, "Lists", settings=settings, name=LISTS_BUCKET, key=None, access_logs=None
        )
        acknowledge(self.lists.bucket, "S1", "It is public, and nobody is to know who reads it.")
        self._function("verifier_lists", "VerifierLists", _ROUTES)
        verification = self._function(
            "certificate_verification",
            "CertificateVerification",
            _VERIFICATION,
            REVOCATION_BUCKET=revocation.bucket.bucket.bucket_name,
            VALUE_SETS_BUCKET=certificates.value_sets.bucket.bucket_name,
        )
        revocation.grant_look_up(verification.role)
        certificates.grant_value_sets(verification.role, "s3:GetObject")
        self.lists.grant(verification.role, "s3:GetObject", objects=REVOKED_FILE)
        distribution = self._distribution(web_acl_arn)
        self.url = public_address(settings, distribution, settings.verifiers_domain)
        self._publisher(certificates)
        self.publish("VerifierListsBucket", "buckets/verifier-lists", self.lists.bucket.bucket_name)
        self.publish("VerifiersUrl", "verifiers-url", self.url)

    def _function(
        self,
        folder: str,
        name: str,
        routes: tuple[tuple[apigateway.HttpMethod, str], ...],
        **environment: str,
    ) -> VigieFunction:
        """A function that reads published lists, and its routes."""
        core = self._core
        function = VigieFunction(
            self,
            folder,
            settings=self.settings,
            alarms=core.alarms,
            environment={"LISTS_BUCKET": self.lists.bucket.bucket_name, **environment},
            timeout=Duration.seconds(20),
            memory_mib=1024,
        )
        self.lists.grant(function.role, "s3:GetObject", objects=_VERSIONS)
        self.lists.grant_list(function.role)
        acknowledge_objects(function.role, self.lists.bucket, _VERSIONS, reason=_NAMED_BY_VERSION)
        integration = HttpLambdaIntegration(name, function.function)
        for method, path in routes:
            route = apigateway.HttpRoute(
                self,
                f"{method.value.title()}{path.replace('/', '-')}",
                http_api=core.api,
                route_key=apigateway.HttpRouteKey.with_(path, method),
                integration=integration,
                authorizer=None if core.origin is None else core.origin.authorizer,
            )
            if core.origin is None:
                acknowledge(route, "APIG4", "What it gives is public.")
        return function

    def _distribution(self, web_acl_arn: str | None) -> cloudfront.Distribution:
        # Other people's pages may read it.
        shared = cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS_AND_SECURITY_HEADERS
        files = cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(self.lists.bucket),
            # As long as each file's own Cache-Control says.
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=shared,
            viewer_protocol_policy=viewer_protocol(
                self.settings, cloudfront.ViewerProtocolPolicy.HTTPS_ONLY
            ),
        )
        devices = api_behaviour(self.settings, self._core.api, self._core.origin, None, cached=True)
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=self.settings.name("verifiers"),
            # The answers' headers are the function's own.
            default_behavior=api_behaviour(self.settings, self._core.api, self._core.origin, None),
            # The first that matches counts.
            additional_behaviors={
                **dict.fromkeys(_DEVICE_LISTS, devices),
                **{f"/{folder}/*": files for folder in _PUBLIC},
            },
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            web_acl_id=web_acl_arn,
            **own_name(self, self.settings.verifiers_domain),
        )
        acknowledge_distribution(
            distribution, own_domain=self.settings.verifiers_domain is not None
        )
        return distribution

    def _publisher(self, certificates: Certificates) -> None:
        """The role that signs and writes what verifiers believe."""
        role = OperatorRole(
            self,
            "Publisher",
            settings=self.settings,
            name=LIST_PUBLISHER,
            description="Publishes what verifier applications download",
            taken_by=self.settings.list_publishers,
        )
        self._core.lists.grant_sign(role)
        self._core.lists.grant_describe(role)
        self.lists.grant(role, "s3:GetObject", "s3:PutObject")
        self.lists.grant_list(role)
        acknowledge_objects(role, self.lists.bucket, reason=_NAMED_BY_VERSION)
        certificates.grant_value_sets(role, "s3:GetObject")
        # What was published stays; an import is dropped.
        self.lists.grant(role, "s3:DeleteObject", objects=_SOURCES)
        acknowledge_objects(
            role, self.lists.bucket, _SOURCES, reason="Imports are named by who makes them."
        )
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["ssm:GetParameter"],
            resource_arns=[self.settings.parameter_arn(path) for path in _TOLD],
        )
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["ssm:GetParametersByPath"],
            resource_arns=emulator.parameter_paths(
                self.settings, self.settings.parameter_arn("certificates/*")
            ),
        )
        # When each signer was first published: it may sign 48 hours later.
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["ssm:PutParameter"],
            resource_arns=[self.settings.parameter_arn(_PUBLISHED)],
        )
        acknowledge(
            role,
            f"IAM5[Resource::{self.settings.parameter_arn(_PUBLISHED)}]",
            "There is one parameter for each signer, named by its key identifier.",
        )
        acknowledge(
            role,
            f"IAM5[Resource::{self.settings.parameter_arn('certificates/*')}]",
            "There is one parameter for each signer, named by its key identifier.",
        )
        self.publish("ListPublisherRole", "roles/list-publisher", role.role_arn)
