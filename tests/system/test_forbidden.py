"""What the table of grants does not allow is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.system.deployed_resource import Attempt, attempts, role_arn
from tests.system.reviewed_grants import Cell, ReviewedGrants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo.deployed import Deployed

_GRANTS = ReviewedGrants()
# CloudFront stands in front of the APIs on AWS only; laboratories have a role each here.
_NOT_EMULATED = {
    *("origin-check", "tracing-origin-check", "laboratory"),
    # There is no gateway to exchange keys with.
    *("federation-download", "federation-upload", "federation-operator"),
}
_FEDERATION = {
    ("table", "federation"),
    ("key", "federation"),
    ("queue", "federation-download-dead-letters"),
    ("queue", "federation-upload-dead-letters"),
}
# Keys of RSA: the emulator has none for signers, and test_signing_keys tries those of wallets.
_OPTIONAL = {("key", "apple-wallet"), ("key", "dsc-rsa"), ("key", "google-wallet")}
_REFUSED = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
_HARMLESS = {"dynamodb:GetItem", "s3:ListBucket", "kms:GenerateMac", "kms:GenerateDataKey"}


@pytest.fixture(scope="module")
def tried(deployed: Deployed) -> Mapping[tuple[str, str], Mapping[str, Attempt]]:  # noqa: ARG001 - it must be there
    """What is tried on each resource that is on the emulator, which has no secret."""
    return {
        (kind, resource): attempts(kind, resource)
        for kind, resource in _GRANTS.resources
        if kind != "secret" and (kind, resource) not in _OPTIONAL | _FEDERATION
    }


def _session(role: str) -> boto3.Session:
    taken = boto3.client("sts").assume_role(RoleArn=role_arn(role), RoleSessionName="test")
    credentials = taken["Credentials"]
    return boto3.Session(
        credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"]
    )


def _refused(attempt: Attempt, session: boto3.Session) -> bool:
    try:
        attempt(session)
    except ClientError as error:
        return error.response["Error"]["Code"] in _REFUSED
    return False


@pytest.mark.parametrize("role", sorted(set(_GRANTS.roles) - _NOT_EMULATED))
def test_a_role_does_nothing_that_its_cells_do_not_allow(
    role: str, tried: Mapping[tuple[str, str], Mapping[str, Attempt]]
) -> None:
    session = _session(role)
    forbidden, allowed = [], []
    for (kind, resource), by_action in tried.items():
        rights = _GRANTS.allowed(Cell(role, kind, resource))
        for action, attempt in by_action.items():
            if action not in rights:
                forbidden.append((kind, resource, action, _refused(attempt, session)))
            elif action in _HARMLESS:
                allowed.append((kind, resource, action, _refused(attempt, session)))
    assert [one for one in forbidden if not one[-1]] == []
    assert len(forbidden) > len(tried)
    # Else everything would be refused for a reason that has nothing to do with rights.
    assert [one for one in allowed if one[-1]] == []
    # The others do nothing that would do no harm.
    assert allowed or role in {"pki-operator", "venue-posters"}
