"""The KMS keys, one for each purpose, and who may do what with them.

All are multi-Region, so that a second Region can open what the first one sealed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra import emulator
from infra.constructs.private_bucket import removal_policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infra.settings import Settings


def key_at_rest(
    scope: Construct, name: str, settings: Settings, services: Sequence[str] = ()
) -> kms.Key:
    """A symmetric key for what AWS encrypts at rest: queues and topics, tables, or buckets.

    Args:
        scope: the parent.
        name: what it encrypts; also its alias.
        settings: of the environment.
        services: those that put messages into our queues and topics on their own.
    """
    key = kms.Key(
        scope,
        f"{name.title().replace('-', '')}Key",
        alias=settings.name(name),
        description=f"Encrypts {name} at rest",
        enable_key_rotation=True,
        multi_region=True,
        removal_policy=removal_policy(settings),
    )
    for service in services:
        key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(f"{service}.amazonaws.com")],
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],
                conditions={"StringEquals": {"aws:SourceAccount": settings.account}},
            )
        )
    return key


class SealingKey(Construct):
    """A symmetric key for sealed fields, bound to one purpose by its encryption context.

    Args:
        scope: the parent.
        purpose: what it seals; also its alias and its encryption context.
        settings: of the environment.
    """

    def __init__(self, scope: Construct, purpose: str, *, settings: Settings) -> None:
        super().__init__(scope, f"{purpose.title().replace('-', '')}Key")
        self._settings = settings
        self._purpose = purpose
        self.key = kms.Key(
            self,
            "Key",
            alias=settings.name(purpose),
            description=f"Seals {purpose} fields",
            enable_key_rotation=True,
            multi_region=True,
            removal_policy=removal_policy(settings),
        )

    @property
    def arn(self) -> str:
        """The key's ARN."""
        return self.key.key_arn

    def grant_seal(self, grantee: iam.IGrantable) -> None:
        """Allow sealing: new data keys only, which cannot open what others sealed."""
        self._grant(grantee, "kms:GenerateDataKey")

    def grant_open(self, grantee: iam.IGrantable) -> None:
        """Allow opening."""
        self._grant(grantee, "kms:Decrypt")

    def _grant(self, grantee: iam.IGrantable, action: str) -> None:
        purpose = {"StringEquals": {"kms:EncryptionContext:vigie:purpose": self._purpose}}
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[action],
            resource_arns=[self.arn],
            conditions=emulator.conditions(self._settings, purpose),
        )


class DerivingKey(Construct):
    """An HMAC key that other secrets derive from, inside KMS.

    Args:
        scope: the parent.
        purpose: what derives from it; also its alias.
        settings: of the environment.
    """

    def __init__(self, scope: Construct, purpose: str, *, settings: Settings) -> None:
        super().__init__(scope, f"{purpose.title().replace('-', '')}Key")
        self.key = kms.Key(
            self,
            "Key",
            alias=settings.name(purpose),
            description=f"Derives {purpose} secrets",
            key_spec=kms.KeySpec.HMAC_256,
            key_usage=kms.KeyUsage.GENERATE_VERIFY_MAC,
            multi_region=True,
            removal_policy=removal_policy(settings),
        )

    @property
    def arn(self) -> str:
        """The key's ARN."""
        return self.key.key_arn

    def grant_derive(self, grantee: iam.IGrantable) -> None:
        """Allow deriving."""
        iam.Grant.add_to_principal(
            grantee=grantee, actions=["kms:GenerateMac"], resource_arns=[self.arn]
        )


class SigningKey(Construct):
    """A signing key whose own policy lets named roles sign and denies everyone else.

    Args:
        scope: the parent.
        purpose: what it signs; also its alias.
        settings: of the environment.
        signers: names of the roles that may sign, after the environment's prefix.
        spec: its type.
    """

    def __init__(
        self,
        scope: Construct,
        purpose: str,
        *,
        settings: Settings,
        signers: Sequence[str],
        spec: kms.KeySpec = kms.KeySpec.ECC_NIST_P256,
    ) -> None:
        super().__init__(scope, f"{purpose.title().replace('-', '')}Key")
        self.key = kms.Key(
            self,
            "Key",
            alias=settings.name(purpose),
            description=f"Signs as {purpose}",
            key_spec=spec,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            multi_region=True,
            removal_policy=removal_policy(settings),
        )
        # Named by their ARN and not referred to: the roles belong to later stacks. A
        # permission that someone adds to another role's policy changes nothing here.
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="NobodyElseSigns",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["kms:Sign"],
                resources=["*"],
                conditions={
                    "ArnNotLike": {"aws:PrincipalArn": emulator.principals(settings, signers)}
                },
            )
        )

    @property
    def arn(self) -> str:
        """The key's ARN."""
        return self.key.key_arn

    def grant_sign(self, grantee: iam.IGrantable) -> None:
        """Allow signing, where the key's own policy does not deny it."""
        iam.Grant.add_to_principal(grantee=grantee, actions=["kms:Sign"], resource_arns=[self.arn])

    def grant_describe(self, grantee: iam.IGrantable) -> None:
        """Allow learning what type of key it is, and its public key."""
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["kms:DescribeKey", "kms:GetPublicKey"],
            resource_arns=[self.arn],
        )
