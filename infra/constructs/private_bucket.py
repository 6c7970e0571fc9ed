"""A bucket that nobody reads without being named."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra import emulator
from infra.findings import acknowledge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms

    from infra.settings import Settings


class PrivateBucket(Construct):
    """An encrypted bucket: no public access, TLS only.

    Args:
        scope: the parent.
        construct_id: its id.
        settings: of the environment.
        name: of the bucket, between the environment and the account.
        key: encrypts the objects; without it S3's own key does.
        access_logs: where S3 writes who read what; None where the log would hold what nobody
            may learn from it.
        expires_after: how long an object lives.
        versioned: whether what is replaced is kept, as long again.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        name: str,
        key: kms.IKey | None,
        access_logs: s3.IBucket | None,
        expires_after: Duration | None = None,
        versioned: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        self._settings = settings
        self._key = key
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=bucket_name(settings, name),
            encryption=s3.BucketEncryption.S3_MANAGED if key is None else s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=None if key is None else True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=emulator.tls_only(settings),
            minimum_tls_version=1.2 if emulator.tls_only(settings) else None,
            versioned=versioned,
            lifecycle_rules=[_lifecycle(expires_after, versioned=versioned)],
            removal_policy=removal_policy(settings),
        )
        if access_logs is not None:
            self._log(access_logs, f"{name}/")

    def grant(self, grantee: iam.IGrantable, *actions: str, objects: str = "*") -> None:
        """Allow actions on the objects whose key matches `objects`, and the key with them.

        What writes gets a data key, and what reads may open one, through S3 only.
        """
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=list(actions),
            resource_arns=[self.bucket.arn_for_objects(objects)],
        )
        if self._key is None:
            return
        uses = ["kms:GenerateDataKey"] if "s3:PutObject" in actions else []
        uses += ["kms:Decrypt"]
        via = f"s3.{self._settings.region}.amazonaws.com"
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=uses,
            resource_arns=[self._key.key_arn],
            conditions=emulator.conditions(
                self._settings, {"StringEquals": {"kms:ViaService": via}}
            ),
        )

    def only_read_by(self, roles: Sequence[str]) -> None:
        """Deny everybody but named roles what is in the objects, administrators included.

        Named by their ARN and not referred to, as the signers of a key are.

        Args:
            roles: their names, after the environment's prefix.
        """
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="NobodyElseReads",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:GetObject*"],
                resources=[self.bucket.arn_for_objects("*")],
                conditions={
                    "ArnNotLike": {"aws:PrincipalArn": emulator.principals(self._settings, roles)}
                },
            )
        )

    def grant_list(self, grantee: iam.IGrantable) -> None:
        """Allow listing, which also tells a missing object from a forbidden one."""
        iam.Grant.add_to_principal(
            grantee=grantee, actions=["s3:ListBucket"], resource_arns=[self.bucket.bucket_arn]
        )

    def _log(self, access_logs: s3.IBucket, prefix: str) -> None:
        resource = self.bucket.node.default_child
        assert isinstance(resource, s3.CfnBucket)  # noqa: S101 - narrows the type
        # Said in the bucket's own resource: the CDK would name each bucket in the policy of
        # the access logs, whose stack would then depend on every other.
        resource.logging_configuration = s3.CfnBucket.LoggingConfigurationProperty(
            destination_bucket_name=access_logs.bucket_name, log_file_prefix=prefix
        )


def bucket_name(settings: Settings, name: str) -> str:
    """A name that no other account or Region has."""
    return f"{settings.name(name)}-{settings.account}-{settings.region}"


def removal_policy(settings: Settings) -> RemovalPolicy:
    """What becomes of data when its stack is deleted."""
    return RemovalPolicy.RETAIN if settings.retained else RemovalPolicy.DESTROY


def acknowledge_objects(
    role: iam.Role,
    bucket: s3.IBucket,
    objects: str = "*",
    *,
    reason: str = "Laboratories name their files themselves.",
) -> None:
    """Accept that a role may touch objects whose names nobody knows beforehand."""
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)  # noqa: S101 - narrows the type
    owner = Stack.of(bucket)
    logical_id = owner.get_logical_id(resource)
    arn = f"<{logical_id}.Arn>"
    if Stack.of(role).stack_name != owner.stack_name:
        arn = f"{owner.stack_name}:{_exported_arn(logical_id)}"
    # As cdk-nag writes a policy variable.
    objects = objects.replace("${", "<").replace("}", ">")
    acknowledge(
        role,
        f"IAM5[Resource::{arn}/{objects}]",
        reason,
    )


def _exported_arn(logical_id: str) -> str:
    """What the CDK calls the ARN of a resource that another stack refers to.

    aws-cdk-lib, `private/refs.ts` and `private/uniqueid.ts`.
    """
    reference = f'Exports/Output{{"Fn::GetAtt":["{logical_id}","Arn"]}}'
    digest = hashlib.md5(reference.encode(), usedforsecurity=False).hexdigest()
    return f"ExportsOutputFnGetAtt{logical_id}Arn{digest[:8].upper()}"


def _lifecycle(expires_after: Duration | None, *, versioned: bool) -> s3.LifecycleRule:
    return s3.LifecycleRule(
        abort_incomplete_multipart_upload_after=Duration.days(2),
        expiration=expires_after,
        noncurrent_version_expiration=(expires_after or Duration.days(30)) if versioned else None,
    )
