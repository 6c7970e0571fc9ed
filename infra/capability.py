"""A stack that holds one capability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Acknowledgment, CfnOutput, Environment, Stack, Tags, Validations
from aws_cdk import aws_ssm as ssm

from infra import emulator

if TYPE_CHECKING:
    from constructs import Construct, IConstruct

    from infra.settings import Settings


class Capability(Stack):
    """A stack that knows its environment.

    Args:
        scope: the app.
        name: of the capability.
        settings: of the environment.
        region: another than that of the environment.
    """

    def __init__(
        self, scope: Construct, name: str, settings: Settings, *, region: str | None = None
    ) -> None:
        super().__init__(
            scope,
            settings.name(name),
            env=Environment(account=settings.account, region=region or settings.region),
            synthesizer=emulator.synthesizer(settings),
            termination_protection=settings.retained,
            cross_region_references=settings.protected_edge,
        )
        self.settings = settings
        Tags.of(self).add("vigie:environment", settings.environment)
        Tags.of(self).add("vigie:capability", name)

    def publish(self, output: str, path: str, value: str) -> None:
        """Tell the operator's command where something is.

        Args:
            output: name of the stack's output.
            path: of the parameter, under the environment's own.
            value: what to tell.
        """
        CfnOutput(self, output, value=value).override_logical_id(output)
        ssm.StringParameter(
            self,
            f"{output}Parameter",
            parameter_name=self.settings.parameter(path),
            string_value=value,
        )


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept a finding of cdk-nag AwsSolutions on a construct, for a stated reason.

    Args:
        construct: where it is found, or above.
        rule: such as `IAM5`.
        reason: why it is right here.
    """
    Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions-{rule}", reason=reason))
