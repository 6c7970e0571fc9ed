"""The findings of cdk-nag that are accepted, each where it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Acknowledgment, Validations

if TYPE_CHECKING:
    from constructs import IConstruct


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept a finding of cdk-nag AwsSolutions on a construct, for a stated reason.

    Args:
        construct: where it is found, or above.
        rule: such as `IAM5`.
        reason: why it is right here.
    """
    Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions-{rule}", reason=reason))
