"""Verification: codes become certificates, signed by a key of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from infra.constructs.keys import SigningKey

if TYPE_CHECKING:
    from infra.settings import Settings

_ROLE = "verification-codes"


class Verification(Construct):
    """The key that signs verification certificates.

    Args:
        scope: the stack of tracing.
        settings: of the environment.

    Attributes:
        signing_key: signs verification certificates; key_upload reads its public half.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "Verification")
        self.signing_key = SigningKey(self, "verification", settings=settings, signers=[_ROLE])
