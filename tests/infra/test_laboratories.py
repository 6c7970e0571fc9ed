"""In production one role serves all laboratories, each below its own prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.infra.synthesis import synthesise
from tests.infra.template import listed, name

if TYPE_CHECKING:
    from pathlib import Path

    from infra.settings import Settings
    from tests.infra.template import Resource, Templates

pytestmark = pytest.mark.xdist_group("infra")

_FINESS = "${aws:PrincipalTag/x509Subject/OU}"


@pytest.fixture
def role(templates: Templates) -> Resource:
    """The one role that laboratories take."""
    (one,) = [
        role
        for role in templates.of("AWS::IAM::Role")
        if role.properties.get("RoleName") == "vigie-production-laboratory"
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
        tagged = {
            "aws:PrincipalTag/x509Subject/OU": "?" * 9,
            "aws:PrincipalTag/x509Subject/CN": "?*",
        }
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


def test_what_a_laboratory_needs_is_told_to_the_command(
    role: Resource, templates: Templates
) -> None:
    told = {
        parameter.properties["Name"].removeprefix("/vigie/production/laboratories/"): (
            templates.target(parameter.stack, parameter.properties["Value"])
        )
        for parameter in templates.of("AWS::SSM::Parameter")
        if "/laboratories/" in parameter.properties["Name"]
    }
    (anchor,) = templates.of("AWS::RolesAnywhere::TrustAnchor")
    (profile,) = templates.of("AWS::RolesAnywhere::Profile")
    (pool,) = templates.of("AWS::Cognito::UserPool")
    (domain,) = templates.of("AWS::Cognito::UserPoolDomain")
    host = f"{domain.properties['Domain']}.auth.eu-west-3.amazoncognito.com"
    assert told == {
        "role": name(role),
        "trust-anchor": name(anchor),
        "profile": name(profile),
        "client-pool": name(pool),
        "token-scope": "laboratories/uploads",
        "token-url": f"https://{host}/oauth2/token",
    }


def test_clients_are_machines_that_the_operator_makes(templates: Templates) -> None:
    (pool,) = templates.of("AWS::Cognito::UserPool")
    assert pool.properties["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool.properties["DeletionProtection"] == "ACTIVE"
    assert pool.retained
    assert templates.of("AWS::Cognito::UserPoolClient") == []
    (server,) = templates.of("AWS::Cognito::UserPoolResourceServer")
    (scope,) = server.properties["Scopes"]
    told = f"{server.properties['Identifier']}/{scope['ScopeName']}"
    (variables,) = (
        function.properties["Environment"]["Variables"]
        for folder, function in templates.deployed()
        if folder == "laboratory_uploads"
    )
    assert variables["TOKEN_SCOPE"] == told
    for stack, variable in (("laboratories", "TOKEN_ISSUER"), ("laboratories", "TOKEN_KEYS_URL")):
        issuer = templates.target(stack, variables[variable])
        assert issuer.startswith(f"https://cognito-idp.eu-west-3.amazonaws.com/{name(pool)}")


def test_a_barred_laboratory_may_do_nothing(settings: Settings, tmp_path: Path) -> None:
    barred = settings.model_copy(update={"barred_laboratories": ("750712184",)})
    denied = [
        statement
        for statement in synthesise(barred, tmp_path).granted()["laboratory"]
        if statement["Effect"] == "Deny"
    ]
    condition = {"StringEquals": {"aws:PrincipalTag/x509Subject/OU": ["750712184"]}}
    assert [(one["Action"], one["Resource"], one["Condition"]) for one in denied] == [
        (["s3:*"], ["*"], condition)
    ]
