"""What rules say of a certificate: kept, broken, or to be judged by a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vigie import certlogic
from vigie.business_rules.rule import Rule, numbers
from vigie.certlogic import CertLogicError, Value


class Verdict(StrEnum):
    """How a rule ended; an open one could not be evaluated."""

    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """A rule and how it ended; an open one says why."""

    rule: Rule
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class External:
    """What rules can know beside the certificate.

    Attributes:
        validation_clock: when it is verified, aware.
        value_sets: the codes of each value set, by its identifier.
        country_code: of the country that accepts the certificate.
        issuer_country_code: of the country that issued it.
        issued_at: by the claims of the certificate.
        expires_at: by the claims of the certificate.
        kid: of its signer, in base64.
        region: of the country that accepts the certificate.
    """

    validation_clock: datetime
    value_sets: Mapping[str, Sequence[str]]
    country_code: str
    issuer_country_code: str | None = None
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    kid: str = ""
    region: str = ""

    def to_map(self) -> dict[str, Value]:
        """As the rules see it, under `external`."""
        return {
            "validationClock": self.validation_clock.isoformat(),
            # Expressions know dictionaries and lists alone, as they come from JSON.
            "valueSets": {name: list(codes) for name, codes in self.value_sets.items()},
            "countryCode": self.country_code,
            "issuerCountryCode": self.issuer_country_code,
            "iat": self.issued_at and self.issued_at.isoformat(),
            "exp": self.expires_at and self.expires_at.isoformat(),
            "kid": self.kid,
            "region": self.region,
        }


def judge(
    rules: Iterable[Rule], payload: Mapping[str, Value], external: External
) -> tuple[RuleOutcome, ...]:
    """Evaluate each rule on a certificate.

    Args:
        rules: those that apply.
        payload: the certificate by its own keys.
        external: what else the rules may look at.
    """
    data: dict[str, Value] = {"payload": dict(payload), "external": external.to_map()}
    return tuple(_outcome(rule, payload.get("ver"), data) for rule in rules)


def _outcome(rule: Rule, schema_version: Value, data: Mapping[str, Value]) -> RuleOutcome:
    if numbers(rule.engine_version) > certlogic.SPECIFICATION:
        return RuleOutcome(rule, Verdict.OPEN, "the rule needs a later version of CertLogic")
    if not _can_read(rule, schema_version):
        return RuleOutcome(rule, Verdict.OPEN, "the rule is for another version of certificates")
    try:
        value = certlogic.evaluate(rule.logic, data)
    except CertLogicError as error:
        return RuleOutcome(rule, Verdict.OPEN, f"{error.code}: {error}")
    if not isinstance(value, bool):
        return RuleOutcome(rule, Verdict.OPEN, "the rule is neither true nor false")
    return RuleOutcome(rule, Verdict.PASSED if value else Verdict.FAILED)


def _can_read(rule: Rule, schema_version: Value) -> bool:
    """Whether a certificate has the version that the rule knows, or a later one of as much."""
    needed = numbers(rule.schema_version)
    try:
        found = numbers(str(schema_version))
    except ValueError:
        return False
    return found[0] == needed[0] and found >= needed
