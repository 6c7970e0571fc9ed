"""In production one role serves all laboratories, each below its own prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.infra.template import listed, name

if TYPE_CHECKING:
    from tests.infra.template import Resource, Templates

pytestmark = pytest.mark.xdist_group("infra")

_FINESS = "${aws:PrincipalTag/x509Subject/OU}"


@pytest.fixture
def role(templates: Templates) -> Resource:
    """The only role whose name speaks of laboratories."""
    (one,) = [
        role
        for role in templates.of("AWS::IAM::Role")
        if "laboratory" in role.properties.get("RoleName", "")
    ]
    return one


def test_a_certificate_with_a_finess_takes_the_role(role: Resource, templates: Templates) -> None:
    (anchor,) = templates.of("AWS::RolesAnywhere::TrustAnchor")
    allowed = set()
    for trust in role.properties["AssumeRolePolicyDocument"]["Statement"]:
        allowed |= set(listed(trust["Action"]))
        assert trust["Principal"] == {"Service": "rolesanywhere.amazonaws.com"}
        source = trust["Condition"]["ArnEquals"]["aws:SourceArn"]
        assert templates.target(role.stack, source) == name(anchor)
        tagged = {"aws:PrincipalTag/x509Subject/OU": "?" * 9}
        assert trust["Condition"]["StringLike"] == tagged
    assert allowed == {"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"}


def test_the_profile_gives_that_role_only(role: Resource, templates: Templates) -> None:
    (profile,) = templates.of("AWS::RolesAnywhere::Profile")
    (given,) = profile.properties["RoleArns"]
    assert templates.target(profile.stack, given) == name(role)


def test_the_role_reaches_the_prefix_of_its_certificate_only(templates: Templates) -> None:
    buckets = {
        name(bucket): bucket.properties["BucketName"].split("-")[2]
        for bucket in templates.of("AWS::S3::Bucket")
    }
    rights = set()
    for statement in templates.granted()["laboratory"]:
        assert statement["Effect"] == "Allow"
        for action in set(statement["Action"]) - {"kms:Decrypt", "kms:GenerateDataKey"}:
            (resource,) = statement["Resource"]
            bucket = "/".join(resource.split("/")[:2])
            below = resource.removeprefix(bucket)
            if action == "s3:ListBucket":
                below = statement["Condition"]["StringLike"]["s3:prefix"]
            rights.add((action, buckets[bucket], below))
    assert rights == {
        ("s3:PutObject", "inbox", f"/{_FINESS}/*"),
        ("s3:GetObject", "outbox", f"/{_FINESS}/*"),
        ("s3:ListBucket", "outbox", f"{_FINESS}/*"),
    }
