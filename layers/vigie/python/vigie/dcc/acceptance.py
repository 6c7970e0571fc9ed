"""What the business rules of a country say of a certificate whose signature is verified."""

import base64
from dataclasses import dataclass
from datetime import datetime

from vigie.business_rules.judgement import External, RuleOutcome, judge
from vigie.business_rules.rule import CertificateType, Rule
from vigie.business_rules.selection import Occasion, applicable
from vigie.dcc import schema
from vigie.dcc.cwt import Claims
from vigie.dcc.signer import Signer
from vigie.dcc.value_sets import ValueSets

_KINDS = {
    "v": CertificateType.VACCINATION,
    "t": CertificateType.TEST,
    "r": CertificateType.RECOVERY,
}


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a certificate is shown, and the rules of all countries.

    Attributes:
        country: ISO 3166-1 alpha-2.
        rules: those that apply are chosen among them.
        region: of the country; empty for none.
    """

    country: str
    rules: tuple[Rule, ...]
    region: str = ""


def rule_outcomes(
    claims: Claims,
    signer: Signer,
    destination: Destination,
    value_sets: ValueSets | None,
    at: datetime,
) -> tuple[RuleOutcome, ...]:
    """What becomes of each business rule that applies to a certificate.

    A certificate of no known kind is held against the general rules alone.
    """
    issuer = claims.issuer or _country(claims)
    groups = schema.groups(claims.certificate)
    kind = _KINDS[groups[0]] if groups else CertificateType.GENERAL
    occasion = Occasion(destination.country, at, destination.region)
    rules = applicable(destination.rules, occasion, issuer, kind)
    external = External(
        validation_clock=at,
        value_sets={}
        if value_sets is None
        else {name: found.codes for name, found in value_sets.sets.items()},
        country_code=destination.country,
        issuer_country_code=issuer,
        issued_at=claims.issued_at,
        expires_at=claims.expires_at,
        kid=base64.b64encode(signer.kid).decode("ascii"),
        region=destination.region,
    )
    return judge(rules, claims.certificate, external)


def _country(claims: Claims) -> str | None:
    """The issuing country by the first entry, for issuers that leave the claim out."""
    for group in schema.groups(claims.certificate):
        entries = claims.certificate[group]
        entry = entries[0] if isinstance(entries, list) and entries else None
        country = entry.get("co") if isinstance(entry, dict) else None
        if isinstance(country, str):
            return country
    return None
