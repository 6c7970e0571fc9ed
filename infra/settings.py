"""What differs between one deployed environment and another."""

from collections.abc import Mapping
from enum import StrEnum
from math import ceil
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from infra.verification_keys import OtherExports, VerificationKey
from vigie.attestation.verdict import Mode
from vigie.dcc.correction_level import CorrectionLevel
from vigie.federation.gateway import Gateway
from vigie.laboratories.finess import Finess
from vigie.model import Frozen
from vigie.revocation.slices import SliceType
from vigie.tracing.health_authority import HealthAuthority
from vigie.tracing.publish_rules import PublishRules

# A role or user of the account; `*` may end a name that has begun.
PrincipalArn = Annotated[
    str,
    Field(pattern=r"^arn:aws:iam::\d{12}:(role|user)/[\w+=,.@/-]*([\w+=,.@-]|[\w+=,.@-]{4}\*)$"),
]


class Wallet(StrEnum):
    """A wallet on phones that certificates may be put into."""

    APPLE = "apple"
    GOOGLE = "google"


class Emulator(Frozen):
    """The emulator that stands for AWS on a developer's machine.

    Attributes:
        host: where its gateway listens.
        port: the gateway's port.
        python_version: the interpreter that it runs functions with, such as `3.11`.
        laboratories: FINESS of the laboratories that get a role of their own.
    """

    host: str = "127.0.0.1"
    port: int
    python_version: str
    laboratories: tuple[str, ...]


class LaboratoryTrust(Frozen):
    """Who certifies the laboratories' machines; exactly one of the two is given.

    Attributes:
        private_ca_arn: ARN of an AWS Private CA.
        certificate_bundle: PEM of the certification authorities.
    """

    private_ca_arn: str | None = None
    certificate_bundle: str | None = None


class CustomDomain(Frozen):
    """A public name.

    Attributes:
        name: such as `vigie.example`.
        certificate_arn: its certificate in ACM, in us-east-1.
    """

    name: str
    certificate_arn: str


class TwoDDoc(Frozen):
    """The French 2D-DOC, which is issued where this is given.

    Attributes:
        authority: the certification authority of ANTS's list that certifies our key, such as
            `FR03`.
    """

    authority: str = Field(pattern=r"^[A-Z0-9]{4}$")


class Attestation(Frozen):
    """What of a device is asked in front of tracing's routes.

    Attributes:
        mode: whether verdicts are counted only, or what has no good one is refused.
        play_package: package name of the app for Android; empty without one.
        play_certificates: SHA-256 of the certificates that sign it, base64url as Google writes
            it; more than one while they change.
        play_device_labels: of Play Integrity, one of which is enough.
        app_attest_apps: App IDs of the app for iOS: team, dot, bundle; empty without one.
        app_attest_environment: whose keys may register: everybody's or developers'.
    """

    mode: Mode
    play_package: str = ""
    play_certificates: tuple[str, ...] = ()
    play_device_labels: tuple[str, ...] = ("MEETS_DEVICE_INTEGRITY",)
    app_attest_apps: tuple[str, ...] = ()
    app_attest_environment: Literal["production", "development"] = "production"


class SelfReports(Frozen):
    """How people who tested themselves get upload codes by SMS.

    Attributes:
        phone_prefixes: E.164 prefixes of the numbers that get codes.
        requests_a_day: how many requests a day of UTC has, and so messages, at most.
        messages_to_a_phone: how often a number is sent its code within 14 days.
    """

    # France and its territories: messages to premium numbers elsewhere are somebody's income.
    phone_prefixes: tuple[Annotated[str, Field(pattern=r"^\+[1-9]\d{0,6}$")], ...] = Field(
        default=("+336", "+337", "+262", "+508", "+590", "+594", "+596", "+681", "+687", "+689"),
        min_length=1,
    )
    requests_a_day: int = Field(default=20_000, ge=1)
    messages_to_a_phone: int = Field(default=3, ge=1, le=10)


