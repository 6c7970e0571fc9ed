"""Venues: visits of positive people in, files of clusters out, and posters for those who ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.constructs.keys import DerivingKey
from infra.constructs.layer_set import Layer
from infra.constructs.private_bucket import PrivateBucket, acknowledge_objects
from infra.constructs.queue_with_dead_letters import QueueWithDeadLetters
from infra.constructs.scheduled_call import ScheduledCall
from infra.constructs.vigie_function import VigieFunction
from infra.distribution import viewer_protocol
from infra.findings import acknowledge

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.constructs.messaging import Messaging
    from infra.constructs.record_table import RecordTable

    # Who lets requests to a path in; None where everyone may ask.
    Guard = Callable[[str], apigateway.IHttpRouteAuthorizer | None]

_ROOT = "clusters"
_FILES = f"{_ROOT}/*"
# The function deletes what is old; what it left behind goes then.
_FILES_KEPT = Duration.days(16)
_EVERY = Duration.minutes(30)
_RECORDING_TIMEOUT = Duration.seconds(30)
# Two visits of one place that are counted at once make one of them wait.
_ATTEMPTS = 8
_PUBLIC_KEY = "venues/public-key"
# What the command reads, below the environment's parameters.
_TOLD = ("keys/venues", "venues/key-versions", "venues/link", _PUBLIC_KEY)
# Why a route needs no other authoriser.
_BY_CODE = "The upload code authorises the caller."
_FOR_ALL = "Everybody may have a poster, of which nothing is kept."


class VenueTables(NamedTuple):
    """The tables of venues.

    Attributes:
        reports: codes that were used for visits.
        exposures: counters of venues.
        counted: visits that were counted.
    """

    reports: RecordTable
    exposures: RecordTable
    counted: RecordTable


class Venues(Construct):
    """The queue, the bucket, the key and the functions of venues.

    Args:
        scope: the stack of tracing.
        messaging: how visits, and calls of the schedule that fail, are kept.
        tables: of venues.
        secrets: that tracing's secrets derive from.
        upload_code_key_arn: of the key that signs upload codes, whose public half is read.

    Attributes:
        key: that the private keys of venues' codes follow from.
    """

    def __init__(
        self,
        scope: Construct,
        messaging: Messaging,
        tables: VenueTables,
        *,
        secrets: DerivingKey,
        upload_code_key_arn: str,
    ) -> None:
        super().__init__(scope, "Venues")
        self._messaging = messaging
        self._settings = messaging.settings
        self._tables = tables
        self.key = DerivingKey(self, "venues", settings=self._settings)
        self._queue = QueueWithDeadLetters(
            self,
            "VisitsQueue",
            messaging,
            name="visits",
            consumer_timeout=_RECORDING_TIMEOUT,
            attempts=_ATTEMPTS,
        )
        self._bucket = self._files()
        self._reports = self._visit_reports(secrets, upload_code_key_arn)
        self._visit_recording()
        self._cluster_publication()
        self._posters = self._venue_posters()

    @property
    def key_versions(self) -> str:
        """Those that codes are opened with, the newest first."""
        return " ".join(self._settings.venue_key_versions)

    def kept_by(self, operator: iam.Role) -> None:
        """Let a role install the public key of posters, and make them.

        It derives the key pair for that; nothing lets it read a visit.

        Args:
            operator: of tracing.
        """
        self.key.grant_derive(operator)
        for action, paths in (("ssm:GetParameter", _TOLD), ("ssm:PutParameter", (_PUBLIC_KEY,))):
            iam.Grant.add_to_principal(
                grantee=operator,
                actions=[action],
                resource_arns=[self._settings.parameter_arn(path) for path in paths],
            )

    def serve(
        self,
        api: apigateway.HttpApi,
        guard: Guard,
        distribution: cloudfront.Distribution,
    ) -> None:
        """Give the functions their routes, and the files their address below `/clusters/`."""
        self._route(api, guard, self._reports, "/v1/visits/report", _BY_CODE)
        self._route(api, guard, self._posters, "/v1/venues/poster", _FOR_ALL)
        distribution.add_behavior(
            f"/{_FILES}",
            origins.S3BucketOrigin.with_origin_access_control(self._bucket.bucket),
            # As long as each file's own Cache-Control says.
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
            viewer_protocol_policy=viewer_protocol(
                self._settings, cloudfront.ViewerProtocolPolicy.HTTPS_ONLY
            ),
        )

    def _files(self) -> PrivateBucket:
        bucket = PrivateBucket(
            self,
            "Clusters",
            settings=self._settings,
            name="clusters",
            # The files are public: a key of ours would keep nothing from anyone.
            key=None,
            access_logs=None,
            expires_after=_FILES_KEPT,
        )
        acknowledge(
            bucket.bucket, "S1", "The files are public, and nobody is to know who reads them."
        )
        return bucket

    def _visit_reports(self, secrets: DerivingKey, upload_code_key_arn: str) -> VigieFunction:
        function = VigieFunction(
            self,
            "visit_reports",
            settings=self._settings,
            alarms=self._messaging.alarms,
            environment={
                "REPORTS_TABLE": self._tables.reports.name,
                "VISITS_QUEUE_URL": self._queue.queue.queue_url,
                "TRACING_KEY_ARN": secrets.arn,
                "UPLOAD_CODE_KEY_ARN": upload_code_key_arn,
                "JITTER_SECONDS": str(self._settings.visit_jitter_seconds),
            },
            timeout=Duration.seconds(29),
        )
        self._tables.reports.grant(function.role, "GetItem", "PutItem")
        function.sends_to(self._queue.queue, self._messaging.key)
        secrets.grant_derive(function.role)
        function.may(["kms:GetPublicKey"], upload_code_key_arn)
        return function

    def _visit_recording(self) -> None:
        function = VigieFunction(
            self,
            "visit_recording",
            settings=self._settings,
            alarms=self._messaging.alarms,
            environment={
                "EXPOSURES_TABLE": self._tables.exposures.name,
                "COUNTED_VISITS_TABLE": self._tables.counted.name,
                "VENUE_KEY_ARN": self.key.arn,
                "VENUE_KEY_VERSIONS": self.key_versions,
                "DEAD_LETTERS_URL": self._queue.dead_letters.queue_url,
            },
            timeout=_RECORDING_TIMEOUT,
        )
        self._tables.exposures.grant(function.role, "UpdateItem")
        self._tables.counted.grant(function.role, "PutItem")
        self.key.grant_derive(function.role)
        function.sends_to(self._queue.dead_letters, self._messaging.key)
        function.reads(self._queue.queue, batch_size=10, concurrency=10)

    def _cluster_publication(self) -> None:
        function = VigieFunction(
            self,
            "cluster_publication",
            settings=self._settings,
            alarms=self._messaging.alarms,
            environment={
                "EXPOSURES_TABLE": self._tables.exposures.name,
                "CLUSTERS_BUCKET": self._bucket.bucket.bucket_name,
                "FILE_ROOT": _ROOT,
                "PREFIX_DIGITS": str(self._settings.cluster_prefix_digits),
            },
            timeout=Duration.minutes(10),
            memory_mib=1024,
        )
        role = function.role
        self._tables.exposures.grant(role, "DeleteItem", "Query", "UpdateItem")
        self._bucket.grant(role, "s3:DeleteObject", "s3:GetObject", "s3:PutObject", objects=_FILES)
        self._bucket.grant_list(role)
        acknowledge_objects(
            role, self._bucket.bucket, _FILES, reason="A file is named by its iteration and prefix."
        )
        ScheduledCall(
            self,
            "Schedule",
            self._messaging,
            name="cluster-publication",
            called=function,
            every=_EVERY,
        )

    def _venue_posters(self) -> VigieFunction:
        function = VigieFunction(
            self,
            "venue_posters",
            settings=self._settings,
            alarms=self._messaging.alarms,
            environment={
                "PUBLIC_KEY_PARAMETER": self._settings.parameter(_PUBLIC_KEY),
                "VENUE_LINK": self._settings.venue_link,
            },
            timeout=Duration.seconds(20),
            memory_mib=1024,
            layers=(Layer.DOCUMENTS, Layer.PRINTING),
        )
        function.may(["ssm:GetParameter"], self._settings.parameter_arn(_PUBLIC_KEY))
        return function

    def _route(
        self,
        api: apigateway.HttpApi,
        guard: Guard,
        function: VigieFunction,
        path: str,
        reason: str,
    ) -> None:
        route = apigateway.HttpRoute(
            self,
            f"Post{path.replace('/', '-')}",
            http_api=api,
            route_key=apigateway.HttpRouteKey.with_(path, apigateway.HttpMethod.POST),
            integration=HttpLambdaIntegration("Function", function.function),
            authorizer=guard(path),
        )
        if guard(path) is None:
            acknowledge(route, "APIG4", reason)
