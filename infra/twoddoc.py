"""The French 2D-DOC: given to who asks for it behind a link, and revoked with its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

from infra.capability import Capability
from infra.constructs.layer_set import Layer
from infra.constructs.subscribed_queue import SubscribedQueue
from infra.constructs.vigie_function import VigieFunction
from infra.findings import acknowledge
from vigie.twoddoc.revoked_codes import REVOKED_FILE

if TYPE_CHECKING:
    from constructs import Construct

    from infra.certificates import Certificates
    from infra.core import Core
    from infra.intake import Intake
    from infra.notifications import Notifications
    from infra.settings import Settings
    from infra.vaccinations import Vaccinations
    from infra.verifiers import Verifiers

_TIMEOUT = Duration.minutes(1)
# All of them replace one list.
_COPIES = 2
_CHANGES = ("ResultCorrected", "ResultWithdrawn", "VaccinationCorrected", "VaccinationWithdrawn")
_SIGNER = "certificates/twoddoc"
_POST = apigateway.HttpMethod.POST
_PATH = "/v1/results/2d-doc"


class TwoDDocuments(Capability):
    """The table of 2D-DOC, who signs them on request, and who revokes them.

    Args:
        scope: the app.
        settings: of the environment.
        core: what every capability uses.
        intake: keeps the results.
        vaccinations: keeps the vaccinations, which documents are made of, too.
        certificates: keeps the value sets.
        notifications: keeps the grants of links.
        verifiers: keeps what verifiers download.
    """

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        core: Core,
        intake: Intake,
        vaccinations: Vaccinations,
        certificates: Certificates,
        notifications: Notifications,
        verifiers: Verifiers,
    ) -> None:
        super().__init__(scope, "twoddoc", settings)
        self._core = core
        self._certificates = certificates
        self._vaccinations = vaccinations
        self.codes = self.table("twoddoc", "source_id", "document", key=core.records)
        self._issuing(intake, notifications)
        self._revocation(intake, verifiers)
        self.publish("TwoddocTable", "tables/twoddoc", self.codes.name)

    def _issuing(self, intake: Intake, notifications: Notifications) -> None:
        core, vaccinations = self._core, self._vaccinations.vaccinations
        if core.twoddoc is None:
            raise ValueError("there is no key of 2D-DOC")
        function = VigieFunction(
            self,
            "twoddoc_issuing",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "RESULTS_TABLE": intake.results.name,
                "VACCINATIONS_TABLE": vaccinations.name,
                "GRANTS_TABLE": notifications.grants.name,
                "CODES_TABLE": self.codes.name,
                "IDENTITY_KEY_ARN": core.identity.arn,
                "CERTIFICATES_KEY_ARN": core.certificates.arn,
                "SIGNING_KEY_ARN": core.twoddoc.arn,
                "VALUE_SETS_BUCKET": self._certificates.value_sets.bucket.bucket_name,
                "SIGNER_PARAMETER": self.settings.parameter(_SIGNER),
                "ISSUER_COUNTRY": self.settings.issuer_country,
                "ISSUER_TIME_ZONE": self.settings.issuer_time_zone.key,
            },
            timeout=Duration.seconds(20),
            memory_mib=1024,
            layers=(Layer.DOCUMENTS,),
        )
        role = function.role
        intake.results.grant(role, "GetItem")
        vaccinations.grant(role, "GetItem")
        notifications.grants.grant(role, "UpdateItem")
        self.codes.grant(role, "PutItem", "Query")
        core.identity.grant_open(role)
        core.certificates.grant_seal(role)
        core.certificates.grant_open(role)
        core.twoddoc.grant_sign(role)
        self._certificates.grant_value_sets(role, "s3:GetObject")
        function.may(["ssm:GetParameter"], self.settings.parameter_arn(_SIGNER))
        function.alarm_on(
            "signer-ending",
            "The certificate of 2D-DOC ends within 60 days: ask the authority for the next one.",
            period=Duration.hours(1),
        )
        route = apigateway.HttpRoute(
            self,
            f"Post{_PATH.replace('/', '-')}",
            http_api=core.api,
            route_key=apigateway.HttpRouteKey.with_(_PATH, _POST),
            integration=HttpLambdaIntegration("TwoddocIssuing", function.function),
            authorizer=None if core.origin is None else core.origin.authorizer,
        )
        if core.origin is None:
            acknowledge(route, "APIG4", "The link's token and the birth date authorise the caller.")

    def _revocation(self, intake: Intake, verifiers: Verifiers) -> None:
        core, vaccinations = self._core, self._vaccinations.vaccinations
        queue = SubscribedQueue(
            self,
            "TwoddocQueue",
            core.messaging,
            name="twoddoc",
            topic=core.events,
            types=_CHANGES,
            consumer_timeout=_TIMEOUT,
        )
        function = VigieFunction(
            self,
            "twoddoc_revocation",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "RESULTS_TABLE": intake.results.name,
                "VACCINATIONS_TABLE": vaccinations.name,
                "CODES_TABLE": self.codes.name,
                "LISTS_BUCKET": verifiers.lists.bucket.bucket_name,
                "DEAD_LETTERS_URL": queue.dead_letters.queue_url,
                "IDENTITY_KEY_ARN": core.identity.arn,
                "VALUE_SETS_BUCKET": self._certificates.value_sets.bucket.bucket_name,
                "ISSUER_TIME_ZONE": self.settings.issuer_time_zone.key,
            },
            timeout=_TIMEOUT,
        )
        role = function.role
        function.reads(queue.queue, batch_size=10, concurrency=_COPIES)
        function.sends_to(queue.dead_letters, core.messages)
        intake.results.grant(role, "GetItem")
        vaccinations.grant(role, "GetItem")
        self._certificates.grant_value_sets(role, "s3:GetObject")
        # What is sealed in a document stays so: the function has no key to it.
        self.codes.grant(role, "Query", "UpdateItem")
        core.identity.grant_open(role)
        verifiers.lists.grant(role, "s3:GetObject", "s3:PutObject", objects=REVOKED_FILE)
        # Listing makes S3 answer 404 and not 403 for a list that is not there yet.
        verifiers.lists.grant_list(role)
        self.publish("TwoddocQueueUrl", "queues/twoddoc", queue.queue.queue_url)
        self.publish(
            "TwoddocDeadLettersUrl",
            "queues/twoddoc-dead-letters",
            queue.dead_letters.queue_url,
        )
