"""The app's configuration: signed files, which phones download, and who may publish them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.keys import SigningKey
from infra.constructs.operator_role import OperatorRole
from infra.constructs.private_bucket import PrivateBucket, acknowledge_objects
from infra.distribution import viewer_protocol
from infra.findings import acknowledge

if TYPE_CHECKING:
    from infra.settings import Settings

_NAME = "app-config"
TRACING_OPERATOR = "tracing-operator"
# What the command reads, below the environment's parameters.
_TOLD = ("buckets/app-config", "keys/app-config", "tables/analytics", "tracing-url")


class AppConfig(Construct):
    """The bucket of the configuration, the key that signs it, and the role of who publishes it.

    Args:
        scope: the stack of tracing.
        settings: of the environment.
        distribution: where phones find the files, below `/app-config/`.

    Attributes:
        bucket: of the configuration.
        signing_key: signs it.
        operator: who publishes it.
    """

    def __init__(
        self, scope: Construct, settings: Settings, distribution: cloudfront.Distribution
    ) -> None:
        super().__init__(scope, "AppConfig")
        self.signing_key = SigningKey(self, _NAME, settings=settings, signers=[TRACING_OPERATOR])
        # What is public needs no key of ours, and nothing in it ever goes.
        self.bucket = PrivateBucket(
            self, "Files", settings=settings, name=_NAME, key=None, access_logs=None
        )
        acknowledge(
            self.bucket.bucket, "S1", "The files are public, and nobody is to know who reads them."
        )
        self.operator = OperatorRole(
            self,
            "Operator",
            settings=settings,
            name=TRACING_OPERATOR,
            description="Publishes the configuration of the tracing app, and reads its figures",
            taken_by=settings.tracing_operators,
        )
        self.signing_key.grant_sign(self.operator)
        self.signing_key.grant_describe(self.operator)
        self.bucket.grant(self.operator, "s3:GetObject", "s3:PutObject")
        self.bucket.grant_list(self.operator)
        acknowledge_objects(
            self.operator, self.bucket.bucket, reason="Every version has names of its own."
        )
        iam.Grant.add_to_principal(
            grantee=self.operator,
            actions=["ssm:GetParameter"],
            resource_arns=[settings.parameter_arn(path) for path in _TOLD],
        )
        distribution.add_behavior(
            f"/{_NAME}/*",
            origins.S3BucketOrigin.with_origin_access_control(self.bucket.bucket),
            # As long as each file's own Cache-Control says.
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
            viewer_protocol_policy=viewer_protocol(
                settings, cloudfront.ViewerProtocolPolicy.HTTPS_ONLY
            ),
        )
