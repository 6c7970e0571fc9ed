"""The synthesised templates as plain dicts, and how their resources name each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Statement = dict[str, Any]
_PREFIX = "vigie-production-"


class Resource(NamedTuple):
    """A resource of a template.

    Attributes:
        stack: its capability.
        logical_id: in that stack.
        body: with `Type`, `Properties` and the policies of its deletion.
    """

    stack: str
    logical_id: str
    body: dict[str, Any]

    @property
    def properties(self) -> dict[str, Any]:
        """What it is set to."""
        properties: dict[str, Any] = self.body.get("Properties", {})
        return properties

    @property
    def retained(self) -> bool:
        """Whether it outlives its stack and its replacement."""
        return {self.body.get(f"{when}Policy") for when in ("Deletion", "UpdateReplace")} == {
            "Retain"
        }


class Templates:
    """The templates of every stack.

    Args:
        assembly: the folder that the synthesis wrote.
    """

    def __init__(self, assembly: Path) -> None:
        self._assembly = assembly
        self._stacks: dict[str, dict[str, Any]] = {
            path.name.removeprefix(_PREFIX).split(".")[0]: json.loads(path.read_text())
            for path in sorted(assembly.glob("*.template.json"))
        }
        self._exports = {
            output["Export"]["Name"]: (stack, output["Value"])
            for stack, template in self._stacks.items()
            for output in template.get("Outputs", {}).values()
            if "Export" in output
        }

    def validation(self) -> list[dict[str, Any]]:
        """The findings of cdk-nag and of the CDK's own validation."""
        report = json.loads((self._assembly / "validation-report.json").read_text())
        return [
            finding
            for plugin in report["pluginReports"]
            for finding in plugin.get("violations", [plugin])
        ]

    def every(self) -> list[Resource]:
        """The resources of every stack."""
        return [
            Resource(stack, logical_id, body)
            for stack, template in self._stacks.items()
            for logical_id, body in template["Resources"].items()
        ]

    def of(self, kind: str) -> list[Resource]:
        """The resources of a type, such as `AWS::SQS::Queue`."""
        return [resource for resource in self.every() if resource.body["Type"] == kind]

    def deployed(self) -> list[tuple[str, Resource]]:
        """Our own functions, each with its folder; those that the CDK brings are not among them."""
        return [
            (function.properties["Handler"].split(".")[0], function)
            for function in self.of("AWS::Lambda::Function")
            if str(function.properties["Handler"]).endswith(".handler.handler")
        ]

    def functions(self) -> dict[str, Resource]:
        """One function of each folder; the guard of an API is there twice."""
        return dict(self.deployed())

    def target(self, stack: str, value: object) -> str:
        """What a reference points to, as `stack/logical id`, and text as it is.

        An index or an object keeps what follows the ARN: `stack/logical id/index/by-person`.
        """
        match value:
            case str(text) | {"Fn::Sub": str(text)}:
                return text
            case {"Ref": str(parameter)} if parameter.startswith("AWS::"):
                return f"${{{parameter}}}"
            case {"Ref": str(logical_id)} | {"Fn::GetAtt": [str(logical_id), _]}:
                return f"{stack}/{logical_id}"
            case {"Fn::ImportValue": str(name)}:
                return self.target(*self._exports[name])
            case {"Fn::Join": ["", list(parts)]}:
                return "".join(self.target(stack, part) for part in parts)
        return json.dumps(value)

    def policies(self, kind: str) -> Iterator[tuple[Resource, Statement]]:
        """The statements of every resource policy of a type."""
        for policy in self.of(kind):
            for statement in policy.properties["PolicyDocument"]["Statement"]:
                yield policy, statement

    def granted(self) -> dict[str, list[Statement]]:
        """The statements of each role by its name, with targets for resources."""
        names = {
            f"{role.stack}/{role.logical_id}": str(
                role.properties.get("RoleName", role.logical_id)
            ).removeprefix(_PREFIX)
            for role in self.of("AWS::IAM::Role")
        }
        granted: dict[str, list[Statement]] = {name: [] for name in names.values()}
        for policy, statement in self.policies("AWS::IAM::Policy"):
            resolved = {
                **statement,
                "Action": listed(statement["Action"]),
                "Resource": [
                    self.target(policy.stack, one) for one in listed(statement["Resource"])
                ],
            }
            for role in policy.properties["Roles"]:
                granted[names[self.target(policy.stack, role)]].append(resolved)
        return granted

    def tls_only(self, kind: str) -> set[str]:
        """Targets whose resource policies of a type deny plain http to everyone."""
        return {
            self.target(policy.stack, resource)
            for policy, statement in self.policies(kind)
            if statement["Effect"] == "Deny"
            and statement["Principal"] in ("*", {"AWS": "*"})
            and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
            for resource in listed(statement["Resource"])
        }


def listed(value: object) -> list[Any]:
    """A policy's value as a list, whether it is one or stands alone."""
    return value if isinstance(value, list) else [value]


def name(resource: Resource) -> str:
    """`stack/logical id`, as `Templates.target` gives it."""
    return f"{resource.stack}/{resource.logical_id}"
