"""What every queue, subscription and schedule is made with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

    from infra.settings import Settings


@dataclass(frozen=True, slots=True)
class Messaging:
    """How messages are kept in an environment.

    Attributes:
        settings: of the environment.
        key: encrypts the messages.
        alarms: who is told of dead letters.
    """

    settings: Settings
    key: kms.IKey
    alarms: sns.ITopic
