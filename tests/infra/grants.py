"""Everything that production's templates allow and deny, one line for each role and resource."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.infra.template import listed, name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.infra.template import Resource, Statement, Templates

# What a reviewer calls a resource, and the property that names it.
_NAMED = {
    "AWS::DynamoDB::Table": ("table", "TableName"),
    "AWS::S3::Bucket": ("bucket", "BucketName"),
    "AWS::KMS::Key": ("key", ""),
    "AWS::SNS::Topic": ("topic", "TopicName"),
    "AWS::SQS::Queue": ("queue", "QueueName"),
    "AWS::SecretsManager::Secret": ("secret", "Name"),
    "AWS::Lambda::Function": ("function", "FunctionName"),
    "AWS::Logs::LogGroup": ("log group", "LogGroupName"),
}
KINDS = ("table", "bucket", "key", "topic", "queue", "secret")
_ELSEWHERE = "other"
# Where a statement can stand, by type of resource; anywhere else it is refused, not overlooked.
_STANDS_IN = {
    "AWS::IAM::Role": {
        "AssumeRolePolicyDocument",
        "ManagedPolicyArns",
        "Policies",
        "PolicyDocument",
    },
    "AWS::IAM::Policy": {"PolicyDocument"},
    "AWS::KMS::Key": {"KeyPolicy"},
    "AWS::S3::BucketPolicy": {"PolicyDocument"},
    "AWS::SQS::QueuePolicy": {"PolicyDocument"},
    "AWS::SNS::TopicPolicy": {"PolicyDocument"},
    "AWS::SecretsManager::ResourcePolicy": {"ResourcePolicy"},
}
_MAY_GRANT = {
    "AccessPolicies",
    "AssumeRolePolicyDocument",
    "InlinePolicy",
    "KeyPolicy",
    "ManagedPolicyArns",
    "PermissionsBoundary",
    "Policies",
    "Policy",
    "PolicyDocument",
    "ResourcePolicy",
}
_READ = {"Action", "Condition", "Effect", "Principal", "Resource", "Sid"}


class Grant(NamedTuple):
    """One line of the table.

    Attributes:
        kind: of the resource: one of `KINDS`, `function`, `log group`, or `other`.
        resource: its name, with what follows it in the ARN; `*` for everything.
        who: the role, service or account.
        effect: `Allow` or `Deny`.
        actions: as they stand in the policy.
        condition: empty if there is none.
    """

    kind: str
    resource: str
    who: str
    effect: str
    actions: str
    condition: str


class Grants:
    """Reads the grants of the templates.

    Args:
        templates: of every stack.
        strip: what is left out of names, such as the environment's prefix.
    """

    def __init__(self, templates: Templates, *strip: str) -> None:
        self._templates = templates
        self._strip = strip
        self._names: dict[str, tuple[str, str]] = {}
        self.resources: dict[str, list[str]] = defaultdict(list)
        self._name_resources()
        self._refuse_what_is_not_read()

    def of_roles(self) -> list[Grant]:
        """What each role's own policies say."""
        found = []
        for role, stack, statement in self._statements_of_roles():
            for target in listed(statement["Resource"]):
                kind, resource = self._named(self._templates.target(stack, target))
                found.append(self._grant(kind, resource, role, stack, statement))
        return sorted(set(found))

    def of_resources(self) -> list[Grant]:
        """What the policies of keys, buckets, queues, topics and secrets say."""
        found: list[Grant] = []
        for kind, attached in (
            ("AWS::S3::BucketPolicy", "Bucket"),
            ("AWS::SQS::QueuePolicy", "Queues"),
            ("AWS::SNS::TopicPolicy", "Topics"),
        ):
            for policy, statement in self._templates.policies(kind):
                for one in listed(policy.properties[attached]):
                    at = self._named(self._templates.target(policy.stack, one))
                    found += self._by_principal(at, policy.stack, statement)
        for key in self._templates.of("AWS::KMS::Key"):
            for statement in key.properties["KeyPolicy"]["Statement"]:
                found += self._by_principal(self._names[name(key)], key.stack, statement)
        for policy in self._templates.of("AWS::SecretsManager::ResourcePolicy"):
            at = self._named(self._templates.target(policy.stack, policy.properties["SecretId"]))
            for statement in policy.properties["ResourcePolicy"]["Statement"]:
                found += self._by_principal(at, policy.stack, statement)
        return sorted(set(found))

    def of_trust(self) -> list[Grant]:
        """Who may take each role, and what may invoke each function."""
        found: list[Grant] = []
        for role in self._templates.of("AWS::IAM::Role"):
            for statement in role.properties["AssumeRolePolicyDocument"]["Statement"]:
                at = ("role", self._role(role))
                found += self._by_principal(at, role.stack, statement)
        for permission in self._templates.of("AWS::Lambda::Permission"):
            properties = permission.properties
            kind, function = self._named(
                self._templates.target(permission.stack, properties["FunctionName"])
            )
            source = self._text(permission.stack, properties.get("SourceArn", ""))
            found.append(
                Grant(
                    kind, function, properties["Principal"], "Allow", properties["Action"], source
                )
            )
        return sorted(set(found))

    def roles(self) -> list[str]:
        """The roles of ours: those that have a name of their own."""
        return sorted(
            self._role(role)
            for role in self._templates.of("AWS::IAM::Role")
            if "RoleName" in role.properties
        )

    def _statements_of_roles(self) -> Iterator[tuple[str, str, Statement]]:
        for role in self._templates.of("AWS::IAM::Role"):
            for policy in role.properties.get("Policies", []):
                for statement in policy["PolicyDocument"]["Statement"]:
                    yield self._role(role), role.stack, statement
            for managed in role.properties.get("ManagedPolicyArns", []):
                text = self._text(role.stack, managed)
                yield (
                    self._role(role),
                    role.stack,
                    {"Effect": "Allow", "Action": text, "Resource": "*"},
                )
        names = {name(role): self._role(role) for role in self._templates.of("AWS::IAM::Role")}
        for policy, statement in self._templates.policies("AWS::IAM::Policy"):
            for attached in policy.properties["Roles"]:
                role_name = names[self._templates.target(policy.stack, attached)]
                yield role_name, policy.stack, statement

    def _by_principal(
        self, at: tuple[str, str], stack: str, statement: Statement
    ) -> Iterator[Grant]:
        principals = statement["Principal"]
        if principals == "*":
            principals = {"AWS": "*"}
        for who in (one for group in principals.values() for one in listed(group)):
            yield self._grant(*at, self._text(stack, who), stack, statement)

    def _grant(self, kind: str, resource: str, who: str, stack: str, statement: Statement) -> Grant:
        unread = set(statement) - _READ
        if unread:
            raise ValueError(f"{kind} {resource}: a statement with {unread} cannot be shown")
        actions = ", ".join(sorted(listed(statement["Action"])))
        condition = "; ".join(
            f"{operator} {key} {self._values(stack, value)}"
            for operator, keys in sorted(statement.get("Condition", {}).items())
            for key, value in sorted(keys.items())
        )
        return Grant(kind, resource, who, statement["Effect"], actions, condition)

    def _values(self, stack: str, value: object) -> str:
        return " or ".join(sorted(self._text(stack, one) for one in listed(value)))

    def _text(self, stack: str, value: object) -> str:
        return self._named(self._templates.target(stack, value))[1]

    def _named(self, target: str) -> tuple[str, str]:
        """Kind and name of what a target starts with, and the rest of the target."""
        for known in sorted(self._names, key=len, reverse=True):
            if target == known or target.startswith((f"{known}/", f"{known}:")):
                kind, resource = self._names[known]
                return kind, resource + target.removeprefix(known)
        for known, (_, resource) in self._names.items():
            target = target.replace(known, resource)
        return _ELSEWHERE, self._stripped(target)

    def _stripped(self, text: str) -> str:
        for part in self._strip:
            text = text.replace(part, "")
        return text

    def _role(self, role: Resource) -> str:
        return self._stripped(str(role.properties.get("RoleName", role.logical_id)))

    def _name_resources(self) -> None:
        aliases = {
            self._templates.target(alias.stack, alias.properties["TargetKeyId"]): str(
                alias.properties["AliasName"]
            ).removeprefix("alias/")
            for alias in self._templates.of("AWS::KMS::Alias")
        }
        for resource_type, (kind, named_by) in _NAMED.items():
            for resource in self._templates.of(resource_type):
                called = aliases.get(name(resource)) or resource.properties.get(named_by)
                text = self._stripped(str(called or resource.logical_id))
                self._names[name(resource)] = (kind, text)
                if kind == "bucket" and isinstance(called, str):
                    # As a stack has it that may not refer to the bucket's own.
                    self._names[f"arn:aws:s3:::{called}"] = (kind, text)
                self.resources[kind].append(text)

    def _refuse_what_is_not_read(self) -> None:
        for resource in self._templates.every():
            kind = resource.body["Type"]
            unread = _MAY_GRANT.intersection(_keys(resource.properties))
            if kind.startswith("AWS::IAM::") and kind not in _STANDS_IN:
                raise ValueError(f"{name(resource)}: the grants of {kind} are not read")
            if unread - _STANDS_IN.get(kind, set()):
                raise ValueError(f"{name(resource)}: {unread} of {kind} are not read")


def _keys(value: object) -> Iterator[str]:
    """The keys of an object, however deep."""
    parts: list[Any] = []
    if isinstance(value, dict):
        yield from value
        parts = list(value.values())
    elif isinstance(value, list):
        parts = value
    for part in parts:
        yield from _keys(part)
