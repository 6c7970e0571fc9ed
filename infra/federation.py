"""Federation: keys are exchanged with other countries through the gateways of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.constructs.keys import SigningKey
from infra.constructs.operator_role import OperatorRole
from infra.constructs.scheduled_call import ScheduledCall
from infra.constructs.vigie_function import NAMESPACE, VigieFunction
from infra.findings import acknowledge
from vigie.federation.gateway import GATEWAYS

if TYPE_CHECKING:
    from infra.capability import Capability
    from infra.constructs.messaging import Messaging
    from infra.constructs.record_table import RecordTable

_DOWNLOAD, _UPLOAD = "federation_download", "federation_upload"
_DOWNLOAD_ROLE, _UPLOAD_ROLE = "federation-download", "federation-upload"
OPERATOR = "federation-operator"
_EVERY = Duration.minutes(30)
_TIMEOUT = Duration.minutes(15)
_DAY = Duration.days(1)
_SIGNER = "federation/signer"
_GATEWAYS = "federation/gateways"
_TABLE = "tables/federation"


class Federation(Construct):
    """The table of batches, the key that signs ours, the secrets of TLS, and the functions.

    It is put into an environment whose settings name a gateway, and into no other.

    Args:
        stack: of tracing.
        messaging: how calls of the schedules that fail are kept.
        keys: the keys table.
        batches: the federation table.
    """

    def __init__(
        self,
        stack: Capability,
        messaging: Messaging,
        *,
        keys: RecordTable,
        batches: RecordTable,
    ) -> None:
        super().__init__(stack, "Exchange")
        self._settings = messaging.settings
        self._messaging = messaging
        self._keys = keys
        self._batches = batches
        self._gateways = ssm.StringParameter(
            self,
            "Gateways",
            parameter_name=self._settings.parameter(_GATEWAYS),
            string_value=GATEWAYS.dump_json(self._settings.federation).decode(),
            # A country of many certificates may need more than 4 KB.
            tier=ssm.ParameterTier.INTELLIGENT_TIERING,
        )
        self._signing_key = SigningKey(
            self, "federation", settings=self._settings, signers=[_UPLOAD_ROLE, OPERATOR]
        )
        self._secrets = [self._secret(one.name) for one in self._settings.federation]
        self._download()
        self._upload()
        self._operator(stack)
        stack.publish("FederationTable", _TABLE, batches.name)
        for folder in (_DOWNLOAD, _UPLOAD):
            for gateway in self._settings.federation:
                self._hear_of_silence(folder, gateway.name)

    def _download(self) -> None:
        function = self._function(_DOWNLOAD, {"COUNTRY": self._settings.issuer_country})
        self._keys.grant(function.role, "BatchGetItem", "PutItem")
        function.alarm_on(
            "SignaturesRefused",
            "Keys from abroad are not signed by who may: see the runbook, federation.",
            period=_EVERY,
        )

    def _upload(self) -> None:
        settings = self._settings
        function = self._function(
            _UPLOAD,
            {
                "COUNTRY": settings.issuer_country,
                "SIGNER_PARAMETER": settings.parameter(_SIGNER),
                "SETTLE_SECONDS": str(settings.export_settle_seconds),
            },
        )
        self._keys.grant(function.role, "Query")
        self._signing_key.grant_sign(function.role)
        function.may(["ssm:GetParameter"], settings.parameter_arn(_SIGNER))
        function.alarm_on(
            "OffersRefused",
            "A gateway refuses keys of ours: see the runbook, federation.",
            period=_EVERY,
        )

    def _function(self, folder: str, environment: dict[str, str]) -> VigieFunction:
        """A function that asks the gateways, with what both of them may."""
        settings = self._settings
        function = VigieFunction(
            self,
            folder,
            settings=settings,
            alarms=self._messaging.alarms,
            environment={
                "FEDERATION_TABLE": self._batches.name,
                "KEYS_TABLE": self._keys.name,
                "GATEWAYS_PARAMETER": self._gateways.parameter_name,
                "SECRET_PREFIX": settings.name("federation-"),
                "RELEASE_HOUR_SECONDS": str(settings.release_hour_seconds),
                **environment,
            },
            timeout=_TIMEOUT,
            memory_mib=1024,
        )
        self._batches.grant(function.role, "GetItem", "PutItem")
        function.may(["ssm:GetParameter"], settings.parameter_arn(_GATEWAYS))
        function.may(["secretsmanager:GetSecretValue"], *(one.secret_arn for one in self._secrets))
        ScheduledCall(
            self,
            f"{folder.title().replace('_', '')}Schedule",
            self._messaging,
            name=folder.replace("_", "-"),
            called=function,
            every=_EVERY,
        )
        return function

    def _secret(self, gateway: str) -> secretsmanager.Secret:
        """Who we are for a gateway: the command puts it there, and the functions read it."""
        settings = self._settings
        secret = secretsmanager.Secret(
            self,
            f"Secret-{gateway}",
            secret_name=settings.name(f"federation-{gateway}"),
            description="Certificate and key of TLS for a gateway",
        )
        secret.add_to_resource_policy(
            iam.PolicyStatement(
                sid="NobodyElseReads",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["secretsmanager:GetSecretValue"],
                resources=["*"],
                conditions={
                    "ArnNotLike": {
                        "aws:PrincipalArn": [
                            settings.role_arn(_DOWNLOAD_ROLE),
                            settings.role_arn(_UPLOAD_ROLE),
                        ]
                    }
                },
            )
        )
        acknowledge(
            secret,
            "SMG4",
            "The gateway registers each certificate by hand; the command installs the next one.",
        )
        return secret

    def _operator(self, stack: Capability) -> None:
        """The role that installs certificates and looks at batches, and reads no key of TLS."""
        settings = self._settings
        role = OperatorRole(
            self,
            "Operator",
            settings=settings,
            name=OPERATOR,
            description="Installs the certificates of the federation",
            taken_by=settings.pki_operators,
        )
        self._batches.grant(role, "GetItem", "Query")
        self._signing_key.grant_sign(role)
        self._signing_key.grant_describe(role)
        for allowed, arns in (
            (["secretsmanager:PutSecretValue"], [one.secret_arn for one in self._secrets]),
            (["ssm:GetParameter", "ssm:PutParameter"], [settings.parameter_arn(_SIGNER)]),
            (["ssm:GetParameter"], [settings.parameter_arn(one) for one in (_GATEWAYS, _TABLE)]),
        ):
            iam.Grant.add_to_principal(grantee=role, actions=allowed, resource_arns=arns)
        stack.publish("FederationOperatorRole", "roles/federation-operator", role.role_arn)

    def _hear_of_silence(self, folder: str, gateway: str) -> None:
        """A gateway that gives or takes nothing for a day: a run that fails counts nothing."""
        direction = folder.rpartition("_")[2]
        alarm = cloudwatch.Alarm(
            self,
            f"Silent-{direction}-{gateway}",
            alarm_name=self._settings.name(f"federation-{direction}-{gateway}-silent"),
            alarm_description="A gateway did not answer for a day: see the runbook, federation.",
            metric=cloudwatch.Metric(
                namespace=NAMESPACE,
                metric_name="GatewayAnswered",
                dimensions_map={"service": folder, "gateway": gateway},
                statistic="Sum",
                period=_DAY,
            ),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self._messaging.alarms))
