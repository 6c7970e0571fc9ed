"""The edge: CloudFront with a firewall in front of an API that answers to nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App

from infra.core import Core
from infra.edge import Edge
from infra.origin import ORIGIN_HEADER
from origin_check.handler import HEADER
from tests.infra.template import Templates, name

if TYPE_CHECKING:
    from pathlib import Path

    from infra.settings import Settings

pytestmark = pytest.mark.xdist_group("infra")


@pytest.fixture
def distribution(templates: Templates) -> dict[str, Any]:
    (one,) = templates.of("AWS::CloudFront::Distribution")
    config: dict[str, Any] = one.properties["DistributionConfig"]
    return config


def test_a_firewall_in_us_east_1_stands_before_it(
    distribution: dict[str, Any], templates: Templates
) -> None:
    (firewall,) = templates.of("AWS::WAFv2::WebACL")
    assert firewall.stack == "firewall"
    assert firewall.properties["Scope"] == "CLOUDFRONT"
    assert "WebACLId" in distribution
    rules = {rule["Name"]: rule["Statement"] for rule in firewall.properties["Rules"]}
    limit = rules.pop("too-many-requests")["RateBasedStatement"]
    assert limit == {"AggregateKeyType": "IP", "Limit": 500}
    assert set(rules) == {
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
    }


def test_the_firewall_shows_no_address_to_whoever_opens_the_console(
    templates: Templates,
) -> None:
    (firewall,) = templates.of("AWS::WAFv2::WebACL")
    visible = [firewall.properties, *firewall.properties["Rules"]]
    assert {one["VisibilityConfig"]["SampledRequestsEnabled"] for one in visible} == {False}


def test_viewers_and_the_api_speak_tls(distribution: dict[str, Any]) -> None:
    (api,) = distribution["CacheBehaviors"]
    assert distribution["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert api["PathPattern"] == "/v1/*"
    assert api["ViewerProtocolPolicy"] == "https-only"
    (origin,) = [one for one in distribution["Origins"] if one["Id"] == api["TargetOriginId"]]
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]


def test_cloudfront_shows_the_api_a_secret_that_is_in_no_template(
    distribution: dict[str, Any], templates: Templates
) -> None:
    (header,) = [
        header
        for origin in distribution["Origins"]
        for header in origin.get("OriginCustomHeaders", [])
    ]
    assert header["HeaderName"] == "x-origin-verify"
    value = templates.target("edge", header["HeaderValue"])
    (secret,) = templates.of("AWS::SecretsManager::Secret")
    assert value.startswith("{{resolve:secretsmanager:vigie-production-origin-1:")
    assert secret.properties["Name"] == "vigie-production-origin-1"
    assert "SecretString" not in secret.properties


def test_while_the_secret_is_changed_both_are_accepted_and_the_new_one_is_sent(
    settings: Settings, tmp_path: Path
) -> None:
    changing = settings.model_copy(update={"origin_secrets": ("1", "2")})
    app = App(outdir=str(tmp_path))
    Edge(app, changing, Core(app, changing), None)
    app.synth()
    templates = Templates(tmp_path)
    secrets = {
        one.properties["Name"].rsplit("-", 1)[1]: name(one)
        for one in templates.of("AWS::SecretsManager::Secret")
    }
    guard = templates.functions()["origin_check"]
    accepted = templates.target(
        guard.stack, guard.properties["Environment"]["Variables"]["ORIGIN_SECRET_ARNS"]
    )
    assert accepted == f"{secrets['1']} {secrets['2']}"
    (read,) = [
        statement["Resource"]
        for statement in templates.granted()["origin-check"]
        if "secretsmanager:GetSecretValue" in statement["Action"]
    ]
    assert set(read) == set(secrets.values())
    (distribution,) = templates.of("AWS::CloudFront::Distribution")
    assert "resolve:secretsmanager:vigie-production-origin-2:" in str(distribution.properties)
    # CloudFront's stack imports neither, so that the old one can go at the next deployment.
    assert "Secret" not in str(_imported(distribution.properties))


def _imported(value: object) -> list[str]:
    """The names that a value imports from other stacks, however deep."""
    if isinstance(value, dict):
        own = [str(value["Fn::ImportValue"])] if "Fn::ImportValue" in value else []
        return own + [name for part in value.values() for name in _imported(part)]
    if isinstance(value, list):
        return [name for part in value for name in _imported(part)]
    return []


def test_every_route_asks_for_the_secret(templates: Templates) -> None:
    (authorizer,) = templates.of("AWS::ApiGatewayV2::Authorizer")
    assert authorizer.properties["IdentitySource"] == ["$request.header.x-origin-verify"]
    assert authorizer.properties["EnableSimpleResponses"] is True
    routes = templates.of("AWS::ApiGatewayV2::Route")
    assert {route.properties["RouteKey"] for route in routes} == {
        "POST /v1/results/open",
        "GET /v1/openapi.json",
    }
    for route in routes:
        assert route.properties["AuthorizationType"] == "CUSTOM"
        asked = templates.target(route.stack, route.properties["AuthorizerId"])
        assert asked == name(authorizer)


def test_only_the_guard_reads_the_secret(templates: Templates) -> None:
    (secret,) = templates.of("AWS::SecretsManager::Secret")
    readers = {
        role
        for role, statements in templates.granted().items()
        for statement in statements
        if "secretsmanager:GetSecretValue" in statement["Action"]
    }
    assert readers == {"origin-check"}
    (read,) = [
        statement["Resource"]
        for statement in templates.granted()["origin-check"]
        if "secretsmanager:GetSecretValue" in statement["Action"]
    ]
    assert read == [name(secret)]


def test_the_page_loads_nothing_from_elsewhere(templates: Templates) -> None:
    (policy,) = templates.of("AWS::CloudFront::ResponseHeadersPolicy")
    headers = policy.properties["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    rules = dict(
        rule.split(" ", 1)
        for rule in headers["ContentSecurityPolicy"]["ContentSecurityPolicy"].split("; ")
    )
    assert rules["default-src"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == "'self'"
    assert headers["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31536000


def test_access_logs_of_the_api_have_no_address_and_no_body(templates: Templates) -> None:
    (stage,) = templates.of("AWS::ApiGatewayV2::Stage")
    written = stage.properties["AccessLogSettings"]["Format"]
    assert "$context.requestId" in written
    for personal in ("sourceIp", "userAgent", "identity", "$context.path", "requestOverride"):
        assert personal not in written


def test_the_api_is_throttled(templates: Templates) -> None:
    (stage,) = templates.of("AWS::ApiGatewayV2::Stage")
    limits = stage.properties["DefaultRouteSettings"]
    assert limits["ThrottlingRateLimit"] == 500
    assert limits["ThrottlingBurstLimit"] == 1000


def test_the_guard_looks_at_the_header_that_cloudfront_sends() -> None:
    assert HEADER == ORIGIN_HEADER
