"""Laboratories: who keeps their register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from infra import emulator
from infra.capability import Capability
from infra.constructs.operator_role import OperatorRole
from infra.findings import acknowledge

if TYPE_CHECKING:
    from constructs import Construct

    from infra.core import Core
    from infra.intake import Intake
    from infra.settings import Settings

# What the command reads, below the environment's parameters.
_TOLD = (
    "buckets/inbox",
    "buckets/outbox",
    "laboratories/*",
    "queues/inbox-check",
    "tables/files",
    "tables/laboratories",
)


class Laboratories(Capability):
    """The role of who keeps the register; the table is the intake's, which asks it."""

    def __init__(self, scope: Construct, settings: Settings, core: Core, intake: Intake) -> None:
        super().__init__(scope, "laboratories", settings)
        self._core = core
        self._intake = intake
        self._operator()

    def _operator(self) -> None:
        intake = self._intake
        role = OperatorRole(
            self,
            "Operator",
            settings=self.settings,
            name="laboratory-operator",
            description="Keeps the register of laboratories",
            taken_by=self.settings.laboratory_operators,
        )
        intake.laboratories.grant(role, "GetItem", "PutItem", "Scan")
        intake.files.grant_query(role, "by-laboratory")
        # Whoever lets a laboratory in has its refused files read.
        self._may(
            role, emulator.actions(self.settings, "sqs:SendMessage"), intake.checks.queue.queue_arn
        )
        self._may(role, ["kms:Decrypt", "kms:GenerateDataKey"], self._core.messages.key_arn)
        self._may(role, ["ssm:GetParameter"], *map(self._parameter_arn, _TOLD))
        acknowledge(
            role,
            f"IAM5[Resource::{self._parameter_arn('laboratories/*')}]",
            "What a laboratory needs to be told stands there, one parameter for each thing.",
        )
        self.publish("LaboratoryOperatorRole", "roles/laboratory-operator", role.role_arn)

    def _may(self, role: iam.Role, actions: list[str], *arns: str) -> None:
        iam.Grant.add_to_principal(grantee=role, actions=actions, resource_arns=list(arns))

    def _parameter_arn(self, path: str) -> str:
        return (
            f"arn:aws:ssm:{self.settings.region}:{self.settings.account}"
            f":parameter{self.settings.parameter(path)}"
        )
