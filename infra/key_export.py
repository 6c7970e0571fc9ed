"""Key export: released keys become signed files, which apps download through CloudFront."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from infra.constructs.keys import SigningKey
from infra.constructs.private_bucket import PrivateBucket, acknowledge_objects
from infra.constructs.scheduled_call import ScheduledCall
from infra.constructs.vigie_function import NAMESPACE, VigieFunction
from infra.distribution import viewer_protocol
from infra.findings import acknowledge

if TYPE_CHECKING:
    from infra.constructs.messaging import Messaging
    from infra.constructs.record_table import RecordTable
    from infra.settings import Settings
    from infra.verification_keys import VerificationKey

_FUNCTION = "key_export"
_ROOT = "exports"
_FILES = f"{_ROOT}/*"
# The function deletes files after 14 days and an hour; what it left behind goes then.
_FILES_KEPT = Duration.days(16)
_EVERY = Duration.minutes(15)
_LATE = Duration.hours(1)


class KeyExport(Construct):
    """The bucket of the exports, the key that signs them, and the function.

    Args:
        scope: the stack of tracing.
        messaging: how calls of the schedule that fail are kept.
        keys: the keys table.
        exports: the exports table.
        distribution: where apps find the files, below `/exports/`.

    Attributes:
        bucket: of the exports.
        signing_keys: those that sign them, by their versions; the first is the alias `export`.
    """

    def __init__(
        self,
        scope: Construct,
        messaging: Messaging,
        *,
        keys: RecordTable,
        exports: RecordTable,
        distribution: cloudfront.Distribution,
    ) -> None:
        super().__init__(scope, "KeyExport")
        settings = messaging.settings
        self._settings = settings
        self.signing_keys = {
            key.version: SigningKey(
                self, _purpose(settings, key), settings=settings, signers=["key-export"]
            )
            for key in settings.verification_keys
        }
        self.bucket = PrivateBucket(
            self,
            "Exports",
            settings=settings,
            name="exports",
            # The files are public: a key of ours would keep nothing from anyone.
            key=None,
            access_logs=None,
            expires_after=_FILES_KEPT,
        )
        acknowledge(
            self.bucket.bucket, "S1", "The files are public, and nobody is to know who reads them."
        )
        self._function(messaging, keys, exports)
        self._hear_of_delay(messaging)
        distribution.add_behavior(
            f"/{_ROOT}/*",
            origins.S3BucketOrigin.with_origin_access_control(self.bucket.bucket),
            # As long as each file's own Cache-Control says.
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
            viewer_protocol_policy=viewer_protocol(
                settings, cloudfront.ViewerProtocolPolicy.HTTPS_ONLY
            ),
        )

    def _function(self, messaging: Messaging, keys: RecordTable, exports: RecordTable) -> None:
        settings = messaging.settings
        function = VigieFunction(
            self,
            _FUNCTION,
            settings=settings,
            alarms=messaging.alarms,
            environment={
                "KEYS_TABLE": keys.name,
                "EXPORTS_TABLE": exports.name,
                "EXPORTS_BUCKET": self.bucket.bucket.bucket_name,
                "SIGNING_KEY_ARN": self.signing_keys[settings.verification_keys[0].version].arn,
                "SIGNING_KEYS": self._signers(),
                "REGION": settings.issuer_country,
                "VERIFICATION_KEY_ID": settings.verification_key_id,
                "VERIFICATION_KEY_VERSION": settings.verification_keys[0].version,
                "OTHER_EXPORTS": json.dumps(
                    [
                        {**other.model_dump(), "root": f"{_ROOT}/{other.region.lower()}"}
                        for other in settings.other_exports
                    ]
                ),
                "FILE_ROOT": _ROOT,
                "RELEASE_HOUR_SECONDS": str(settings.release_hour_seconds),
                "PERIOD_SECONDS": str(settings.export_period_seconds),
                "SETTLE_SECONDS": str(settings.export_settle_seconds),
                "LOOKBACK_SECONDS": str(settings.export_lookback_seconds),
            },
            timeout=Duration.minutes(15),
            memory_mib=1769,
        )
        role = function.role
        keys.grant(role, "Query")
        exports.grant(role, "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem")
        self.bucket.grant(role, "s3:DeleteObject", "s3:GetObject", "s3:PutObject", objects=_FILES)
        # Listing makes S3 answer 404 and not 403 for what is not there yet.
        self.bucket.grant_list(role)
        acknowledge_objects(
            role, self.bucket.bucket, _FILES, reason="A file is named by the time of its keys."
        )
        for signing_key in self.signing_keys.values():
            signing_key.grant_sign(role)
        ScheduledCall(self, "Schedule", messaging, name="key-export", called=function, every=_EVERY)

    def _signers(self) -> str:
        """The keys that sign, as the function reads them."""
        keys = [
            {
                **key.model_dump(mode="json"),
                "id": self._settings.verification_key_id,
                "arn": self.signing_keys[key.version].arn,
            }
            for key in self._settings.verification_keys
        ]
        return Stack.of(self).to_json_string(keys)

    def verification_keys(self) -> str:
        """The keys that sign, as the operator's command reads them (JSON)."""
        keys = [
            {
                **key.model_dump(mode="json"),
                "id": self._settings.verification_key_id,
                "alias": f"alias/{self._settings.name(_purpose(self._settings, key))}",
            }
            for key in self._settings.verification_keys
        ]
        return json.dumps(keys)

    def _hear_of_delay(self, messaging: Messaging) -> None:
        """A run that does not happen says nothing, which raises the alarm as well."""
        alarm = cloudwatch.Alarm(
            self,
            "Late",
            alarm_name=messaging.settings.name("key-export-late"),
            alarm_description="Keys that are due are not exported: see the runbook, tracing.",
            metric=cloudwatch.Metric(
                namespace=NAMESPACE,
                metric_name="ExportDelay",
                dimensions_map={"service": _FUNCTION},
                statistic="Maximum",
                period=_LATE,
            ),
            threshold=_LATE.to_seconds(),
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(messaging.alarms))


def _purpose(settings: Settings, key: VerificationKey) -> str:
    """The name of a signing key: the first was there before there were others."""
    first = settings.verification_keys[0]
    return "export" if key.version == first.version else f"export-{key.version.lower()}"
