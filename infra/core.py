"""What every capability uses: keys, the events topic, the alarms topic, the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

from infra import emulator
from infra.capability import Capability
from infra.constructs.keys import CertificateKey, DerivingKey, SealingKey
from infra.constructs.messaging import Messaging
from infra.constructs.private_bucket import bucket_name, removal_policy
from infra.findings import acknowledge
from infra.origin import Origin

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Settings

PKI_OPERATOR = "pki-operator"
SIGNING = "certificate-signing"
# No address and no path parameter: a line of the access log is about a request, not a person.
_ACCESS_LOG = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "integrationLatency": "$context.integrationLatency",
    "integrationError": "$context.integration.error",
    "authorizerError": "$context.authorizer.error",
}
# Who puts messages into our queues and topics, besides our own roles.
_MESSAGE_SERVICES = ("cloudwatch", "events", "s3", "sns")
_LOGS_KEPT = Duration.days(365)


class Core(Capability):
    """The ground that the capabilities stand on.

    Attributes:
        identity, contact, certificates: sealing keys.
        pseudonym, uvci, link: deriving keys.
        csca, dsc: signing keys of the certificates.
        messages: encrypts queues and topics.
        records: encrypts tables.
        files: encrypts buckets.
        events: the events topic.
        alarms: the alarms topic.
        messaging: how queues, subscriptions and schedules keep messages.
        access_logs: who read what in the buckets.
        api: the HTTP API; capabilities add routes of their own.
        origin: how the API knows CloudFront; None where it answers to everyone.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "core", settings)
        self.identity = SealingKey(self, "identity", settings=settings)
        self.contact = SealingKey(self, "contact", settings=settings)
        self.certificates = SealingKey(self, "certificates", settings=settings)
        self.pseudonym = DerivingKey(self, "pseudonym", settings=settings)
        self.uvci = DerivingKey(self, "uvci", settings=settings)
        self.link = DerivingKey(self, "link", settings=settings)
        self.csca = CertificateKey(self, "csca", settings=settings, signers=[PKI_OPERATOR])
        self.dsc = CertificateKey(self, "dsc", settings=settings, signers=[SIGNING])
        self.messages = self._service_key("events", _MESSAGE_SERVICES)
        self.records = self._service_key("records", ())
        self.files = self._service_key("files", ())
        self.events = self._topic("events")
        self.alarms = self._topic("alarms")
        self.messaging = Messaging(settings, self.messages, self.alarms)
        self._let_alarms_be_raised()
        self.access_logs = self._access_logs()
        self.api = self._api()
        self.origin = (
            Origin(self, settings=settings, alarms=self.alarms) if settings.protected_edge else None
        )
        self._tell_the_command()

    def _service_key(self, name: str, services: tuple[str, ...]) -> kms.Key:
        key = kms.Key(
            self,
            f"{name.capitalize()}Key",
            alias=self.settings.name(name),
            description=f"Encrypts {name} at rest",
            enable_key_rotation=True,
            multi_region=True,
            removal_policy=removal_policy(self.settings),
        )
        for service in services:
            key.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal(f"{service}.amazonaws.com")],
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=["*"],
                    conditions={"StringEquals": {"aws:SourceAccount": self.settings.account}},
                )
            )
        return key

    def _topic(self, name: str) -> sns.Topic:
        return sns.Topic(
            self,
            f"{name.capitalize()}Topic",
            topic_name=self.settings.name(name),
            master_key=self.messages,
            enforce_ssl=emulator.tls_only(self.settings),
        )

    def _let_alarms_be_raised(self) -> None:
        self.alarms.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.alarms.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.settings.account}},
            )
        )
        if self.settings.alarm_email is not None:
            self.alarms.add_subscription(subscriptions.EmailSubscription(self.settings.alarm_email))

    def _access_logs(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "AccessLogs",
            bucket_name=bucket_name(self.settings, "access-logs"),
            # S3 delivers its access logs to no bucket under a KMS key.
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=emulator.tls_only(self.settings),
            lifecycle_rules=[s3.LifecycleRule(expiration=_LOGS_KEPT)],
            removal_policy=removal_policy(self.settings),
        )
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("logging.s3.amazonaws.com")],
                actions=["s3:PutObject"],
                resources=[bucket.arn_for_objects("*")],
                conditions={"StringEquals": {"aws:SourceAccount": self.settings.account}},
            )
        )
        acknowledge(bucket, "S1", "This is the bucket of the access logs.")
        return bucket

    def _api(self) -> apigateway.HttpApi:
        api = apigateway.HttpApi(
            self,
            "Api",
            api_name=self.settings.name("api"),
            description="Vigie, behind CloudFront",
            create_default_stage=False,
        )
        log_group = logs.LogGroup(
            self,
            "ApiLogs",
            log_group_name=f"/vigie/{self.settings.environment}/api",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=removal_policy(self.settings),
        )
        stage = apigateway.HttpStage(
            self,
            "ApiStage",
            http_api=api,
            stage_name="$default",
            auto_deploy=True,
            detailed_metrics_enabled=True,
            throttle=apigateway.ThrottleSettings(rate_limit=500, burst_limit=1000),
        )
        resource = stage.node.default_child
        assert isinstance(resource, apigateway.CfnStage)  # noqa: S101 - narrows the type
        resource.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=log_group.log_group_arn, format=json.dumps(_ACCESS_LOG)
        )
        return api

    def _tell_the_command(self) -> None:
        url = emulator.api_url(self.settings, self.api) or self.api.api_endpoint
        self.publish("ApiUrl", "api-url", url)
        self.publish("EventsTopicArn", "events-topic-arn", self.events.topic_arn)
        self.publish("CscaKeyArn", "keys/csca", self.csca.arn)
        self.publish("DscKeyArn", "keys/dsc", self.dsc.arn)
