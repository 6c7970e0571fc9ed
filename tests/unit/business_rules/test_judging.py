"""Which rules apply to a certificate, and what becomes of each."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.business_rules.making import rule
from vigie.business_rules.judgement import External, Verdict, judge
from vigie.business_rules.rule import CertificateType, Rule
from vigie.business_rules.selection import Occasion, applicable

AT = datetime(2022, 1, 1, tzinfo=UTC)


def _chosen(*rules: Rule, country: str = "FR", region: str = "", issuer: str = "BE") -> list[str]:
    chosen = applicable(rules, Occasion(country, AT, region), issuer, CertificateType.VACCINATION)
    return [f"{each.identifier} {each.version}" for each in chosen]


def test_the_newest_version_in_force_applies() -> None:
    versions = [rule(Version=version) for version in ("1.9.0", "1.10.0", "1.2.0")]
    later = rule(Version="2.0.0", ValidFrom="2022-01-01T00:00:01Z")
    earlier = rule(Version="3.0.0", ValidTo="2021-12-31T23:59:59Z")
    assert _chosen(*versions, later, earlier) == ["GR-FR-0001 1.10.0"]


def test_rules_of_other_kinds_of_certificate_are_left_out() -> None:
    rules = [
        rule(CertificateType=kind, Identifier=identifier)
        for kind, identifier in [("Test", "TR-FR-0001"), ("Vaccination", "VR-FR-0001")]
    ]
    assert _chosen(*rules, rule()) == ["GR-FR-0001 1.0.0", "VR-FR-0001 1.0.0"]


def test_acceptance_is_of_the_destination_and_invalidation_of_the_issuer() -> None:
    rules = [
        rule(Type=kind, Country=country, Identifier=f"IR-{country}-000{number}")
        for number, kind in enumerate(("Acceptance", "Invalidation"))
        for country in ("FR", "BE")
    ]
    assert _chosen(*rules) == ["IR-FR-0000 1.0.0", "IR-BE-0001 1.0.0"]


def test_a_region_has_rules_of_its_own() -> None:
    regional = rule(Region="GP", Identifier="GR-FR-0002")
    assert _chosen(rule(), regional) == ["GR-FR-0001 1.0.0"]
    assert _chosen(rule(), regional, region="gp") == ["GR-FR-0002 1.0.0"]


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.PASSED),
        ({"Logic": {"!": [True]}}, Verdict.FAILED),
        ({"EngineVersion": "1.3.4"}, Verdict.OPEN),
        ({"EngineVersion": "1.3.3"}, Verdict.PASSED),
        ({"SchemaVersion": "1.3.1"}, Verdict.OPEN),
        ({"SchemaVersion": "2.0.0"}, Verdict.OPEN),
        ({"Logic": {"+": [1, 1]}}, Verdict.OPEN),
        ({"Logic": {"in": [1, {"var": "payload.ver"}]}}, Verdict.OPEN),
        ({"Logic": {"===": [{"var": "external.countryCode"}, "FR"]}}, Verdict.PASSED),
        (
            {"Logic": {"in": ["b", {"var": "external.valueSets.a-set"}]}},
            Verdict.PASSED,
        ),
    ],
)
def test_a_rule_is_kept_broken_or_open(changes: dict[str, Any], verdict: Verdict) -> None:
    external = External(AT, {"a-set": ["a", "b"]}, "FR")
    (outcome,) = judge([rule(**changes)], {"ver": "1.3.0"}, external)
    assert outcome.verdict is verdict
    assert bool(outcome.reason) == (verdict is Verdict.OPEN)


@pytest.mark.parametrize("version", [None, "", "1", "one.two.three", 1.3])
def test_a_certificate_without_a_version_is_open(version: Any) -> None:  # noqa: ANN401 - JSON
    (outcome,) = judge([rule()], {"ver": version}, External(AT, {}, "FR"))
    assert outcome.verdict is Verdict.OPEN
