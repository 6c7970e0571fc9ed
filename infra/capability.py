"""A stack that holds one capability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Environment, Stack, Tags
from aws_cdk import aws_ssm as ssm

from infra import emulator
from infra.constructs.record_table import RecordTable

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

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

    def table(
        self, name: str, partition_key: str, sort_key: str | None = None, *, key: kms.IKey
    ) -> RecordTable:
        """Add a table of this capability.

        Args:
            name: of the table, in lower case.
            partition_key: name of the text attribute.
            sort_key: name of the text attribute, if there is one.
            key: encrypts the table.
        """
        return RecordTable(
            self,
            name.title().replace("-", ""),
            settings=self.settings,
            name=name,
            key=key,
            partition_key=partition_key,
            sort_key=sort_key,
        )

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