class Settings(Frozen):
    """One environment.

    Attributes:
        environment: its short name, part of every resource's name.
        account: the AWS account, 12 digits.
        region: where everything but the edge's firewall is.
        python_version: of the Lambda runtime.
        architecture: of the Lambda runtime, `arm64` or `x86_64`.
        retained: deleting a stack leaves its tables, buckets and keys, which also
            refuse to be deleted by hand.
        retention_days: how long a test result and what is made from it live.
        log_retention_days: how long logs live; one of CloudWatch's steps.
        issuer_country: ISO 3166-1 alpha-2, in each certificate.
        issuer_name: in each certificate, as its `is`.
        issuer_time_zone: whose calendar counts the days of certificates.
        renewal_notice_days: how long before its expiry a certificate is renewed whose use goes on.
        email_from: sender of messages; an address, whose domain or itself is an SES identity.
        email_identity: the SES identity, an address or a domain.
        sms_sender_id: up to 11 letters and digits.
        preferred_channel: `email` or `sms`, for who has both.
        alarm_email: who hears the alarms.
        rsa_signer: a second key for document signers beside that on P-256, RSA of 2,048 bits,
            for certificates signed with PS256. A DSC of it signs once one is issued.
        wallets: those that get a key for passes. They are given once the command has
            installed a certificate of that key.
        twoddoc: given where 2D-DOC are issued, which takes a certificate of such an authority.
        pki_operators: ARNs of the roles or users of the account that may become the one who
            keeps the signing keys; `*` at the end of one stands for anything.
        laboratory_operators: the same of who keeps the register of laboratories.
        list_publishers: the same of who publishes what verifiers download.
        revocation_operators: the same of who takes over what other countries revoke.
        tracing_operators: the same of who configures the tracing app and reads its figures.
        laboratory_trust: without it no laboratory can deliver.
        barred_laboratories: FINESS of those whose certificates open nothing, because a key may
            be in other hands.
        domain: without it the service answers under CloudFront's own name.
        verifiers_domain: the same of what verifier applications download; another name.
        protected_edge: a firewall, the address limit and TLS 1.2 in front of the API, and
            an API that answers to CloudFront only.
        origin_secrets: names of the secrets by which the API knows CloudFront, which sends the
            last one; two while it is changed. A name is never used again.
        signing_concurrency: how many copies of certificate_signing run at once: KMS gives
            about 1,000 elliptic-curve operations a second for an account and Region.
        signatures_per_second: that quota of the account and Region, as Service Quotas says.
        signatures_for_people_percent: the share of it that a mass reissue leaves to people who
            are waiting.
        dispatch_concurrency: how many copies of notification_dispatch run at once: each sends
            some fifteen messages a second, and SES should take as many.
        restored_tables: by the name of a table, such as `results`, the full name of the
            restored one that stands in for it.
        health_authority_id: what the tracing app sends as `healthAuthorityID`.
        order_website: where a person orders a test; the token of the app's order is put behind it.
        app_link: what an upload code is put behind to open the tracing app with it.
        attestation: given where devices are to vouch for what their app sends.
        verification_issuer: who issues verification certificates, their `iss`.
        verification_audience: whom they are for, their `aud`: the key server.
        code_link: what a long verification code is put behind to open the app with it.
        short_code_digits: how many digits a verification code for reading aloud has; each one more
            makes guessing ten times as hard.
        short_code_minutes: how long it lives.
        long_code_hours: how long a verification code in a link lives.
        wrong_tries_an_hour: how many verification codes a client may try in vain.
        other_health_authorities: those whose apps publish keys here too, by certificates of
            their own.
        publish_rules: the bounds of an upload of keys.
        self_reports: given where people who tested themselves get upload codes, which
            `publish_rules` must accept.
        venue_link: what a venue's code is put behind to open the tracing app with it.
        venue_key_versions: of the key that venues' codes are opened with, the newest first; an
            older one stays for as long as posters of it hang.
        visit_jitter_seconds: how long at most a reported visit waits before it is counted, at
            random.
        cluster_prefix_digits: hexadecimal digits of a venue's temporary id that name the file
            that its clusters are in.
        release_hour_seconds: how long the hours are that diagnosis keys are released in;
            shorter ones are for trying the system out.
        verification_key_id: name of the key that signs exports of keys: the mobile country
            code.
        verification_keys: which keys of that name sign exports, and when; the first was there
            first, and none is taken away while phones have files that it signed.
        other_exports: regions that have exports beside this country's.
        export_period_seconds: how much time of release an export covers; it divides a day.
        export_settle_seconds: how long after its end an export is made at the earliest.
        export_lookback_seconds: how far back the very first export looks for keys.
        federation: the gateways that diagnosis keys are exchanged through with other countries;
            without one none are.
        qr_correction: level of error correction of the QR codes that people are given, on paper
            and as images.
        revocation_slice_type: form of what verifiers' devices download of revocations.
        revocation_false_positive_rate: of each slice of it.
        emulator: given on the emulator only.
    """

    environment: str = Field(pattern=r"^[a-z][a-z0-9]{1,11}$")
    account: str = Field(pattern=r"^\d{12}$")
    region: str = "eu-west-3"
    python_version: str = "3.13"
    architecture: str = "arm64"
    retained: bool
    retention_days: int = 365
    log_retention_days: int
    issuer_country: str = Field(default="FR", pattern=r"^[A-Z]{2}$")
    issuer_name: str
    issuer_time_zone: ZoneInfo = ZoneInfo("Europe/Paris")
    renewal_notice_days: int = Field(default=28, ge=1, le=180)
    email_from: str
    email_identity: str
    sms_sender_id: str = Field(default="Vigie", pattern=r"^[A-Za-z0-9]{1,11}$")
    preferred_channel: str = "email"
    alarm_email: str | None = None
    rsa_signer: bool = False
    wallets: tuple[Wallet, ...] = ()
    twoddoc: TwoDDoc | None = None
    pki_operators: tuple[PrincipalArn, ...] = Field(min_length=1)
    laboratory_operators: tuple[PrincipalArn, ...] = Field(min_length=1)
    list_publishers: tuple[PrincipalArn, ...] = Field(min_length=1)
    revocation_operators: tuple[PrincipalArn, ...] = Field(min_length=1)
    tracing_operators: tuple[PrincipalArn, ...] = Field(min_length=1)
    laboratory_trust: LaboratoryTrust | None = None
    barred_laboratories: tuple[Finess, ...] = ()
    domain: CustomDomain | None = None
    verifiers_domain: CustomDomain | None = None
    protected_edge: bool
    origin_secrets: tuple[str, ...] = Field(default=("1",), min_length=1, max_length=2)
    signing_concurrency: int = 30
    signatures_per_second: int = Field(default=1000, ge=1)
    signatures_for_people_percent: int = Field(default=20, ge=1, le=99)
    dispatch_concurrency: int = 30
    restored_tables: Mapping[str, str] = {}
    health_authority_id: str = "fr.gouv.vigie"
    order_website: str = "https://depistage.vigie.example/?ctaToken="
    app_link: str = "vigie-tracing://upload#"
    attestation: Attestation | None = None
    self_reports: SelfReports | None = None
    venue_link: str = "vigie-tracing://venue?v=0#"
    venue_key_versions: tuple[Annotated[str, Field(pattern=r"^[0-9]{1,4}$")], ...] = Field(
        default=("1",), min_length=1, max_length=3
    )
    visit_jitter_seconds: int = Field(default=900, ge=0, le=900)
    cluster_prefix_digits: int = Field(default=2, ge=1, le=3)
    verification_issuer: str = "fr.gouv.vigie"
    verification_audience: str = "exposure-notifications-server"
    code_link: str = "ens://v?r=FR&c="
    short_code_digits: int = Field(default=8, ge=6, le=12)
    short_code_minutes: int = Field(default=15, ge=1, le=60)
    long_code_hours: int = Field(default=24, ge=1, le=24)
    wrong_tries_an_hour: int = Field(default=30, ge=1)
    other_health_authorities: tuple[HealthAuthority, ...] = ()
    publish_rules: PublishRules = PublishRules()
    release_hour_seconds: int = Field(default=3600, ge=1, le=3600)
    verification_key_id: str = "208"
    verification_keys: Annotated[tuple[VerificationKey, ...], Field(min_length=1)] = (
        VerificationKey(version="v1"),
    )
    other_exports: tuple[OtherExports, ...] = ()
    export_period_seconds: int = 4 * 3600
    export_settle_seconds: int = 2 * 3600
    export_lookback_seconds: int = 14 * 24 * 3600
    federation: tuple[Gateway, ...] = ()
    qr_correction: CorrectionLevel = CorrectionLevel.MEDIUM
    revocation_slice_type: SliceType = SliceType.VARHASHLIST
    revocation_false_positive_rate: float = Field(default=1e-12, ge=1e-30, lt=1)
    emulator: Emulator | None = None

    @property
    def signatures_for_people(self) -> int:
        """Signatures a second that no mass reissue takes."""
        return ceil(self.signatures_per_second * self.signatures_for_people_percent / 100)

    @property
    def reissue_rate(self) -> int:
        """Certificates a second that a mass reissue signs at most; at least one."""
        return max(1, self.signatures_per_second - self.signatures_for_people)

    def name(self, what: str) -> str:
        """The name of a resource of this environment."""
        return f"vigie-{self.environment}-{what}"

    def role_arn(self, what: str) -> str:
        """ARN of the role that is named after `what`."""
        return f"arn:aws:iam::{self.account}:role/{self.name(what)}"

    def parameter(self, path: str) -> str:
        """The name of a Systems Manager parameter of this environment."""
        return f"/vigie/{self.environment}/{path}"

    def parameter_arn(self, path: str) -> str:
        """ARN of a Systems Manager parameter of this environment."""
        return f"arn:aws:ssm:{self.region}:{self.account}:parameter{self.parameter(path)}"
