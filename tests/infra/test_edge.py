"""The edge: CloudFront with a firewall in front of an API that answers to nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App

from infra.certificates import Certificates
from infra.core import Core
from infra.edge import Edge
from infra.intake import Intake
from infra.origin import ORIGIN_HEADER
from infra.revocation import Revocation
from infra.settings import CustomDomain
from infra.tracing import Tracing
from infra.vaccinations import Vaccinations
from infra.verifiers import Verifiers
from tests.infra.template import Templates, name
from vigie.http.origin_secret import HEADER

if TYPE_CHECKING:
    from pathlib import Path

    from infra.settings import Settings
    from tests.infra.template import Resource

pytestmark = pytest.mark.xdist_group("infra")


@pytest.fixture
def distribution(templates: Templates) -> dict[str, Any]:
    config: dict[str, Any] = of_stack(
        templates, "AWS::CloudFront::Distribution", "edge"
    ).properties["DistributionConfig"]
    return config


def of_stack(templates: Templates, kind: str, stack: str) -> Resource:
    """The one resource of a type in a stack."""
    (one,) = (resource for resource in templates.of(kind) if resource.stack == stack)
    return one


def test_a_firewall_in_us_east_1_stands_before_it(
    distribution: dict[str, Any], templates: Templates
) -> None:
    firewall = firewalls(templates)["edge"]
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


def firewalls(templates: Templates) -> dict[str, Resource]:
    """The WebACLs by what they stand before."""
    return {
        one.properties["Name"].removeprefix("vigie-production-"): one
        for one in templates.of("AWS::WAFv2::WebACL")
    }


def test_the_firewall_shows_no_address_to_whoever_opens_the_console(
    templates: Templates,
) -> None:
    for firewall in templates.of("AWS::WAFv2::WebACL"):
        visible = [firewall.properties, *firewall.properties["Rules"]]
        assert {one["VisibilityConfig"]["SampledRequestsEnabled"] for one in visible} == {False}


def test_viewers_and_the_api_speak_tls(distribution: dict[str, Any]) -> None:
    assert distribution["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    behaviours = {one["PathPattern"]: one for one in distribution["CacheBehaviors"]}
    assert set(behaviours) == {"/v1/*", "/virology-test/*", "/api/issue", "/api/user-report*"}
    for api in behaviours.values():
        assert api["ViewerProtocolPolicy"] == "https-only"
        (origin,) = [one for one in distribution["Origins"] if one["Id"] == api["TargetOriginId"]]
        assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
        assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]


def test_cloudfront_shows_the_api_a_secret_that_is_in_no_template(
    distribution: dict[str, Any], templates: Templates
) -> None:
    header, _of_tracing = [
        header
        for origin in distribution["Origins"]
        for header in origin.get("OriginCustomHeaders", [])
    ]
    assert header["HeaderName"] == "x-origin-verify"
    value = templates.target("edge", header["HeaderValue"])
    secret = of_stack(templates, "AWS::SecretsManager::Secret", "core")
    assert value.startswith("{{resolve:secretsmanager:vigie-production-origin-1:")
    assert secret.properties["Name"] == "vigie-production-origin-1"
    assert "SecretString" not in secret.properties


def test_while_the_secret_is_changed_both_are_accepted_and_the_new_one_is_sent(
    settings: Settings, tmp_path: Path
) -> None:
    changing = settings.model_copy(update={"origin_secrets": ("1", "2")})
    app = App(outdir=str(tmp_path))
    core = Core(app, changing)
    tracing = Tracing(app, changing, upload_code_key_arn=core.upload_code.arn, web_acl_arn=None)
    Edge(app, changing, core, tracing, None)
    app.synth()
    templates = Templates(tmp_path)
    secrets = {
        one.properties["Name"].rsplit("-", 1)[1]: name(one)
        for one in templates.of("AWS::SecretsManager::Secret")
        if one.stack == "core"
    }
    (guard,) = [
        one
        for one in templates.of("AWS::Lambda::Function")
        if one.stack == "core" and one.properties.get("Handler") == "origin_check.handler.handler"
    ]
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
    distribution = of_stack(templates, "AWS::CloudFront::Distribution", "edge")
    assert "resolve:secretsmanager:vigie-production-origin-2:" in str(distribution.properties)
    # CloudFront's stack imports neither, so that the old one can go at the next deployment.
    assert "Secret" not in str(_imported(distribution.properties))


def test_what_verifiers_download_may_have_a_name_of_its_own(
    settings: Settings, tmp_path: Path
) -> None:
    certificate = "arn:aws:acm:us-east-1:111122223333:certificate/lists"
    domain = CustomDomain(name="listes.vigie.example", certificate_arn=certificate)
    named = settings.model_copy(update={"verifiers_domain": domain})
    app = App(outdir=str(tmp_path))
    core = Core(app, named)
    certificates = Certificates(
        app, named, core, Intake(app, named, core), Vaccinations(app, named, core)
    )
    revocation = Revocation(app, named, core, certificates)
    verifiers = Verifiers(app, named, core, certificates, revocation, web_acl_arn=None)
    app.synth()
    (distribution,) = Templates(tmp_path).of("AWS::CloudFront::Distribution")
    config = distribution.properties["DistributionConfig"]
    assert config["Aliases"] == ["listes.vigie.example"]
    assert config["ViewerCertificate"]["AcmCertificateArn"] == certificate
    assert verifiers.url == "https://listes.vigie.example"


def _imported(value: object) -> list[str]:
    """The names that a value imports from other stacks, however deep."""
    if isinstance(value, dict):
        own = [str(value["Fn::ImportValue"])] if "Fn::ImportValue" in value else []
        return own + [name for part in value.values() for name in _imported(part)]
    if isinstance(value, list):
        return [name for part in value for name in _imported(part)]
    return []


def test_every_route_asks_for_the_secret(templates: Templates) -> None:
    routes = templates.of("AWS::ApiGatewayV2::Route")
    assert {route.properties["RouteKey"] for route in routes} == {
        "POST /v1/attestation/challenge",
        "POST /v1/attestation/keys",
        "POST /v1/results/2d-doc",
        "POST /v1/results/open",
        "POST /v1/results/certificate",
        "GET /v1/results/certificate/openapi.json",
        "POST /v1/results/upload-code",
        "POST /virology-test/v2/order",
        "POST /virology-test/v2/results",
        "POST /virology-test/v2/cta-exchange",
        "GET /virology-test/v2/openapi.json",
        "POST /api/user-report",
        "GET /api/user-report/openapi.json",
        "GET /v1/openapi.json",
        "POST /v1/lab/uploads",
        "GET /v1/lab/uploads",
        "GET /v1/lab/uploads/{upload_id}",
        "GET /revocation-list",
        "GET /revocation-list/{batch}",
        "GET /lists",
        "GET /lists/{kid}/partitions",
        "GET /lists/{kid}/partitions/{id}",
        "POST /lists/{kid}/partitions/{id}/slices",
        "GET /lists/{kid}/partitions/{id}/chunks/{chunk}/slices",
        "POST /lists/{kid}/partitions/{id}/chunks/{chunk}/slices",
        "GET /lists/{kid}/partitions/{id}/chunks/{chunk}/slices/{slice}",
        "GET /v1/lab/openapi.json",
        "GET /signercertificateUpdate",
        "POST /signercertificateUpdate",
        "GET /signercertificateStatus",
        "GET /signercertificateStatus/delta",
        "GET /rules",
        "GET /rules/{country}",
        "GET /rules/{country}/{hash}",
        "GET /valuesets",
        "GET /valuesets/{hash}",
        "GET /countrylist",
        "GET /v1/verifiers/openapi.json",
        "GET /v1/certificates/openapi.json",
        "GET /v1/revocations/openapi.json",
        "POST /v1/certificates/verify",
        "POST /v1/publish",
        "POST /v1/analytics",
        "POST /v1/venues/poster",
        "POST /v1/visits/report",
        "GET /health",
        "POST /api/verify",
        "POST /api/certificate",
        "POST /api/issue",
        "POST /api/batch-issue",
        "POST /api/checkcodestatus",
        "POST /api/expirecode",
        "GET /.well-known/jwks.json",
    }
    guards = {"access": "core", "laboratories": "core", "verifiers": "core", "tracing": "tracing"}
    for stack, guard in guards.items():
        authorizer = authorizer_of(templates, guard)
        for route in (route for route in routes if route.stack == stack):
            assert route.properties["AuthorizationType"] == "CUSTOM"
            if route.properties["RouteKey"] in {"POST /v1/publish", "POST /v1/visits/report"}:
                # Its guard asks for the secret as well.
                continue
            asked = templates.target(route.stack, route.properties["AuthorizerId"])
            assert asked == name(authorizer)


def authorizer_of(templates: Templates, guard: str) -> Resource:
    """The authorizer that calls the guard of a stack; it asks for the header."""
    (authorizer,) = (
        one
        for one in templates.of("AWS::ApiGatewayV2::Authorizer")
        if f"{guard}/Origin" in templates.target(one.stack, one.properties["AuthorizerUri"])
    )
    assert authorizer.properties["IdentitySource"] == ["$request.header.x-origin-verify"]
    assert authorizer.properties["EnableSimpleResponses"] is True
    return authorizer


def test_only_its_guard_reads_a_secret(templates: Templates) -> None:
    secrets = {
        name(secret): secret.properties["Name"].removeprefix("vigie-production-")
        for secret in templates.of("AWS::SecretsManager::Secret")
    }
    readers = {
        role: sorted(secrets[one] for one in statement["Resource"])
        for role, statements in templates.granted().items()
        for statement in statements
        if "secretsmanager:GetSecretValue" in statement["Action"]
    }
    gateways = ["federation-efgs", "federation-interop"]
    assert readers == {
        "origin-check": ["origin-1"],
        "tracing-origin-check": ["tracing-origin-1"],
        "device-attestation": ["play-integrity", "tracing-origin-1"],
        "federation-download": gateways,
        "federation-upload": gateways,
    }


def test_pages_load_nothing_from_elsewhere(templates: Templates) -> None:
    policies = templates.of("AWS::CloudFront::ResponseHeadersPolicy")
    assert {policy.stack for policy in policies} == {"edge", "statistics"}
    for policy in policies:
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
    stages = templates.of("AWS::ApiGatewayV2::Stage")
    assert {stage.stack for stage in stages} == {"core", "tracing"}
    for stage in stages:
        written = stage.properties["AccessLogSettings"]["Format"]
        assert "$context.requestId" in written
        for personal in ("sourceIp", "userAgent", "identity", "$context.path", "requestOverride"):
            assert personal not in written


def test_the_api_is_throttled(templates: Templates) -> None:
    for stage in templates.of("AWS::ApiGatewayV2::Stage"):
        limits = stage.properties["DefaultRouteSettings"]
        assert limits["ThrottlingRateLimit"] == 500
        assert limits["ThrottlingBurstLimit"] == 1000


def test_the_guard_looks_at_the_header_that_cloudfront_sends() -> None:
    assert HEADER == ORIGIN_HEADER
