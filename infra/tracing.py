"""Tracing: diagnosis keys in, and gone after 14 days.

It shares nothing with the other capabilities but the public half of the key that signs upload
codes, so that it could live in another account. It has keys, alarms, an API, a guard and a
distribution of its own, and no table of it can be restored: what is deleted is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

from infra.analytics import Analytics
from infra.app_config import AppConfig
from infra.attestation import Attestation
from infra.capability import Capability
from infra.constructs.alarms_topic import alarms_topic
from infra.constructs.keys import DerivingKey, key_at_rest
from infra.constructs.logged_api import logged_api
from infra.constructs.messaging import Messaging
from infra.constructs.record_table import RecordTable
from infra.constructs.scheduled_call import ScheduledCall
from infra.constructs.vigie_function import VigieFunction
from infra.distribution import acknowledge_distribution, api_behaviour, public_address
from infra.federation import Federation
from infra.findings import acknowledge
from infra.key_export import KeyExport
from infra.origin import Origin
from infra.publishing import permitting
from infra.tracing_dashboard import TracingDashboard
from infra.venues import Venues, VenueTables
from infra.verification import Verification

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from infra.settings import Settings

# Who puts messages into its queues and topics, besides its own roles.
_MESSAGE_SERVICES = ("cloudwatch", "events", "sns")
_ROUTES = (
    (apigateway.HttpMethod.POST, "/v1/publish"),
    (apigateway.HttpMethod.GET, "/health"),
    (apigateway.HttpMethod.GET, "/v1/openapi.json"),
)
# What only the app on a real device is to use.
_ATTESTED = ("/v1/publish", "/v1/visits/report")


class Tracing(Capability):
    """The API of the app, the keys, and their deletion.

    Args:
        scope: the app.
        settings: of the environment.
        upload_code_key_arn: of the key that signs upload codes, whose public half is read.
        web_acl_arn: of the firewall; None where there is none.

    Attributes:
        api: what it answers, of which the page of results uses one route.
        origin: how the API knows CloudFront; None where it answers to everyone.
        keys: the keys table.
        distribution: where the app finds it.
        messaging: how its schedules keep what fails.
    """

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        *,
        upload_code_key_arn: str,
        web_acl_arn: str | None,
    ) -> None:
        super().__init__(scope, "tracing", settings)
        messages = key_at_rest(self, "tracing-events", settings, _MESSAGE_SERVICES)
        self._records = key_at_rest(self, "tracing-records", settings)
        self._secrets = DerivingKey(self, "tracing", settings=settings)
        self.alarms = alarms_topic(self, "tracing-alarms", settings, messages)
        self.messaging = Messaging(settings, messages, self.alarms)
        self.keys = self._table("keys", "shard", "key")
        self._used_codes = self._table("used-codes", "jti")
        self.api = logged_api(self, "tracing-api", settings, "Vigie's tracing, behind CloudFront")
        self.origin = (
            Origin(self, settings=settings, alarms=self.alarms, name="tracing-origin")
            if settings.protected_edge
            else None
        )
        self._attestation = self._attest()
        self._verification = Verification(self, settings)
        self._key_upload(upload_code_key_arn)
        self._verification_codes(upload_code_key_arn)
        self._key_deletion()
        self._hear_of_failures()
        self.distribution = self._distribution(web_acl_arn)
        self._key_export()
        operator = self._app_config()
        if settings.federation:
            batches = self._table("federation", "list", "entry")
            Federation(self, self.messaging, keys=self.keys, batches=batches)
        self._venues(upload_code_key_arn, operator)
        self.publish("TracingUrl", "tracing-url", public_address(settings, self.distribution))
        self.publish("KeysTable", "tables/keys", self.keys.name)

    def _table(self, name: str, partition_key: str, sort_key: str | None = None) -> RecordTable:
        table = RecordTable(
            self,
            name.title().replace("-", ""),
            settings=self.settings,
            name=name,
            key=self._records,
            partition_key=partition_key,
            sort_key=sort_key,
            restorable=False,
        )
        acknowledge(table, "DDB3", "What tracing deletes is to be gone, and not to be had back.")
        return table

    def _attest(self) -> Attestation | None:
        if self.settings.attestation is None:
            return None
        return Attestation(
            self,
            settings=self.settings,
            chosen=self.settings.attestation,
            alarms=self.alarms,
            api=self.api,
            origin=self.origin,
            devices=self._table("device-keys", "key_id"),
            secrets=self._secrets,
        )

    def _guard(self, path: str) -> apigateway.IHttpRouteAuthorizer | None:
        """Who lets requests to a path in; None where everyone may ask."""
        if self._attestation is not None and path in _ATTESTED:
            return self._attestation.authorizer
        return None if self.origin is None else self.origin.authorizer

    def _key_upload(self, upload_code_key_arn: str) -> None:
        function = VigieFunction(
            self,
            "key_upload",
            settings=self.settings,
            alarms=self.alarms,
            environment={
                "KEYS_TABLE": self.keys.name,
                "USED_CODES_TABLE": self._used_codes.name,
                "TRACING_KEY_ARN": self._secrets.arn,
                "UPLOAD_CODE_KEY_ARN": upload_code_key_arn,
                **permitting(self.settings, self._verification.signing_key.arn),
                "REGION": self.settings.issuer_country,
                "RELEASE_HOUR_SECONDS": str(self.settings.release_hour_seconds),
            },
            timeout=Duration.seconds(29),
        )
        self.keys.grant(function.role, "BatchGetItem", "PutItem")
        self._used_codes.grant(function.role, "GetItem", "PutItem")
        self._secrets.grant_derive(function.role)
        function.may(["kms:GetPublicKey"], upload_code_key_arn, self._verification.signing_key.arn)
        for method, path in _ROUTES:
            route = apigateway.HttpRoute(
                self,
                f"{method.value.title()}{path.replace('/', '-')}",
                http_api=self.api,
                route_key=apigateway.HttpRouteKey.with_(path, method),
                integration=HttpLambdaIntegration("KeyUpload", function.function),
                authorizer=self._guard(path),
            )
            if self._guard(path) is None:
                acknowledge(route, "APIG4", "The upload code authorises the caller.")

    def _verification_codes(self, upload_code_key_arn: str) -> None:
        codes, issuers = self._table("codes", "id"), self._table("issuers", "kind", "name")
        self._verification.serve(
            self.api,
            self.origin,
            alarms=self.alarms,
            codes=codes,
            tries=self._table("tries", "id"),
            issuers=issuers,
            used_codes=self._used_codes,
            secrets=self._secrets,
            upload_code_key_arn=upload_code_key_arn,
        )
        self.publish("CodesTable", "tables/codes", codes.name)
        self.publish("IssuersTable", "tables/issuers", issuers.name)
        self.publish("VerificationKeyArn", "keys/verification", self._verification.signing_key.arn)

    def _key_deletion(self) -> None:
        function = VigieFunction(
            self,
            "key_deletion",
            settings=self.settings,
            alarms=self.alarms,
            environment={
                "KEYS_TABLE": self.keys.name,
                "RELEASE_HOUR_SECONDS": str(self.settings.release_hour_seconds),
            },
            timeout=Duration.minutes(10),
        )
        self.keys.grant(function.role, "BatchGetItem", "DeleteItem", "Query")
        ScheduledCall(
            self,
            "Deletion",
            self.messaging,
            name="key-deletion",
            called=function,
            every=Duration.hours(1),
        )

    def _key_export(self) -> None:
        exports = self._table("exports", "list", "entry")
        export = KeyExport(
            self,
            self.messaging,
            keys=self.keys,
            exports=exports,
            distribution=self.distribution,
        )
        self.publish("ExportsTable", "tables/exports", exports.name)
        self.publish("ExportsBucket", "buckets/exports", export.bucket.bucket.bucket_name)
        first = self.settings.verification_keys[0].version
        self.publish("ExportKeyArn", "keys/export", export.signing_keys[first].arn)
        self.publish("VerificationKeys", "tracing/verification-keys", export.verification_keys())

    def _app_config(self) -> iam.Role:
        """Give apps their configuration; the role of who publishes it."""
        config = AppConfig(self, self.settings, self.distribution)
        self._verification.kept_by(config.operator)
        self.publish("AppConfigBucket", "buckets/app-config", config.bucket.bucket.bucket_name)
        self.publish("AppConfigKeyArn", "keys/app-config", config.signing_key.arn)
        self.publish("TracingOperatorRole", "roles/tracing-operator", config.operator.role_arn)
        analytics = self._table("analytics", "day", "entry")
        Analytics(
            self,
            self.messaging,
            table=analytics,
            secrets=self._secrets,
            api=self.api,
            origin=self.origin,
            operator=config.operator,
        )
        TracingDashboard(self, self.settings, self.api)
        self.publish("AnalyticsTable", "tables/analytics", analytics.name)
        return config.operator

    def _venues(self, upload_code_key_arn: str, operator: iam.Role) -> None:
        tables = VenueTables(
            reports=self._table("visit-reports", "jti"),
            exposures=self._table("exposures", "shard", "entry"),
            counted=self._table("counted-visits", "visit"),
        )
        venues = Venues(
            self,
            self.messaging,
            tables,
            secrets=self._secrets,
            upload_code_key_arn=upload_code_key_arn,
        )
        venues.serve(self.api, self._guard, self.distribution)
        venues.kept_by(operator)
        self.publish("VenueKeyArn", "keys/venues", venues.key.arn)
        self.publish("VenueKeyVersions", "venues/key-versions", venues.key_versions)
        self.publish("VenueLink", "venues/link", self.settings.venue_link)

    def _hear_of_failures(self) -> None:
        """An upload that fails is answered, so that the function itself ends without an error."""
        alarm = cloudwatch.Alarm(
            self,
            "Failures",
            alarm_name=self.settings.name("tracing-api-failures"),
            alarm_description="The tracing API answers with a server error.",
            metric=self.api.metric_server_error(period=Duration.minutes(5), statistic="Sum"),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self.alarms))

    def _distribution(self, web_acl_arn: str | None) -> cloudfront.Distribution:
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=self.settings.name("tracing"),
            # The answers' headers are the function's own.
            default_behavior=api_behaviour(self.settings, self.api, self.origin, None),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            web_acl_id=web_acl_arn,
        )
        if self.origin is not None:
            # The secret is referred to by name, and has to be there first.
            distribution.node.add_dependency(self.origin)
        acknowledge_distribution(distribution, own_domain=False)
        return distribution
