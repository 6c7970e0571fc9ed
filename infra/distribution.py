"""What every distribution of CloudFront has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from aws_cdk import Duration, Fn
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins

from infra import emulator
from infra.findings import acknowledge
from infra.origin import ORIGIN_HEADER

if TYPE_CHECKING:
    from aws_cdk import aws_apigatewayv2 as apigateway
    from constructs import Construct

    from infra.origin import Origin
    from infra.settings import CustomDomain, Settings


def api_behaviour(
    settings: Settings,
    api: apigateway.HttpApi,
    origin: Origin | None,
    headers: cloudfront.IResponseHeadersPolicy | None,
    *,
    cached: bool = False,
) -> cloudfront.BehaviorOptions:
    """Requests that go to an API, with the secret that it knows CloudFront by.

    Args:
        settings: of the environment.
        api: where they go.
        origin: the secret; None where the API answers to everyone.
        headers: what is added to each response.
        cached: whether what a path gives is kept as long as its own Cache-Control says.
    """
    # Read at deployment by CloudFormation; the secret is in no template.
    secret = {} if origin is None else {ORIGIN_HEADER: origin.sent.unsafe_unwrap()}
    host = Fn.select(2, Fn.split("/", api.api_endpoint))
    return cloudfront.BehaviorOptions(
        origin=emulator.api_origin(settings, api)
        or origins.HttpOrigin(
            host,
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            custom_headers=secret,
        ),
        allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
        cache_policy=(
            cloudfront.CachePolicy.CACHING_OPTIMIZED
            if cached
            else cloudfront.CachePolicy.CACHING_DISABLED
        ),
        origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewer_protocol_policy=viewer_protocol(
            settings, cloudfront.ViewerProtocolPolicy.HTTPS_ONLY
        ),
        response_headers_policy=headers,
    )


def page_headers(
    scope: Construct, settings: Settings, name: str, content_security_policy: str
) -> cloudfront.ResponseHeadersPolicy:
    """What is added to each response of a page.

    Args:
        scope: the stack.
        settings: of the environment.
        name: of the policy, after the environment's prefix.
        content_security_policy: what the page may load and from where.
    """
    return cloudfront.ResponseHeadersPolicy(
        scope,
        "Headers",
        response_headers_policy_name=settings.name(name),
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=content_security_policy, override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            frame_options=cloudfront.ResponseHeadersFrameOptions(
                frame_option=cloudfront.HeadersFrameOption.DENY, override=True
            ),
            # A token is in the fragment, which no referrer has; nothing else goes either.
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
            ),
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=Duration.days(730),
                include_subdomains=True,
                override=True,
            ),
        ),
    )


def viewer_protocol(
    settings: Settings, over_tls: cloudfront.ViewerProtocolPolicy
) -> cloudfront.ViewerProtocolPolicy:
    """How viewers connect: as told, but for the emulator, which speaks plain http."""
    if emulator.tls_only(settings):
        return over_tls
    return cloudfront.ViewerProtocolPolicy.ALLOW_ALL


class OwnName(TypedDict):
    """What a distribution takes to answer under a name of ours; None of CloudFront's own."""

    domain_names: list[str] | None
    certificate: acm.ICertificate | None


def own_name(scope: Construct, domain: CustomDomain | None) -> OwnName:
    """The name under which a distribution answers.

    Args:
        scope: the stack.
        domain: its own name; None for CloudFront's.
    """
    if domain is None:
        return OwnName(domain_names=None, certificate=None)
    certificate = acm.Certificate.from_certificate_arn(scope, "Certificate", domain.certificate_arn)
    return OwnName(domain_names=[domain.name], certificate=certificate)


def public_address(
    settings: Settings, distribution: cloudfront.Distribution, domain: CustomDomain | None = None
) -> str:
    """Where a distribution answers: under its own name, or else under CloudFront's."""
    if domain is not None:
        return f"https://{domain.name}"
    name = distribution.distribution_domain_name
    return emulator.public_url(settings, name) or f"https://{name}"


def acknowledge_distribution(distribution: cloudfront.Distribution, *, own_domain: bool) -> None:
    """Accept what cdk-nag finds on a distribution that people use from anywhere, unlogged."""
    acknowledge(distribution, "CFR1", "Whoever uses it may be abroad.")
    acknowledge(
        distribution,
        "CFR3",
        "Its log would hold people's addresses; the firewall's metrics count requests.",
    )
    if not own_domain:
        acknowledge(
            distribution,
            "CFR4",
            "CloudFront's own name takes no other policy; a custom domain has TLS 1.2.",
        )
