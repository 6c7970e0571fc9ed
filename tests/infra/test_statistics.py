"""The numbers are published where anyone may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infra.pages import CACHED_BRIEFLY, CACHED_FOREVER, numbers_policy

if TYPE_CHECKING:
    from infra.settings import Settings
    from tests.infra.template import Templates

pytestmark = pytest.mark.xdist_group("infra")


def test_the_open_data_is_below_the_page_and_for_other_peoples_pages_too(
    templates: Templates,
) -> None:
    (distribution,) = (
        one for one in templates.of("AWS::CloudFront::Distribution") if one.stack == "statistics"
    )
    config = distribution.properties["DistributionConfig"]
    (data,) = config["CacheBehaviors"]
    assert data["PathPattern"] == "/data/*"
    assert data["TargetOriginId"] != config["DefaultCacheBehavior"]["TargetOriginId"]
    # Managed-CORS-with-preflight-and-SecurityHeadersPolicy has another id.
    assert data["ResponseHeadersPolicyId"] == "e61eb60c-9c35-4d20-a928-2b84e02af89c"
    for behaviour in (data, config["DefaultCacheBehavior"]):
        assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
    assert "WebACLId" in config
    assert "Logging" not in config


def test_the_page_is_served_with_its_own_policy_and_its_scripts_kept_for_good(
    templates: Templates,
) -> None:
    (headers,) = (
        one
        for one in templates.of("AWS::CloudFront::ResponseHeadersPolicy")
        if one.stack == "statistics"
    )
    security = headers.properties["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    assert policy == numbers_policy()
    assert "frame-ancestors 'none'" in policy
    put = {
        one.properties["SystemMetadata"]["cache-control"]: one
        for one in templates.of("Custom::CDKBucketDeployment")
        if one.stack == "statistics"
    }
    assert set(put) == {CACHED_FOREVER, CACHED_BRIEFLY}
    assert not any(one.properties["Prune"] for one in put.values())
    assert put[CACHED_FOREVER].logical_id in put[CACHED_BRIEFLY].body["DependsOn"]


def test_where_a_test_was_counted_is_remembered_for_longer_than_its_result_lives(
    templates: Templates, settings: Settings
) -> None:
    (counting,) = (
        variables
        for one in templates.of("AWS::Lambda::Function")
        if "COUNTED_TABLE"
        in (variables := one.properties.get("Environment", {}).get("Variables", {}))
    )
    assert int(counting["KEPT_DAYS"]) == settings.retention_days + 95
