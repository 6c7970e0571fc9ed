"""Tracing could live in another account, and keeps nothing that leads to a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.infra.template import Resource, Templates

pytestmark = pytest.mark.xdist_group("infra")

# By which the command finds what it works on.
_PARAMETERS = "arn:aws:ssm:eu-west-3:111122223333:parameter/vigie/production/"
_PUBLIC_KEY = (["kms:GetPublicKey"], "core/UploadCodeKey")


def _tracing_roles(templates: Templates) -> set[str]:
    return {
        str(role.properties.get("RoleName", role.logical_id)).removeprefix("vigie-production-")
        for role in templates.of("AWS::IAM::Role")
        if role.stack == "tracing"
    }


def test_its_roles_reach_nothing_outside_but_the_public_key_of_upload_codes(
    templates: Templates,
) -> None:
    outside = [
        (sorted(statement["Action"]), resource.rstrip("0123456789ABCDEF"))
        for role in _tracing_roles(templates)
        for statement in templates.granted()[role]
        for resource in statement["Resource"]
        if resource != "*" and not resource.startswith(("tracing/", _PARAMETERS))
    ]
    assert outside
    assert all(one == _PUBLIC_KEY for one in outside)


def test_no_other_role_reaches_anything_of_it(templates: Templates) -> None:
    others = set(templates.granted()) - _tracing_roles(templates)
    assert others
    for role in others:
        for statement in templates.granted()[role]:
            for resource in statement["Resource"]:
                assert "tracing" not in resource, role


def test_nothing_outside_refers_to_it_but_the_pages_way_to_its_api(templates: Templates) -> None:
    referring = {
        (resource.stack, resource.body["Type"])
        for resource in templates.every()
        if resource.stack != "tracing" and "tracing:ExportsOutput" in json.dumps(resource.body)
    }
    assert referring == {("edge", "AWS::CloudFront::Distribution")}


def test_the_page_finds_codes_under_its_own_name_and_nothing_else_of_tracing(
    templates: Templates,
) -> None:
    (config,) = [
        one.properties["DistributionConfig"]
        for one in templates.of("AWS::CloudFront::Distribution")
        if one.stack == "edge"
    ]
    behaviours = {one["PathPattern"]: one for one in config["CacheBehaviors"]}
    assert set(behaviours) == {"/v1/*", "/virology-test/*", "/api/issue", "/api/user-report*"}
    target = behaviours["/api/issue"]["TargetOriginId"]
    (origin,) = [one for one in config["Origins"] if one["Id"] == target]
    (header,) = origin["OriginCustomHeaders"]
    assert header["HeaderName"] == "x-origin-verify"
    assert "tracing-origin" in json.dumps(header["HeaderValue"])


def test_it_takes_nothing_from_outside_but_that_key(templates: Templates) -> None:
    imported = {
        templates.target(resource.stack, value).rstrip("0123456789ABCDEF")
        for resource in templates.every()
        if resource.stack == "tracing"
        for value in _imports(resource.body)
    }
    assert imported == {_PUBLIC_KEY[1]}


def _imports(value: object) -> list[object]:
    match value:
        case {"Fn::ImportValue": _}:
            return [value]
        case dict():
            return [found for inner in value.values() for found in _imports(inner)]
        case list():
            return [found for inner in value for found in _imports(inner)]
    return []


def _in_tracing(templates: Templates, kind: str) -> list[Resource]:
    return [one for one in templates.of(kind) if one.stack == "tracing"]


def test_what_is_deleted_is_gone(templates: Templates) -> None:
    tables = _in_tracing(templates, "AWS::DynamoDB::Table")
    assert {table.properties["TableName"].rpartition("production-")[2] for table in tables} == {
        "keys",
        "used-codes",
        "exports",
        "codes",
        "tries",
        "issuers",
        "federation",
        "device-keys",
        "analytics",
        "visit-reports",
        "exposures",
        "counted-visits",
    }
    for table in tables:
        recovery = table.properties["PointInTimeRecoverySpecification"]
        assert recovery == {"PointInTimeRecoveryEnabled": False}
        assert "StreamSpecification" not in table.properties
    for bucket in _in_tracing(templates, "AWS::S3::Bucket"):
        assert "VersioningConfiguration" not in bucket.properties


def test_nobody_scans_and_only_the_deletion_deletes_keys(templates: Templates) -> None:
    deleting: set[str] = set()
    for role in _tracing_roles(templates):
        for statement in templates.granted()[role]:
            assert "dynamodb:Scan" not in statement["Action"]
            of_keys = any(one.startswith("tracing/Keys") for one in statement["Resource"])
            if of_keys and "dynamodb:DeleteItem" in statement["Action"]:
                deleting.add(role)
    assert deleting == {"key-deletion"}


def test_a_failed_upload_raises_an_alarm_although_it_is_answered(templates: Templates) -> None:
    (alarm,) = (
        one
        for one in _in_tracing(templates, "AWS::CloudWatch::Alarm")
        if one.properties["MetricName"] == "5xx"
    )
    assert alarm.properties["AlarmActions"]


def test_its_distribution_writes_no_log_and_has_a_firewall_of_its_own(
    templates: Templates,
) -> None:
    (distribution,) = _in_tracing(templates, "AWS::CloudFront::Distribution")
    config: dict[str, Any] = distribution.properties["DistributionConfig"]
    assert "Logging" not in config
    assert "WebACLId" in config
    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "https-only"
    # A compressed answer would tell its contents by its length.
    policy = config["DefaultCacheBehavior"]["CachePolicyId"]
    assert policy == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def test_apps_find_exports_below_the_distribution_of_the_api_and_nowhere_else(
    templates: Templates,
) -> None:
    (distribution,) = _in_tracing(templates, "AWS::CloudFront::Distribution")
    config = distribution.properties["DistributionConfig"]
    assert {one["PathPattern"] for one in config["CacheBehaviors"]} == {
        "/exports/*",
        "/app-config/*",
        "/clusters/*",
    }
    for behaviour in config["CacheBehaviors"]:
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
        assert "AllowedMethods" not in behaviour
        # CachingOptimized, which keeps what each file's Cache-Control says.
        assert behaviour["CachePolicyId"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"
        (origin,) = [one for one in config["Origins"] if one["Id"] == behaviour["TargetOriginId"]]
        assert "OriginAccessControlId" in origin
    kept = {
        bucket.properties["BucketName"].removeprefix("vigie-production-").partition("-1")[0]: [
            rule["ExpirationInDays"]
            for rule in bucket.properties["LifecycleConfiguration"]["Rules"]
            if "ExpirationInDays" in rule
        ]
        for bucket in _in_tracing(templates, "AWS::S3::Bucket")
    }
    # Exports go after their keys, and clusters; a version of the configuration stays.
    assert kept == {"exports": [16], "clusters": [16], "app-config": []}


def test_a_late_export_or_none_raises_an_alarm(templates: Templates) -> None:
    (alarm,) = [
        alarm.properties
        for alarm in _in_tracing(templates, "AWS::CloudWatch::Alarm")
        if alarm.properties.get("MetricName") == "ExportDelay"
    ]
    assert (alarm["Namespace"], alarm["Threshold"]) == ("Vigie", 3600)
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "key_export"}]
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["AlarmActions"]


def test_production_waits_as_long_as_a_key_can_be_used(templates: Templates) -> None:
    environments = {
        folder: function.properties["Environment"]["Variables"]
        for folder, function in templates.functions().items()
    }
    export = environments["key_export"]
    assert export["RELEASE_HOUR_SECONDS"] == environments["key_upload"]["RELEASE_HOUR_SECONDS"]
    assert (export["RELEASE_HOUR_SECONDS"], export["PERIOD_SECONDS"]) == ("3600", "14400")
    assert (export["SETTLE_SECONDS"], export["LOOKBACK_SECONDS"]) == ("7200", "1209600")
    assert (export["VERIFICATION_KEY_ID"], export["REGION"]) == ("208", "FR")


def test_any_number_of_phones_behind_one_address_may_download(templates: Templates) -> None:
    (acl,) = [
        acl.properties
        for acl in templates.of("AWS::WAFv2::WebACL")
        if acl.properties["Name"].endswith("-tracing")
    ]
    (limit,) = [
        rule["Statement"]["RateBasedStatement"]
        for rule in acl["Rules"]
        if "RateBasedStatement" in rule["Statement"]
    ]
    uncounted = limit["ScopeDownStatement"]["NotStatement"]["Statement"]["OrStatement"]
    assert {
        (
            one["ByteMatchStatement"]["PositionalConstraint"],
            one["ByteMatchStatement"]["SearchString"],
        )
        for one in uncounted["Statements"]
    } == {("STARTS_WITH", f"/{files}/") for files in ("exports", "app-config", "clusters")}
