"""Which certificate a test result or a vaccination gives, if any, and when.

Sources: Regulation (EU) 2021/953, articles 5 to 7 and the annex; the days, methods,
devices and dates are those of the disease's entry in the catalogue. Days are those of
the issuer's calendar, whatever the zone that a laboratory writes a time in: a person who
was sampled half an hour after midnight was sampled on the new day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TypeAlias

from vigie.catalogue.disease import Disease, RecoveryRule
from vigie.certificates.kind import CertificateKind
from vigie.results.codes import Method, Outcome, Status
from vigie.results.stored_result import ResultDocument
from vigie.vaccinations.stored_vaccination import VaccinationDocument


class Refusal(StrEnum):
    """Why a result or a vaccination gives no certificate."""

    RESULT_PRELIMINARY = "result-preliminary"
    RESULT_WITHDRAWN = "result-withdrawn"
    RESULT_NOT_OBTAINABLE = "result-not-obtainable"
    RESULT_INCONCLUSIVE = "result-inconclusive"
    DISEASE_UNKNOWN = "disease-unknown"
    DISEASE_NOT_CERTIFIED = "disease-not-certified"
    METHOD_NOT_CERTIFIED = "method-not-certified"
    DEVICE_NOT_LISTED = "device-not-listed"
    ANTIGEN_OUTSIDE_DATES = "antigen-outside-dates"
    VACCINATION_WITHDRAWN = "vaccination-withdrawn"
    VACCINE_NOT_LISTED = "vaccine-not-listed"


@dataclass(frozen=True, slots=True)
class Issue:
    """A certificate is to be had now."""

    kind: CertificateKind


@dataclass(frozen=True, slots=True)
class Due:
    """A certificate is to be had on a day to come."""

    kind: CertificateKind
    on: date


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A certificate was to be had until a day gone by; one that was issued stays as it is."""

    kind: CertificateKind
    until: date


@dataclass(frozen=True, slots=True)
class Nothing:
    """No certificate is to be had.

    Attributes:
        reason: a `Refusal`, or the rule that stands in the way of writing the certificate.
    """

    reason: str


Entitlement: TypeAlias = Issue | Due | Lapsed | Nothing


@dataclass(frozen=True, slots=True)
class RecoveryPeriod:
    """The days of a recovery certificate, where the issuer is: `fr`, `df` and `du`."""

    sampled_on: date
    valid_from: date
    valid_until: date


_WITHOUT_CERTIFICATE: dict[Status | Outcome, Refusal] = {
    Status.PRELIMINARY: Refusal.RESULT_PRELIMINARY,
    Status.WITHDRAWN: Refusal.RESULT_WITHDRAWN,
    Status.NOT_OBTAINABLE: Refusal.RESULT_NOT_OBTAINABLE,
    Outcome.NOT_OBTAINABLE: Refusal.RESULT_NOT_OBTAINABLE,
    Outcome.INCONCLUSIVE: Refusal.RESULT_INCONCLUSIVE,
}


def entitled(
    result: ResultDocument, disease: Disease | None, now: datetime, zone: tzinfo
) -> Entitlement:
    """Say what a result gives on the day that it is.

    Args:
        result: the current version.
        disease: its entry in the catalogue; None if the catalogue does not know it.
        now: aware.
        zone: where the issuer is.
    """
    for fact in (result.status, result.outcome):
        if fact in _WITHOUT_CERTIFICATE:
            return Nothing(_WITHOUT_CERTIFICATE[fact])
    if disease is None:
        return Nothing(Refusal.DISEASE_UNKNOWN)
    if result.outcome is Outcome.DETECTED:
        return _recovery(result, disease, now, zone)
    return _test(result, disease)


def entitled_by_dose(vaccination: VaccinationDocument, disease: Disease | None) -> Issue | Nothing:
    """Say what a vaccination gives: its certificate at once.

    What the value sets have against it comes out when the certificate is written.

    Args:
        vaccination: the current version.
        disease: its entry in the catalogue; None if the catalogue does not know it.
    """
    if vaccination.withdrawn:
        return Nothing(Refusal.VACCINATION_WITHDRAWN)
    return Nothing(Refusal.DISEASE_UNKNOWN) if disease is None else Issue("vaccination")


def recovery_period(result: ResultDocument, rule: RecoveryRule, zone: tzinfo) -> RecoveryPeriod:
    """The days of the recovery certificate that a result gives, in the issuer's zone."""
    sampled_on = result.sampled_at.astimezone(zone).date()
    return RecoveryPeriod(
        sampled_on=sampled_on,
        valid_from=sampled_on + timedelta(days=rule.first_day),
        valid_until=sampled_on + timedelta(days=rule.last_day),
    )


def _test(result: ResultDocument, disease: Disease) -> Entitlement:
    rule = disease.test_certificate
    if rule is None:
        return Nothing(Refusal.DISEASE_NOT_CERTIFIED)
    refusal = _method_refusal(result, disease, rule.methods)
    return Nothing(refusal) if refusal else Issue("test")


def _recovery(result: ResultDocument, disease: Disease, now: datetime, zone: tzinfo) -> Entitlement:
    rule = disease.recovery
    if rule is None:
        return Nothing(Refusal.DISEASE_NOT_CERTIFIED)
    period = recovery_period(result, rule, zone)
    refusal = _method_refusal(result, disease, rule.methods)
    if refusal:
        return Nothing(refusal)
    if result.method is Method.ANTIGEN and not _in_dates(period.sampled_on, rule):
        return Nothing(Refusal.ANTIGEN_OUTSIDE_DATES)
    today = now.astimezone(zone).date()
    if today < period.valid_from:
        return Due("recovery", period.valid_from)
    if today > period.valid_until:
        return Lapsed("recovery", period.valid_until)
    return Issue("recovery")


def _method_refusal(
    result: ResultDocument, disease: Disease, methods: tuple[Method, ...]
) -> Refusal | None:
    if result.method not in methods:
        return Refusal.METHOD_NOT_CERTIFIED
    if result.method is Method.ANTIGEN and result.device not in disease.devices:
        return Refusal.DEVICE_NOT_LISTED
    return None


def _in_dates(sampled_on: date, rule: RecoveryRule) -> bool:
    earliest = rule.antigen_sampled_from or date.min
    latest = rule.antigen_sampled_until or date.max
    return earliest <= sampled_on <= latest
