"""Notifications: each person is told, by e-mail or SMS, that something is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_ses as ses

from infra import emulator
from infra.capability import Capability
from infra.constructs.subscribed_queue import SubscribedQueue
from infra.constructs.vigie_function import VigieFunction

if TYPE_CHECKING:
    from constructs import Construct

    from infra.core import Core
    from infra.intake import Intake
    from infra.settings import Settings
    from infra.vaccinations import Vaccinations

_TIMEOUT = Duration.minutes(1)
# Fifty events at most, which take seconds.
_MESSAGES = 2
_EVENTS = (
    "ResultRecorded",
    "ResultCorrected",
    "ResultWithdrawn",
    "VaccinationWithdrawn",
    "CertificateIssued",
)
# A test certificate is behind the link of its result: nobody is told of it.
_KINDS = ("recovery", "vaccination")


class Notifications(Capability):
    """The dispatch queue, and the sendings with the grants behind their links.

    Attributes:
        grants: the grants table: each sending, with what its link opens.
    """

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        core: Core,
        intake: Intake,
        vaccinations: Vaccinations,
        *,
        link_base_url: str,
    ) -> None:
        super().__init__(scope, "notifications", settings)
        self._core = core
        self.grants = self.table("grants", "token_hash", key=core.records)
        self._queue = SubscribedQueue(
            self,
            "DispatchQueue",
            core.messaging,
            name="dispatch",
            topic=core.events,
            types=_EVENTS,
            kinds=_KINDS,
            consumer_timeout=_TIMEOUT,
        )
        ses.EmailIdentity(
            self,
            "Sender",
            identity=_identity(settings.email_identity),
            configuration_set=ses.ConfigurationSet(
                self,
                "Delivery",
                configuration_set_name=settings.name("messages"),
                tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
            ),
        )
        self._notification_dispatch(intake, vaccinations, link_base_url)
        self._tell_the_command()

    def _notification_dispatch(
        self, intake: Intake, vaccinations: Vaccinations, link_base_url: str
    ) -> None:
        core = self._core
        function = VigieFunction(
            self,
            "notification_dispatch",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "RESULTS_TABLE": intake.results.name,
                "VACCINATIONS_TABLE": vaccinations.vaccinations.name,
                "GRANTS_TABLE": self.grants.name,
                "CONTACT_KEY_ARN": core.contact.arn,
                "LINK_KEY_ARN": core.link.arn,
                "DEAD_LETTERS_URL": self._queue.dead_letters.queue_url,
                "LINK_BASE_URL": link_base_url,
                "EMAIL_FROM": self.settings.email_from,
                "SMS_SENDER_ID": self.settings.sms_sender_id,
                "PREFERRED_CHANNEL": self.settings.preferred_channel,
            },
            timeout=_TIMEOUT,
            # It waits for others nine tenths of its time, which memory does not shorten.
            memory_mib=256,
        )
        role = function.role
        function.reads(
            self._queue.queue,
            batch_size=_MESSAGES,
            concurrency=self.settings.dispatch_concurrency,
        )
        function.sends_to(self._queue.dead_letters, core.messages)
        intake.results.grant(role, "GetItem")
        vaccinations.vaccinations.grant(role, "GetItem")
        self.grants.grant(role, "BatchGetItem", "GetItem", "UpdateItem")
        core.contact.grant_open(role)
        core.link.grant_derive(role)
        self._may_send(function)

    def _may_send(self, function: VigieFunction) -> None:
        provider = f"arn:aws:ses:{self.settings.region}:{self.settings.account}"
        function.may(
            ["ses:SendEmail"],
            *emulator.email_resources(
                self.settings,
                f"{provider}:identity/{self.settings.email_identity}",
                # The identity sends through it unless a call names another.
                f"{provider}:configuration-set/{self.settings.name('messages')}",
            ),
        )
        function.sends_sms()

    def _tell_the_command(self) -> None:
        self.publish("GrantsTable", "tables/grants", self.grants.name)
        self.publish("DispatchQueueUrl", "queues/dispatch", self._queue.queue.queue_url)
        self.publish(
            "DispatchDeadLettersUrl",
            "queues/dispatch-dead-letters",
            self._queue.dead_letters.queue_url,
        )


def _identity(identity: str) -> ses.Identity:
    return ses.Identity.email(identity) if "@" in identity else ses.Identity.domain(identity)
