"""The files of a page, which deploying puts into its bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import DefaultStackSynthesizer, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from infra.constructs.private_bucket import PrivateBucket, acknowledge_objects
from infra.findings import acknowledge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aws_cdk import aws_cloudfront as cloudfront

    from infra.settings import Settings


class PageDeployment(Construct):
    """Puts files into a page's bucket by the CDK's own function, and freshens the distribution.

    The emulator has no such function: `infra.local` puts them there itself.

    Args:
        scope: the parent.
        construct_id: its id.
        settings: of the environment.
        bucket: of the page.
        distribution: that serves it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        bucket: PrivateBucket,
        distribution: cloudfront.IDistribution,
    ) -> None:
        super().__init__(scope, construct_id)
        self._bucket = bucket
        self._distribution = distribution
        self._log_group = logs.LogGroup(
            self,
            "Logs",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self._role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self._log_group.grant_write(self._role)
        self._acknowledge_role(settings)

    def put(
        self,
        construct_id: str,
        folder: Path,
        *,
        leaving_out: Sequence[str] = (),
        cache_control: str | None = None,
        alone: bool = True,
    ) -> deployment.BucketDeployment:
        """Put the files of a folder.

        Args:
            construct_id: of the deployment.
            folder: where the files are.
            leaving_out: patterns of files that are not put.
            cache_control: what browsers and CloudFront are told; None leaves it to CloudFront.
            alone: whether everything else is removed from the bucket.
        """
        put = deployment.BucketDeployment(
            self,
            construct_id,
            sources=[deployment.Source.asset(str(folder), exclude=list(leaving_out))],
            destination_bucket=self._bucket.bucket,
            distribution=self._distribution,
            cache_control=(
                None
                if cache_control is None
                else [deployment.CacheControl.from_string(cache_control)]
            ),
            prune=alone,
            role=self._role,
            log_group=self._log_group,
        )
        for child in Stack.of(self).node.children:
            if child.node.id.startswith("Custom::CDKBucketDeployment"):
                acknowledge(child, "L1", "The CDK's own function, of the CDK's choosing.")
        return put

    def _acknowledge_role(self, settings: Settings) -> None:
        assets = f"cdk-{DefaultStackSynthesizer.DEFAULT_QUALIFIER}-assets"
        place = f"{settings.account}-{settings.region}"
        for wildcard in (
            "Action::s3:Abort*",
            "Action::s3:DeleteObject*",
            "Action::s3:GetBucket*",
            "Action::s3:GetObject*",
            "Action::s3:List*",
            "Resource::*",
            f"Resource::arn:aws:s3:::{assets}-{place}/*",
        ):
            acknowledge(
                self._role, f"IAM5[{wildcard}]", "As the CDK's own page deployment asks for."
            )
        acknowledge_objects(self._role, self._bucket.bucket, reason="The page's own files.")
