"""A role that people take, each for one kind of work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_iam as iam

from infra import emulator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from infra.settings import Settings

_SESSION = Duration.hours(1)


class OperatorRole(iam.Role):
    """A role for an hour, which named principals of the account may take and nobody else.

    Their own policies must let them take it too.

    Args:
        scope: the parent.
        construct_id: its id.
        settings: of the environment.
        name: of the role, after the environment's prefix.
        description: what it is for.
        taken_by: ARNs of roles or users; `*` at the end stands for anything.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        name: str,
        description: str,
        taken_by: Sequence[str],
    ) -> None:
        # A permission set of IAM Identity Center becomes a role whose name ends by chance: a
        # condition can name it, a principal cannot.
        super().__init__(
            scope,
            construct_id,
            role_name=settings.name(name),
            description=description,
            assumed_by=iam.PrincipalWithConditions(
                iam.AccountPrincipal(settings.account),
                emulator.taken_by(settings, taken_by),
            ),
            max_session_duration=_SESSION,
        )
