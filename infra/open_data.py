"""The site of the numbers: a page at its root, the open data below `/data/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct

from infra.constructs.page_deployment import PageDeployment
from infra.constructs.private_bucket import PrivateBucket
from infra.distribution import (
    acknowledge_distribution,
    page_headers,
    public_address,
    viewer_protocol,
)
from infra.findings import acknowledge
from infra.pages import CACHED_BRIEFLY, CACHED_FOREVER, build_numbers, numbers_policy

if TYPE_CHECKING:
    from infra.settings import Settings

DATA = "data"


class OpenData(Construct):
    """The bucket of the open data, that of the page, and the distribution in front of both.

    Args:
        scope: the stack of statistics.
        settings: of the environment.
        web_acl_arn: of the firewall; None where there is none.

    Attributes:
        bucket: of the open data; its objects are below `data/`.
        page: bucket of the page.
        distribution: where the public finds both.
        url: its address.
    """

    def __init__(self, scope: Construct, settings: Settings, web_acl_arn: str | None) -> None:
        super().__init__(scope, "OpenData")
        # What is public needs no key of ours: it would keep nothing from anyone.
        self.bucket = PrivateBucket(
            self, "Data", settings=settings, name="open-data", key=None, access_logs=None
        )
        self.page = PrivateBucket(
            self, "Page", settings=settings, name="numbers", key=None, access_logs=None
        )
        for bucket in (self.bucket, self.page):
            acknowledge(bucket.bucket, "S1", "It is public, and nobody is to know who reads it.")
        viewers = viewer_protocol(settings, cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=settings.name("numbers"),
            default_root_object="index.html",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(self.page.bucket),
                viewer_protocol_policy=viewers,
                response_headers_policy=page_headers(
                    self, settings, "numbers-headers", numbers_policy()
                ),
            ),
            additional_behaviors={
                f"/{DATA}/*": cloudfront.BehaviorOptions(
                    origin=origins.S3BucketOrigin.with_origin_access_control(self.bucket.bucket),
                    # As long as each file's own Cache-Control says.
                    cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                    response_headers_policy=(
                        # Other people's pages may read it.
                        cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS_AND_SECURITY_HEADERS
                    ),
                    viewer_protocol_policy=viewers,
                )
            },
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            web_acl_id=web_acl_arn,
        )
        self.url = public_address(settings, self.distribution)
        acknowledge_distribution(self.distribution, own_domain=False)
        if settings.emulator is None:
            self._deploy_page(settings)

    def _deploy_page(self, settings: Settings) -> None:
        page = PageDeployment(
            self,
            "PageFiles",
            settings=settings,
            bucket=self.page,
            distribution=self.distribution,
        )
        folder = build_numbers()
        # Those of earlier deployments stay: a page that someone has open may still ask for them.
        assets = page.put(
            "Assets", folder, leaving_out=["*.html"], cache_control=CACHED_FOREVER, alone=False
        )
        pages = page.put(
            "Pages", folder, leaving_out=["*", "!*.html"], cache_control=CACHED_BRIEFLY, alone=False
        )
        pages.node.add_dependency(assets)
