"""Revocation: what was revoked is published to other countries and to verifiers' devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

from infra import emulator
from infra.capability import Capability
from infra.certificates import LOOKED_UP, REVOCATION_BUCKET
from infra.constructs.operator_role import OperatorRole
from infra.constructs.private_bucket import PrivateBucket, acknowledge_objects, bucket_name
from infra.constructs.scheduled_call import ScheduledCall
from infra.constructs.subscribed_queue import SubscribedQueue
from infra.constructs.vigie_function import VigieFunction
from infra.findings import acknowledge

if TYPE_CHECKING:
    from constructs import Construct

    from infra.certificates import Certificates
    from infra.core import Core
    from infra.settings import Settings

_TIMEOUT = Duration.minutes(1)
_EVERY = Duration.minutes(15)
# Each message takes a query and a transaction.
_COPIES = 10
_UPLOAD_SIGNER = "certificates/upload"
_WRITTEN = ("batches/*", "lists.json", "partitions/*", "retired/*", "slices/*")
_READ = (*_WRITTEN, "foreign/*")
_DELETED = ("partitions/*", "retired/*", "slices/*")
_SERVED = ("batches/*", *LOOKED_UP)
_NAMED_BY_CONTENT = "Objects are named by batch, signer or content."
_GET, _POST = apigateway.HttpMethod.GET, apigateway.HttpMethod.POST
_PARTITION = "/lists/{kid}/partitions/{id}"
# Of the bucket of lists: the trust list, by which another country's signers are known.
LISTS_BUCKET = "verifier-lists"
_TRUST_LIST = "versions/trust/*"
# What other countries may publish is written by who takes it over, and nothing else is.
_FOREIGN_LIST = "foreign"
_READ_LISTS = ("batches", _FOREIGN_LIST)
_TAKEN_OVER = "foreign/*"
_SHOWN = ("batches/*", _TAKEN_OVER)
_UPLOADERS = "certificates/uploaders"
# What the command reads, below the environment's parameters.
_TOLD = ("buckets/revocation", "buckets/verifier-lists", "tables/revocations")
# As the EU's gateway and revocation distribution service have them: applications know them.
_ROUTES = (
    (_GET, "/revocation-list"),
    (_GET, "/revocation-list/{batch}"),
    (_GET, "/lists"),
    (_GET, "/lists/{kid}/partitions"),
    (_GET, _PARTITION),
    (_POST, f"{_PARTITION}/slices"),
    (_GET, f"{_PARTITION}/chunks/{{chunk}}/slices"),
    (_POST, f"{_PARTITION}/chunks/{{chunk}}/slices"),
    (_GET, f"{_PARTITION}/chunks/{{chunk}}/slices/{{slice}}"),
    (_GET, "/v1/revocations/openapi.json"),
)


class Revocation(Capability):
    """The queue of revocations, their table and bucket, and who publishes and answers.

    Args:
        scope: the app.
        settings: of the environment.
        core: what every capability uses.
        certificates: keeps the certificates.

    Attributes:
        revocations: the revocations table.
        bucket: of batches and slices.
    """

    def __init__(
        self, scope: Construct, settings: Settings, core: Core, certificates: Certificates
    ) -> None:
        super().__init__(scope, "revocation", settings)
        self._core = core
        self.revocations = self.table("revocations", "list", "entry", key=core.records)
        # What is public needs no key of ours: it would keep nothing from anyone.
        self.bucket = PrivateBucket(
            self,
            "Revocation",
            settings=settings,
            name=REVOCATION_BUCKET,
            key=None,
            access_logs=None,
        )
        acknowledge(self.bucket.bucket, "S1", "It is public, and nobody is to know who reads it.")
        self._queue = SubscribedQueue(
            self,
            "RevocationsQueue",
            core.messaging,
            name="revocations",
            topic=core.events,
            types=("CertificateRevoked",),
            consumer_timeout=_TIMEOUT,
        )
        self._recording(certificates)
        self._publication()
        self._lists()
        self._operator()
        self._tell_the_command()

    def grant_look_up(self, role: iam.Role) -> None:
        """Allow to look up whether a certificate is revoked."""
        self._grant_objects(role, "s3:GetObject", LOOKED_UP)
        # Listing makes S3 answer 404 and not 403 for what is not there.
        self.bucket.grant_list(role)

    def _recording(self, certificates: Certificates) -> None:
        core = self._core
        function = VigieFunction(
            self,
            "revocation_recording",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "CERTIFICATES_TABLE": certificates.certificates.name,
                "REVOCATIONS_TABLE": self.revocations.name,
                "DEAD_LETTERS_URL": self._queue.dead_letters.queue_url,
            },
            timeout=_TIMEOUT,
        )
        function.reads(self._queue.queue, batch_size=10, concurrency=_COPIES)
        function.sends_to(self._queue.dead_letters, core.messages)
        # What is sealed in a certificate stays so: the function has no key to it.
        certificates.certificates.grant(function.role, "Query")
        self.revocations.grant(function.role, "PutItem")

    def _publication(self) -> None:
        core = self._core
        function = VigieFunction(
            self,
            "revocation_publication",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "REVOCATIONS_TABLE": self.revocations.name,
                "LISTS_BUCKET": bucket_name(self.settings, LISTS_BUCKET),
                "REVOCATION_BUCKET": self.bucket.bucket.bucket_name,
                "UPLOAD_SIGNER_PARAMETER": self.settings.parameter(_UPLOAD_SIGNER),
                "COUNTRY": self.settings.issuer_country,
                "SLICE_TYPE": self.settings.revocation_slice_type,
                "FALSE_POSITIVE_RATE": str(self.settings.revocation_false_positive_rate),
            },
            timeout=Duration.minutes(15),
            # A set of ten million hashes, of which a Python process holds some 2 GB.
            memory_mib=3008,
        )
        role = function.role
        self.revocations.grant(role, "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query")
        self._grant_objects(role, "s3:GetObject", _READ)
        self._grant_objects(role, "s3:PutObject", _WRITTEN)
        self._grant_objects(role, "s3:DeleteObject", _DELETED)
        # Listing makes S3 answer 404 and not 403 for what is not there yet.
        self.bucket.grant_list(role)
        self._grant_trust_list(role)
        function.may(["ssm:GetParameter"], self.settings.parameter_arn(_UPLOAD_SIGNER))
        core.revocation.grant_sign(role)
        ScheduledCall(
            self,
            "Schedule",
            core.messaging,
            name="revocation-publication",
            called=function,
            every=_EVERY,
        )
        self._hear_of_standstill()

    def _hear_of_standstill(self) -> None:
        """A run that does not end counts nothing, which raises the alarm."""
        alarm = cloudwatch.Alarm(
            self,
            "Standstill",
            alarm_name=self.settings.name("revocation-standstill"),
            alarm_description="Revocations are not published: see the runbook, revocation.",
            metric=cloudwatch.Metric(
                namespace="Vigie",
                metric_name="RevocationsPublished",
                dimensions_map={"service": "revocation_publication"},
                statistic="SampleCount",
                period=Duration.hours(1),
            ),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self._core.alarms))

    def _lists(self) -> None:
        core = self._core
        function = VigieFunction(
            self,
            "revocation_lists",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "REVOCATIONS_TABLE": self.revocations.name,
                "REVOCATION_BUCKET": self.bucket.bucket.bucket_name,
            },
            timeout=Duration.seconds(20),
            memory_mib=1024,
        )
        self.revocations.grant(function.role, "Query")
        self._grant_objects(function.role, "s3:GetObject", _SERVED)
        self.bucket.grant_list(function.role)
        integration = HttpLambdaIntegration("RevocationLists", function.function)
        for number, (method, path) in enumerate(_ROUTES):
            route = apigateway.HttpRoute(
                self,
                f"Route{number}",
                http_api=core.api,
                route_key=apigateway.HttpRouteKey.with_(path, method),
                integration=integration,
                authorizer=None if core.origin is None else core.origin.authorizer,
            )
            if core.origin is None:
                acknowledge(route, "APIG4", "What it gives is public.")

    def _operator(self) -> None:
        """The role that takes over what other countries revoke, and can revoke nothing of ours."""
        role = OperatorRole(
            self,
            "Operator",
            settings=self.settings,
            name="revocation-operator",
            description="Takes over what other countries revoke",
            taken_by=self.settings.revocation_operators,
        )
        self.revocations.grant_keys(role, "Query", keys=_READ_LISTS)
        self.revocations.grant_keys(role, "PutItem", keys=(_FOREIGN_LIST,))
        self._grant_objects(role, "s3:GetObject", _SHOWN)
        self._grant_objects(role, "s3:PutObject", (_TAKEN_OVER,))
        self.bucket.grant_list(role)
        self._grant_trust_list(role)
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["ssm:GetParameter"],
            resource_arns=[self.settings.parameter_arn(path) for path in _TOLD],
        )
        # Who may upload is for the role that keeps the signing keys to say.
        uploaders = emulator.parameter_paths(self.settings, self.settings.parameter_arn(_UPLOADERS))
        iam.Grant.add_to_principal(
            grantee=role, actions=["ssm:GetParametersByPath"], resource_arns=uploaders
        )
        self.publish("RevocationOperatorRole", "roles/revocation-operator", role.role_arn)

    def _grant_trust_list(self, role: iam.Role) -> None:
        """Allow to read the trust list, in a bucket whose stack needs this one."""
        bucket = f"arn:aws:s3:::{bucket_name(self.settings, LISTS_BUCKET)}"
        versions = f"{bucket}/{_TRUST_LIST}"
        for action, resource in (("s3:GetObject", versions), ("s3:ListBucket", bucket)):
            iam.Grant.add_to_principal(grantee=role, actions=[action], resource_arns=[resource])
        acknowledge(
            role,
            f"IAM5[Resource::{versions}]",
            "Every version of a list has names of its own.",
        )

    def _grant_objects(self, role: iam.Role, action: str, names: tuple[str, ...]) -> None:
        for objects in names:
            self.bucket.grant(role, action, objects=objects)
            if "*" in objects:
                acknowledge_objects(role, self.bucket.bucket, objects, reason=_NAMED_BY_CONTENT)

    def _tell_the_command(self) -> None:
        self.publish("RevocationsTable", "tables/revocations", self.revocations.name)
        self.publish("RevocationBucket", "buckets/revocation", self.bucket.bucket.bucket_name)
        self.publish("RevocationsQueueUrl", "queues/revocations", self._queue.queue.queue_url)
        self.publish(
            "RevocationsDeadLettersUrl",
            "queues/revocations-dead-letters",
            self._queue.dead_letters.queue_url,
        )
