"""Which rules apply to a certificate (as dgc-certlogic of the reference applications)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vigie.business_rules.rule import CertificateType, Rule, RuleType, numbers


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where and when a certificate is shown.

    Attributes:
        country: that accepts it, ISO 3166-1 alpha-2.
        region: of that country; rules of a region apply to it alone, and those of the
            country to no region.
        at: aware.
    """

    country: str
    at: datetime
    region: str = ""


def applicable(
    rules: Iterable[Rule], occasion: Occasion, issuer: str | None, kind: CertificateType
) -> tuple[Rule, ...]:
    """The acceptance rules of the country and the invalidation rules of the issuer.

    Args:
        rules: of all countries.
        occasion: of the verification.
        issuer: ISO 3166-1 alpha-2 of the country that issued the certificate, if known.
        kind: of the certificate; general rules apply to every kind.

    Returns:
        The newest version in force of each identifier, ordered by type and identifier.
    """
    newest: dict[tuple[RuleType, str], Rule] = {}
    for rule in rules:
        if not _applies(rule, occasion, issuer, kind):
            continue
        key = (rule.type, rule.identifier)
        if key not in newest or numbers(newest[key].version) < numbers(rule.version):
            newest[key] = rule
    return tuple(newest[key] for key in sorted(newest))


def _applies(rule: Rule, occasion: Occasion, issuer: str | None, kind: CertificateType) -> bool:
    if rule.certificate_type not in {CertificateType.GENERAL, kind}:
        return False
    if not rule.in_force(occasion.at):
        return False
    if rule.type is RuleType.INVALIDATION:
        return rule.country == issuer
    region = rule.region.strip().casefold()
    return rule.country == occasion.country and region == occasion.region.strip().casefold()
