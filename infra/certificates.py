"""Certificates: signed from results and vaccinations, and released when a recovery is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_iam as iam

from infra import emulator
from infra.capability import Capability
from infra.constructs.operator_role import OperatorRole
from infra.constructs.private_bucket import PrivateBucket, acknowledge_objects, bucket_name
from infra.constructs.scheduled_call import ScheduledCall
from infra.constructs.subscribed_queue import SubscribedQueue
from infra.constructs.vigie_function import VigieFunction
from infra.core import PKI_OPERATOR
from infra.findings import acknowledge
from infra.reissue import PUBLISHED, Reissue

if TYPE_CHECKING:
    from constructs import Construct

    from infra.core import Core
    from infra.intake import Intake
    from infra.settings import Settings
    from infra.vaccinations import Vaccinations

_TIMEOUT = Duration.minutes(1)
# A hundred events at most, which take seconds.
_MESSAGES = 4
_CURRENT_DSC = "certificates/current-dsc"
# Of the bucket of revocations: what tells whether a certificate is revoked.
REVOCATION_BUCKET = "revocation"
LOOKED_UP = ("lists.json", "partitions/*", "slices/*")
_RELEASES = "value-sets/*"
# The signer of every group, and those of vaccinations, tests and recoveries.
_CURRENT_DSCS = (_CURRENT_DSC, *(f"{_CURRENT_DSC}/{group}" for group in "vtr"))
_EVENTS = (
    "ResultRecorded",
    "ResultCorrected",
    "ResultWithdrawn",
    "VaccinationRecorded",
    "VaccinationCorrected",
    "VaccinationWithdrawn",
)


class Certificates(Capability):
    """The signing queue, the certificates, and the role of who keeps the signing keys.

    Attributes:
        certificates: the certificates table.
        value_sets: bucket of the releases of value sets.
    """

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        core: Core,
        intake: Intake,
        vaccinations: Vaccinations,
    ) -> None:
        super().__init__(scope, "certificates", settings)
        self._core = core
        self.certificates = self.table("certificates", "source_id", "certificate", key=core.records)
        self.certificates.index("due", "due_on", "source_id", attributes=())
        self.value_sets = PrivateBucket(
            self,
            "ValueSets",
            settings=settings,
            name="value-sets",
            # The lists are public: a key would keep nothing from anyone.
            key=None,
            access_logs=core.access_logs,
        )
        self._queue = SubscribedQueue(
            self,
            "SigningQueue",
            core.messaging,
            name="signing",
            topic=core.events,
            types=_EVENTS,
            consumer_timeout=_TIMEOUT,
        )
        signing = self._certificate_signing(intake, vaccinations)
        self._certificate_release()
        operator = self._pki_operator()
        Reissue(
            self,
            core,
            certificates=self.certificates,
            signing=signing,
            signing_queue=self._queue.queue,
            operator=operator,
        )
        self._tell_the_command()

    def _certificate_signing(self, intake: Intake, vaccinations: Vaccinations) -> VigieFunction:
        core = self._core
        function = VigieFunction(
            self,
            "certificate_signing",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "RESULTS_TABLE": intake.results.name,
                "VACCINATIONS_TABLE": vaccinations.vaccinations.name,
                "CERTIFICATES_TABLE": self.certificates.name,
                "DEAD_LETTERS_URL": self._queue.dead_letters.queue_url,
                "EVENTS_TOPIC_ARN": core.events.topic_arn,
                "IDENTITY_KEY_ARN": core.identity.arn,
                "CERTIFICATES_KEY_ARN": core.certificates.arn,
                "UVCI_KEY_ARN": core.uvci.arn,
                "CURRENT_DSC_PARAMETER": self.settings.parameter(_CURRENT_DSC),
                "VALUE_SETS_BUCKET": self.value_sets.bucket.bucket_name,
                "ISSUER_COUNTRY": self.settings.issuer_country,
                "ISSUER_NAME": self.settings.issuer_name,
                "ISSUER_TIME_ZONE": self.settings.issuer_time_zone.key,
                "RENEWAL_NOTICE_DAYS": str(self.settings.renewal_notice_days),
            },
            timeout=_TIMEOUT,
            # It computes as much with any memory, and pays for less while it waits.
            memory_mib=256,
        )
        role = function.role
        function.reads(
            self._queue.queue,
            batch_size=_MESSAGES,
            concurrency=self.settings.signing_concurrency,
        )
        function.sends_to(self._queue.dead_letters, core.messages)
        function.publishes_to(core.events, core.messages)
        function.may(["ssm:GetParameter"], *map(self.settings.parameter_arn, _CURRENT_DSCS))
        intake.results.grant(role, "GetItem")
        vaccinations.vaccinations.grant(role, "GetItem")
        self.certificates.grant(role, "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem")
        core.identity.grant_open(role)
        core.certificates.grant_seal(role)
        core.uvci.grant_derive(role)
        self.grant_value_sets(role, "s3:GetObject")
        for key in core.document_signers:
            key.grant_sign(role)
        function.alarm_on(
            "SignerOverdue",
            "A DSC signs after the end of its key's six months: issue the next one.",
            period=Duration.hours(1),
        )
        return function

    def _certificate_release(self) -> None:
        core = self._core
        function = VigieFunction(
            self,
            "certificate_release",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "CERTIFICATES_TABLE": self.certificates.name,
                "SIGNING_QUEUE_URL": self._queue.queue.queue_url,
                "DEAD_LETTERS_URL": self._queue.dead_letters.queue_url,
                "ISSUER_TIME_ZONE": self.settings.issuer_time_zone.key,
            },
            timeout=Duration.minutes(5),
        )
        self.certificates.grant_query(function.role, "due")
        self.certificates.grant(function.role, "DeleteItem")
        function.sends_to(self._queue.queue, core.messages)
        function.sends_to(self._queue.dead_letters, core.messages)
        ScheduledCall(
            self,
            "Release",
            core.messaging,
            name="certificate-release",
            called=function,
            every=Duration.hours(1),
        )

    def grant_value_sets(self, role: iam.Role, *actions: str) -> None:
        """Allow actions on the releases of value sets."""
        self.value_sets.grant(role, *actions, objects=_RELEASES)
        # Without it a missing release looks like a forbidden one.
        self.value_sets.grant_list(role)
        acknowledge_objects(
            role, self.value_sets.bucket, _RELEASES, reason="A release is named by who makes it."
        )

    def _pki_operator(self) -> OperatorRole:
        """The one role that may use the CSCA's key; people take it, no function can."""
        core = self._core
        role = OperatorRole(
            self,
            "PkiOperator",
            settings=self.settings,
            name=PKI_OPERATOR,
            description="Issues and renews the certificates of the signing keys",
            taken_by=self.settings.pki_operators,
        )
        core.csca.grant_sign(role)
        # A DSC holds its key's public half only: the CSCA's key signs it.
        core.csca.grant_describe(role)
        for key in core.document_signers:
            key.grant_describe(role)
        self.grant_value_sets(role, "s3:GetObject", "s3:PutObject")
        # The upload certificate is signed by its own key.
        core.revocation.grant_sign(role)
        core.revocation.grant_describe(role)
        for key in core.wallets.values():
            key.grant_sign(role)
            key.grant_describe(role)
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["ssm:DeleteParameter", "ssm:GetParameter", "ssm:PutParameter"],
            resource_arns=[self.settings.parameter_arn("certificates/*")],
        )
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["ssm:GetParametersByPath"],
            resource_arns=emulator.parameter_paths(
                self.settings, self.settings.parameter_arn("certificates/*")
            ),
        )
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["ssm:GetParameter"],
            resource_arns=[
                self.settings.parameter_arn(path)
                for path in (
                    "buckets/revocation",
                    "buckets/value-sets",
                    "keys/csca",
                    "keys/dsc",
                    "keys/revocation",
                    "public-url",
                    *PUBLISHED,
                )
            ],
        )
        self._ask_for_twoddoc(role)
        self._look_up_revocations(role)
        acknowledge(
            role,
            f"IAM5[Resource::{self.settings.parameter_arn('certificates/*')}]",
            "It keeps one parameter for each signer, named by its key identifier.",
        )
        self.publish("PkiOperatorRole", "roles/pki-operator", role.role_arn)
        return role

    def _ask_for_twoddoc(self, role: OperatorRole) -> None:
        """Allow a signing request of the key of 2D-DOC, where there is one."""
        key = self._core.twoddoc
        if key is None:
            return
        key.grant_sign(role)
        key.grant_describe(role)
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["ssm:GetParameter"],
            resource_arns=[
                self.settings.parameter_arn("keys/twoddoc"),
                self.settings.parameter_arn("twoddoc-authority"),
            ],
        )

    def _look_up_revocations(self, role: OperatorRole) -> None:
        """Allow what `vigie certificate verify` reads of a bucket whose stack needs this one."""
        bucket = f"arn:aws:s3:::{bucket_name(self.settings, REVOCATION_BUCKET)}"
        objects = [f"{bucket}/{names}" for names in LOOKED_UP]
        iam.Grant.add_to_principal(grantee=role, actions=["s3:GetObject"], resource_arns=objects)
        # Listing makes S3 answer 404 and not 403 for what is not there.
        iam.Grant.add_to_principal(grantee=role, actions=["s3:ListBucket"], resource_arns=[bucket])
        for each in objects:
            if "*" in each:
                acknowledge(
                    role, f"IAM5[Resource::{each}]", "Objects are named by signer or content."
                )

    def _tell_the_command(self) -> None:
        self.publish("CertificatesTable", "tables/certificates", self.certificates.name)
        self.publish("ValueSetsBucket", "buckets/value-sets", self.value_sets.bucket.bucket_name)
        CfnOutput(
            self, "CurrentDscParameter", value=self.settings.parameter(_CURRENT_DSC)
        ).override_logical_id("CurrentDscParameter")
        self.publish("SigningQueueUrl", "queues/signing", self._queue.queue.queue_url)
        self.publish(
            "SigningDeadLettersUrl",
            "queues/signing-dead-letters",
            self._queue.dead_letters.queue_url,
        )
