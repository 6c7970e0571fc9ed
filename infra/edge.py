"""The edge: CloudFront in front of the page and the API, with a firewall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_wafv2 as waf

from infra.capability import Capability
from infra.constructs.page_deployment import PageDeployment
from infra.constructs.private_bucket import PrivateBucket
from infra.distribution import (
    acknowledge_distribution,
    api_behaviour,
    own_name,
    page_headers,
    public_address,
    viewer_protocol,
)
from infra.pages import CACHED_BRIEFLY, RESULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from infra.core import Core
    from infra.settings import Settings
    from infra.tracing import Tracing

_FIREWALL_REGION = "us-east-1"
_REQUESTS_IN_FIVE_MINUTES = 500
_TRACING_REQUESTS_IN_FIVE_MINUTES = 5000
# One call for each certificate, as old applications do it, of several at once.
_VERIFIERS_REQUESTS_IN_FIVE_MINUTES = 5000
_TRACING_RULES = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
)
_MANAGED_RULES = (*_TRACING_RULES, "AWSManagedRulesCommonRuleSet")
_POLLING = "/virology-test/*"
_ISSUE = "/api/issue"
_SELF_REPORT = "/api/user-report*"
# The page loads nothing from elsewhere; certificates are drawn as data: images.
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Firewall(Capability):
    """The WebACLs, which CloudFront wants in us-east-1.

    Attributes:
        arn: of the WebACL in front of the page.
        tracing_arn: of the WebACL in front of tracing. Many phones share an address there, and
            send decoys all day; their bodies are larger than the common rules allow.
        numbers_arn: of the WebACL in front of the numbers and the open data.
        verifiers_arn: of the WebACL in front of the lists of verifiers, of which a whole border
            post may have one address.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "firewall", settings, region=_FIREWALL_REGION)
        self.arn = self._web_acl("WebAcl", "edge", _REQUESTS_IN_FIVE_MINUTES, _MANAGED_RULES)
        self.tracing_arn = self._web_acl(
            "TracingWebAcl",
            "tracing",
            _TRACING_REQUESTS_IN_FIVE_MINUTES,
            _TRACING_RULES,
            uncounted=("/exports/", "/app-config/", "/clusters/"),
        )
        self.numbers_arn = self._web_acl(
            "NumbersWebAcl",
            "numbers",
            _REQUESTS_IN_FIVE_MINUTES,
            _MANAGED_RULES,
            uncounted=("/data/",),
        )
        self.verifiers_arn = self._web_acl(
            "VerifiersWebAcl",
            "verifiers",
            _VERIFIERS_REQUESTS_IN_FIVE_MINUTES,
            _TRACING_RULES,
            uncounted=("/lists/",),
        )

    def _web_acl(
        self,
        construct_id: str,
        name: str,
        limit: int,
        rules: Sequence[str],
        uncounted: Sequence[str] = (),
    ) -> str:
        """A WebACL; requests below the paths `uncounted`, which caches answer, have no limit."""
        rate = waf.CfnWebACL.RuleProperty(
            name="too-many-requests",
            priority=0,
            action=waf.CfnWebACL.RuleActionProperty(block={}),
            visibility_config=_visible("too-many-requests"),
            statement=waf.CfnWebACL.StatementProperty(
                rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                    limit=limit,
                    aggregate_key_type="IP",
                    scope_down_statement=_elsewhere(uncounted) if uncounted else None,
                )
            ),
        )
        managed = [
            waf.CfnWebACL.RuleProperty(
                name=rule,
                priority=priority,
                override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
                visibility_config=_visible(rule),
                statement=waf.CfnWebACL.StatementProperty(
                    managed_rule_group_statement=waf.CfnWebACL.ManagedRuleGroupStatementProperty(
                        vendor_name="AWS", name=rule
                    )
                ),
            )
            for priority, rule in enumerate(rules, start=1)
        ]
        return waf.CfnWebACL(
            self,
            construct_id,
            name=self.settings.name(name),
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_visible(name),
            rules=[rate, *managed],
        ).attr_arn


class Edge(Capability):
    """The distribution: the page at its root, APIs under `/v1/` and for polling, and for codes.

    The page gets verification codes from tracing under its own name, so that it need not be let
    speak to any other, nor tracing listen to pages of others.

    Args:
        web_acl_arn: of the firewall; None where there is none.

    Attributes:
        public_url: where people find the page.
    """

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        core: Core,
        tracing: Tracing,
        web_acl_arn: str | None,
    ) -> None:
        super().__init__(scope, "edge", settings)
        self._web = PrivateBucket(
            self,
            "Web",
            settings=settings,
            name="web",
            # The page is public: a key of ours would keep nothing from anyone.
            key=None,
            access_logs=core.access_logs,
        )
        domain = settings.domain
        headers = page_headers(self, settings, "headers", _CONTENT_SECURITY_POLICY)
        of_core = api_behaviour(settings, core.api, core.origin, headers)
        self._distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=settings.name("edge"),
            default_root_object="index.html",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(self._web.bucket),
                viewer_protocol_policy=viewer_protocol(
                    settings, cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS
                ),
                response_headers_policy=headers,
            ),
            additional_behaviors={
                "/v1/*": of_core,
                _POLLING: of_core,
                _ISSUE: api_behaviour(settings, tracing.api, tracing.origin, headers),
                **({_SELF_REPORT: of_core} if settings.self_reports else {}),
            },
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            web_acl_id=web_acl_arn,
            **own_name(self, domain),
        )
        self.public_url = public_address(settings, self._distribution, domain)
        acknowledge_distribution(self._distribution, own_domain=domain is not None)
        if settings.emulator is None:
            self._deploy_page()
        self.publish("PublicUrl", "public-url", self.public_url)
        self.publish("WebBucket", "buckets/web", self._web.bucket.bucket_name)

    def _deploy_page(self) -> None:
        PageDeployment(
            self,
            "Page",
            settings=self.settings,
            bucket=self._web,
            distribution=self._distribution,
        ).put("Files", RESULTS, cache_control=CACHED_BRIEFLY)


def _elsewhere(paths: Sequence[str]) -> waf.CfnWebACL.StatementProperty:
    """Requests that are below none of some paths."""
    below = [_below(path) for path in paths]
    # WAF takes no choice among fewer than two.
    any_of = waf.CfnWebACL.OrStatementProperty(statements=below) if len(below) > 1 else None
    return waf.CfnWebACL.StatementProperty(
        not_statement=waf.CfnWebACL.NotStatementProperty(
            statement=waf.CfnWebACL.StatementProperty(or_statement=any_of) if any_of else below[0]
        )
    )


def _below(path: str) -> waf.CfnWebACL.StatementProperty:
    return waf.CfnWebACL.StatementProperty(
        byte_match_statement=waf.CfnWebACL.ByteMatchStatementProperty(
            field_to_match=waf.CfnWebACL.FieldToMatchProperty(uri_path={}),
            positional_constraint="STARTS_WITH",
            search_string=path,
            text_transformations=[
                waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")
            ],
        )
    )


def _visible(metric: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    # Sampled requests would show addresses to whoever opens the console.
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=False
    )
