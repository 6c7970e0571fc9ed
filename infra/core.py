"""What every capability uses: keys, the events topic, the alarms topic, the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from infra import emulator
from infra.capability import Capability
from infra.constructs.alarms_topic import alarms_topic, encrypted_topic
from infra.constructs.keys import DerivingKey, SealingKey, SigningKey, key_at_rest
from infra.constructs.logged_api import logged_api
from infra.constructs.messaging import Messaging
from infra.constructs.private_bucket import bucket_name, removal_policy
from infra.findings import acknowledge
from infra.origin import Origin

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Settings

PKI_OPERATOR = "pki-operator"
LIST_PUBLISHER = "list-publisher"
SIGNING = "certificate-signing"
REVOKING = "revocation-publication"
DOCUMENTS = "certificate-documents"
TWODDOC_ISSUING = "twoddoc-issuing"
UPLOAD_CODE_GIVER = "result-access"
RESULT_POLLING = "result-polling"
SELF_REPORTS = "self-reports"
# Who puts messages into our queues and topics, besides our own roles.
_MESSAGE_SERVICES = ("cloudwatch", "events", "s3", "sns")
_LOGS_KEPT = Duration.days(365)


class Core(Capability):
    """The ground that the capabilities stand on.

    Attributes:
        identity, contact, certificates: sealing keys.
        pseudonym, uvci, link, order: deriving keys.
        csca, dsc: signing keys of the certificates.
        document_signers: the keys of document signers: `dsc`, and one for PS256 if wished.
        twoddoc: signing key of 2D-DOC; None where they are not issued.
        upload_code: signs upload codes; tracing reads its public half.
        lists: signing key of what verifiers download.
        revocation: signing key of what other countries are sent.
        wallets: signing keys of passes, for each wallet that the environment asks for.
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
        self.order = DerivingKey(self, "order", settings=settings)
        self.csca = SigningKey(self, "csca", settings=settings, signers=[PKI_OPERATOR])
        self.dsc = SigningKey(self, "dsc", settings=settings, signers=[SIGNING])
        self.document_signers = [self.dsc]
        if settings.rsa_signer:
            rsa = SigningKey(
                self, "dsc-rsa", settings=settings, signers=[SIGNING], spec=kms.KeySpec.RSA_2048
            )
            self.document_signers.append(rsa)
        # Its certificate is asked for by who keeps the signing keys, with a signature of the key.
        self.twoddoc = (
            SigningKey(self, "twoddoc", settings=settings, signers=[TWODDOC_ISSUING, PKI_OPERATOR])
            if settings.twoddoc
            else None
        )
        code_givers = [UPLOAD_CODE_GIVER, RESULT_POLLING]
        if settings.self_reports:
            code_givers.append(SELF_REPORTS)
        self.upload_code = SigningKey(self, "upload-code", settings=settings, signers=code_givers)
        self.lists = SigningKey(self, "lists", settings=settings, signers=[LIST_PUBLISHER])
        # Its certificate is made by who keeps the signing keys, and signed by itself.
        self.revocation = SigningKey(
            self, "revocation", settings=settings, signers=[REVOKING, PKI_OPERATOR]
        )
        # Apple's signing request and Google's certificate are signed by the key itself.
        self.wallets = {
            wallet: SigningKey(
                self,
                f"{wallet}-wallet",
                settings=settings,
                signers=[DOCUMENTS, PKI_OPERATOR],
                spec=kms.KeySpec.RSA_2048,
            )
            for wallet in settings.wallets
        }
        self.messages = key_at_rest(self, "events", settings, _MESSAGE_SERVICES)
        self.records = key_at_rest(self, "records", settings)
        self.files = key_at_rest(self, "files", settings)
        self.events = encrypted_topic(self, "events", settings, self.messages)
        self.alarms = alarms_topic(self, "alarms", settings, self.messages)
        self.messaging = Messaging(settings, self.messages, self.alarms)
        self.access_logs = self._access_logs()
        self.api = logged_api(self, "api", settings, "Vigie, behind CloudFront")
        self.origin = (
            Origin(self, settings=settings, alarms=self.alarms) if settings.protected_edge else None
        )
        self._tell_the_command()

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

    def _tell_the_command(self) -> None:
        url = emulator.api_url(self.settings, self.api) or self.api.api_endpoint
        self.publish("ApiUrl", "api-url", url)
        self.publish("EventsTopicArn", "events-topic-arn", self.events.topic_arn)
        self.publish("CscaKeyArn", "keys/csca", self.csca.arn)
        self.publish("DscKeyArn", "keys/dsc", self.dsc.arn)
        if self.settings.twoddoc and self.twoddoc:
            self.publish("TwoddocKeyArn", "keys/twoddoc", self.twoddoc.arn)
            self.publish("TwoddocAuthority", "twoddoc-authority", self.settings.twoddoc.authority)
        self.publish("ListsKeyArn", "keys/lists", self.lists.arn)
        self.publish("RevocationKeyArn", "keys/revocation", self.revocation.arn)
