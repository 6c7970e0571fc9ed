"""What a laboratory may do: put files under its own prefix, and read the answers there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput
from aws_cdk import aws_iam as iam
from aws_cdk import aws_rolesanywhere as rolesanywhere
from constructs import Construct

from infra import emulator
from infra.constructs.private_bucket import acknowledge_objects

if TYPE_CHECKING:
    from infra.constructs.private_bucket import PrivateBucket
    from infra.settings import LaboratoryTrust, Settings

# Roles Anywhere sets this tag itself, from the organisational unit of the certificate
# that the laboratory's machine proved to hold: its FINESS.
_FINESS_TAG = "aws:PrincipalTag/x509Subject/OU"
_FINESS_OF_CERTIFICATE = f"${{{_FINESS_TAG}}}"
_SESSION_SECONDS = 3600


def laboratory_roles(settings: Settings) -> list[str]:
    """Names of the roles that laboratories take, after the environment's prefix."""
    return [f"laboratory-{finess}" for finess in emulator.laboratories(settings)] or ["laboratory"]


class LaboratoryAccess(Construct):
    """One role for all laboratories, by IAM Roles Anywhere; on the emulator one for each.

    Args:
        scope: the parent.
        construct_id: its id.
        settings: of the environment.
        inbox: where laboratories put files.
        outbox: where they find the acknowledgements.

    Attributes:
        told: output, path of the parameter, and value of what a laboratory needs to be told.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        inbox: PrivateBucket,
        outbox: PrivateBucket,
    ) -> None:
        super().__init__(scope, construct_id)
        self._settings = settings
        self._inbox = inbox
        self._outbox = outbox
        self.told: list[tuple[str, str, str]] = []
        for finess in emulator.laboratories(settings):
            role = iam.Role(
                self,
                f"Role{finess}",
                role_name=settings.name(f"laboratory-{finess}"),
                assumed_by=emulator.laboratory_principal(settings),
            )
            self._grant(role, finess)
            CfnOutput(self, f"Output{finess}", value=role.role_arn).override_logical_id(
                f"LaboratoryRole{finess}"
            )
        if settings.laboratory_trust is not None:
            self._by_certificate(settings.laboratory_trust)

    def _by_certificate(self, trust: LaboratoryTrust) -> None:
        anchor = rolesanywhere.CfnTrustAnchor(
            self,
            "TrustAnchor",
            name=self._settings.name("laboratories"),
            enabled=True,
            source=_source(trust),
        )
        proven = iam.PrincipalWithConditions(
            iam.ServicePrincipal("rolesanywhere.amazonaws.com"),
            {
                "ArnEquals": {"aws:SourceArn": anchor.attr_trust_anchor_arn},
                # Without its OU a certificate would name the empty prefix; its common name is
                # by which CloudTrail knows the machine.
                "StringLike": {
                    _FINESS_TAG: "?????????",
                    "aws:PrincipalTag/x509Subject/CN": "?*",
                },
            },
        )
        role = iam.Role(
            self, "Role", role_name=self._settings.name("laboratory"), assumed_by=proven
        )
        trusted = role.assume_role_policy
        assert trusted is not None  # noqa: S101 - a role made here has one
        trusted.add_statements(
            iam.PolicyStatement(
                principals=[proven], actions=["sts:SetSourceIdentity", "sts:TagSession"]
            )
        )
        self._grant(role, _FINESS_OF_CERTIFICATE)
        self._bar(role)
        profile = rolesanywhere.CfnProfile(
            self,
            "Profile",
            name=self._settings.name("laboratories"),
            enabled=True,
            role_arns=[role.role_arn],
            duration_seconds=_SESSION_SECONDS,
        )
        self.told = [
            ("LaboratoryRoleArn", "role", role.role_arn),
            ("TrustAnchorArn", "trust-anchor", anchor.attr_trust_anchor_arn),
            ("ProfileArn", "profile", profile.attr_profile_arn),
        ]

    def _bar(self, role: iam.Role) -> None:
        """Deny everything to laboratories whose key may be in other hands."""
        barred = list(self._settings.barred_laboratories)
        if barred:
            role.add_to_policy(
                iam.PolicyStatement(
                    effect=iam.Effect.DENY,
                    actions=["s3:*"],
                    resources=["*"],
                    conditions={"StringEquals": {_FINESS_TAG: barred}},
                )
            )

    def _grant(self, role: iam.Role, finess: str) -> None:
        prefix = f"{finess}/*"
        self._inbox.grant(role, "s3:PutObject", objects=prefix)
        self._outbox.grant(role, "s3:GetObject", objects=prefix)
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["s3:ListBucket"],
            resource_arns=[self._outbox.bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": prefix}},
        )
        for bucket in (self._inbox.bucket, self._outbox.bucket):
            acknowledge_objects(role, bucket, prefix)


def _source(trust: LaboratoryTrust) -> rolesanywhere.CfnTrustAnchor.SourceProperty:
    source = rolesanywhere.CfnTrustAnchor
    if trust.private_ca_arn is not None:
        return source.SourceProperty(
            source_type="AWS_ACM_PCA",
            source_data=source.SourceDataProperty(acm_pca_arn=trust.private_ca_arn),
        )
    return source.SourceProperty(
        source_type="CERTIFICATE_BUNDLE",
        source_data=source.SourceDataProperty(x509_certificate_data=trust.certificate_bundle),
    )
