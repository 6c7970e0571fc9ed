"""A table of records, encrypted, restorable and hard to delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra import emulator
from infra.constructs.private_bucket import removal_policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_kms as kms

    from infra.settings import Settings

_KEY_USES = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


class RecordTable(Construct):
    """An on-demand table under a key of ours, whose items expire at `expires_at`.

    Where a restored table stands in for it, functions get that one's name and rights on
    that one only; the table itself stays as it is.

    Args:
        scope: the parent.
        construct_id: its id.
        settings: of the environment.
        name: of the table, after the environment's prefix.
        key: encrypts the table.
        partition_key: name of the text attribute.
        sort_key: name of the text attribute, if there is one.
        restorable: whether what was deleted can be had back for a while.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        name: str,
        key: kms.IKey,
        partition_key: str,
        sort_key: str | None = None,
        restorable: bool = True,
    ) -> None:
        super().__init__(scope, construct_id)
        self._settings = settings
        self._key = key
        self._restored = settings.restored_tables.get(name)
        self.table = dynamodb.Table(
            self,
            "Table",
            table_name=settings.name(name),
            partition_key=_text(partition_key),
            sort_key=None if sort_key is None else _text(sort_key),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=restorable
            ),
            deletion_protection=settings.retained,
            removal_policy=removal_policy(settings),
            time_to_live_attribute="expires_at",
        )

    @property
    def name(self) -> str:
        """The name of the table, or of the restored one that stands in for it."""
        return self._restored or self.table.table_name

    @property
    def _arn(self) -> str:
        if self._restored is None:
            return self.table.table_arn
        settings = self._settings
        return f"arn:aws:dynamodb:{settings.region}:{settings.account}:table/{self._restored}"

    def index(
        self,
        name: str,
        partition_key: str,
        sort_key: str,
        *,
        attributes: Sequence[str] | None = None,
    ) -> None:
        """Add an index.

        Args:
            name: of the index.
            partition_key: name of the text attribute.
            sort_key: name of the text attribute.
            attributes: what it holds beside the keys; every attribute if this is not given.
        """
        self.table.add_global_secondary_index(
            index_name=name,
            partition_key=_text(partition_key),
            sort_key=_text(sort_key),
            projection_type=_projection(attributes),
            non_key_attributes=list(attributes) if attributes else None,
        )

    def grant(self, grantee: iam.IGrantable, *actions: str) -> None:
        """Allow actions on the items, such as `GetItem`, and the use of the key by them."""
        self._grant(grantee, actions, self._arn)

    def grant_keys(self, grantee: iam.IGrantable, *actions: str, keys: Sequence[str]) -> None:
        """Allow actions on the items of these partition keys only."""
        self._grant(
            grantee,
            actions,
            self._arn,
            {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": list(keys)}},
        )

    def grant_query(self, grantee: iam.IGrantable, index: str) -> None:
        """Allow queries of one index, and the use of the key by them."""
        self._grant(grantee, ("Query",), f"{self._arn}/index/{index}")

    def _grant(
        self,
        grantee: iam.IGrantable,
        actions: tuple[str, ...],
        arn: str,
        conditions: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[f"dynamodb:{action}" for action in actions],
            resource_arns=[arn],
            conditions=emulator.conditions(self._settings, conditions or {}),
        )
        via = f"dynamodb.{self._settings.region}.amazonaws.com"
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=list(_KEY_USES),
            resource_arns=[self._key.key_arn],
            conditions=emulator.conditions(
                self._settings, {"StringEquals": {"kms:ViaService": via}}
            ),
        )


def _projection(attributes: Sequence[str] | None) -> dynamodb.ProjectionType:
    if attributes is None:
        return dynamodb.ProjectionType.ALL
    return dynamodb.ProjectionType.INCLUDE if attributes else dynamodb.ProjectionType.KEYS_ONLY


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
