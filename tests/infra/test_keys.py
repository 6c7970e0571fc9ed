"""The KMS keys: who may use which, and how."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.infra.template import listed, name

if TYPE_CHECKING:
    from tests.infra.template import Resource, Statement, Templates

pytestmark = pytest.mark.xdist_group("infra")

_ROLE = "arn:aws:iam::111122223333:role/vigie-production-"
_AT_REST = {"events", "records", "files", "tracing-events", "tracing-records"}
# Role: key: actions. Keys of what is encrypted at rest are not among them.
_GRANTS = {
    "result-intake": {
        "identity": {"GenerateDataKey"},
        "contact": {"GenerateDataKey"},
        "order": {"GenerateMac"},
        "pseudonym": {"GenerateMac"},
    },
    "certificate-signing": {
        "identity": {"Decrypt"},
        "certificates": {"GenerateDataKey"},
        "uvci": {"GenerateMac"},
        "dsc": {"Sign"},
        "dsc-rsa": {"Sign"},
    },
    "device-registration": {"tracing": {"GenerateMac"}},
    "result-access": {
        "identity": {"Decrypt"},
        "certificates": {"Decrypt"},
        "upload": {"GenerateMac"},
        "upload-code": {"Sign"},
    },
    "certificate-documents": {
        "identity": {"Decrypt"},
        "certificates": {"Decrypt"},
        "apple-wallet": {"Sign"},
        "google-wallet": {"Sign"},
    },
    "twoddoc-issuing": {
        "identity": {"Decrypt"},
        "certificates": {"Decrypt", "GenerateDataKey"},
        "twoddoc": {"Sign"},
    },
    "twoddoc-revocation": {"identity": {"Decrypt"}},
    "key-upload": {
        "tracing": {"GenerateMac"},
        "verification": {"GetPublicKey"},
        "upload-code": {"GetPublicKey"},
    },
    "visit-reports": {"tracing": {"GenerateMac"}, "upload-code": {"GetPublicKey"}},
    "visit-recording": {"venues": {"GenerateMac"}},
    "verification-codes": {
        "tracing": {"GenerateMac"},
        "upload-code": {"GetPublicKey"},
        "verification": {"GetPublicKey", "Sign"},
    },
    "key-export": {"export": {"Sign"}},
    "federation-upload": {"federation": {"Sign"}},
    "federation-operator": {"federation": {"DescribeKey", "GetPublicKey", "Sign"}},
    "order-answering": {"upload": {"GenerateMac"}},
    "result-polling": {"order": {"GenerateMac"}, "upload-code": {"Sign"}},
    "self-reports": {"self-report": {"GenerateMac"}, "upload-code": {"Sign"}},
    "analytics-intake": {"tracing": {"GenerateMac"}},
    "notification-dispatch": {"contact": {"Decrypt"}, "link": {"GenerateMac"}},
    "pki-operator": {
        "csca": {"DescribeKey", "GetPublicKey", "Sign"},
        "dsc": {"DescribeKey", "GetPublicKey"},
        "dsc-rsa": {"DescribeKey", "GetPublicKey"},
        "revocation": {"DescribeKey", "GetPublicKey", "Sign"},
        "apple-wallet": {"DescribeKey", "GetPublicKey", "Sign"},
        "google-wallet": {"DescribeKey", "GetPublicKey", "Sign"},
        "twoddoc": {"DescribeKey", "GetPublicKey", "Sign"},
    },
    "list-publisher": {"lists": {"DescribeKey", "GetPublicKey", "Sign"}},
    "revocation-publication": {"revocation": {"Sign"}},
    "tracing-operator": {
        "app-config": {"DescribeKey", "GetPublicKey", "Sign"},
        "venues": {"GenerateMac"},
    },
}
_SIGNERS = {
    "upload-code": {
        f"{_ROLE}result-access",
        f"{_ROLE}result-polling",
        f"{_ROLE}self-reports",
    },
    "export": {f"{_ROLE}key-export"},
    "federation": {f"{_ROLE}federation-operator", f"{_ROLE}federation-upload"},
    "verification": {f"{_ROLE}verification-codes"},
    "csca": {f"{_ROLE}pki-operator"},
    "dsc": {f"{_ROLE}certificate-signing"},
    "dsc-rsa": {f"{_ROLE}certificate-signing"},
    "lists": {f"{_ROLE}list-publisher"},
    "app-config": {f"{_ROLE}tracing-operator"},
    "revocation": {f"{_ROLE}pki-operator", f"{_ROLE}revocation-publication"},
    "apple-wallet": {f"{_ROLE}pki-operator", f"{_ROLE}certificate-documents"},
    "google-wallet": {f"{_ROLE}pki-operator", f"{_ROLE}certificate-documents"},
    "twoddoc": {f"{_ROLE}pki-operator", f"{_ROLE}twoddoc-issuing"},
}
_SPECS = dict.fromkeys(("dsc-rsa", "apple-wallet", "google-wallet"), "RSA_2048")


def _keys(templates: Templates) -> dict[str, Resource]:
    """Each key by the purpose in its alias."""
    keys = {name(key): key for key in templates.of("AWS::KMS::Key")}
    return {
        alias.properties["AliasName"].removeprefix("alias/vigie-production-"): keys[
            templates.target(alias.stack, alias.properties["TargetKeyId"])
        ]
        for alias in templates.of("AWS::KMS::Alias")
    }


def _uses(templates: Templates) -> list[tuple[str, str, Statement]]:
    """Role, purpose of the key, and the statement that allows it."""
    purposes = {name(key): purpose for purpose, key in _keys(templates).items()}
    return [
        (role, purposes.get(resource, resource), statement)
        for role, statements in templates.granted().items()
        for statement in statements
        if any(re.match(r"kms:|\*", action) for action in statement["Action"])
        for resource in statement["Resource"]
    ]


def test_every_key_is_multi_region_and_outlives_its_stack(templates: Templates) -> None:
    keys = templates.of("AWS::KMS::Key")
    assert len(keys) == len(_keys(templates)) == 29
    for key in keys:
        assert key.properties["MultiRegion"] is True, name(key)
        assert key.retained, name(key)


def test_every_symmetric_key_is_rotated(templates: Templates) -> None:
    rotated = {
        purpose
        for purpose, key in _keys(templates).items()
        if key.properties.get("EnableKeyRotation")
    }
    assert rotated == {"identity", "contact", "certificates", *_AT_REST}


@pytest.mark.parametrize("purpose", sorted(_SIGNERS))
def test_a_signing_key_denies_everyone_but_its_signers(templates: Templates, purpose: str) -> None:
    key = _keys(templates)[purpose]
    assert key.properties["KeySpec"] == _SPECS.get(purpose, "ECC_NIST_P256")
    (denial,) = (one for one in _own_policy(key) if one["Effect"] == "Deny")
    assert denial["Principal"] == {"AWS": "*"}
    assert denial["Action"] == "kms:Sign"
    signers = denial["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
    assert set(listed(signers)) == _SIGNERS[purpose]
    assert list(denial["Condition"]) == ["ArnNotLike"]


def test_no_key_policy_lets_another_account_or_an_unbound_service_in(
    templates: Templates,
) -> None:
    for purpose, key in _keys(templates).items():
        for statement in _own_policy(key):
            if statement["Effect"] == "Deny":
                continue
            if "Service" in statement["Principal"]:
                assert purpose in _AT_REST
                account = {"StringEquals": {"aws:SourceAccount": "111122223333"}}
                assert statement["Condition"] == account
            else:
                assert statement["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}


def test_each_role_uses_the_keys_that_it_needs_and_no_other(templates: Templates) -> None:
    found: dict[str, dict[str, set[str]]] = {}
    for role, key, statement in _uses(templates):
        if key not in _AT_REST:
            actions = {action.removeprefix("kms:") for action in statement["Action"]}
            found.setdefault(role, {}).setdefault(key, set()).update(actions)
    assert found == _GRANTS


def test_a_sealing_key_is_used_for_its_own_purpose_only(templates: Templates) -> None:
    sealing = {"identity", "contact", "certificates"}
    for role, key, statement in _uses(templates):
        if key in sealing:
            purpose = {"StringEquals": {"kms:EncryptionContext:vigie:purpose": key}}
            assert statement.get("Condition") == purpose, (role, key)


def test_the_keys_of_tables_and_buckets_are_used_through_their_service_only(
    templates: Templates,
) -> None:
    services = {"records": "dynamodb", "files": "s3", "tracing-records": "dynamodb"}
    for role, key, statement in _uses(templates):
        if key in services:
            via = {"StringEquals": {"kms:ViaService": f"{services[key]}.eu-west-3.amazonaws.com"}}
            assert statement.get("Condition") == via, (role, key)


def _own_policy(key: Resource) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = key.properties["KeyPolicy"]["Statement"]
    return statements
