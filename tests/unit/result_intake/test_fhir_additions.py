"""Ct and variant screening in FHIR: within an Observation or beside it."""

import pytest

from tests.unit.result_intake.fhir_sample import (
    broken,
    coded,
    find,
    one,
    reference,
    result,
    sample,
)
from vigie.results.test_result import VariantScreening


@pytest.mark.parametrize("written", ["A0C1D9", "A0 C1 D9", "a0;c1;d9"])
def test_variant_screening_stands_beside_or_within(written: str) -> None:
    expected = VariantScreening(findings=(("A", "0"), ("C", "1"), ("D", "9")))
    screening = {"code": coded("http://loinc.org", "96741-4"), "valueString": written}
    within, beside = sample(), sample()
    find(within, "pcr")["component"] = [screening]
    beside["entry"].append(
        {
            "resource": screening
            | {
                "resourceType": "Observation",
                "id": "variant",
                "subject": reference("Patient/person"),
            }
        }
    )
    assert result(one(within)).variant == expected
    assert result(one(beside)).variant == expected


def test_variant_screening_outside_the_notation_is_a_warning() -> None:
    bundle = sample()
    find(bundle, "pcr")["component"] = [
        {"code": coded("http://loinc.org", "96741-4"), "valueString": "Omicron"}
    ]
    item = one(bundle)
    assert result(item).variant is None
    assert broken(item) == [("variant-malformed", "Bundle.entry[2].resource.component[0].value")]


@pytest.mark.parametrize(
    ("value", "lineage", "told"),
    [
        ({"valueString": "JN.1.11"}, "JN.1.11", []),
        ({"valueCodeableConcept": coded("http://loinc.org", "LA32556-5")}, "B.1.617.2", []),
        ({"valueCodeableConcept": {"text": "XBB.1.5"}}, "XBB.1.5", []),
        ({"valueString": "Delta"}, None, ["lineage-malformed"]),
    ],
)
def test_a_lineage_belongs_to_the_test(
    value: dict[str, object], lineage: str | None, told: list[str]
) -> None:
    bundle = sample()
    component = {"code": coded("http://loinc.org", "96895-8")} | value
    find(bundle, "pcr")["component"] = [component]
    item = one(bundle)
    assert result(item).lineage == lineage
    assert [code for code, _ in broken(item)] == told


def test_of_several_ct_the_lowest_is_taken() -> None:
    bundle = sample()
    find(bundle, "pcr")["component"] = [
        {"code": coded("http://loinc.org", "94746-5"), "valueQuantity": {"value": value}}
        for value in (31, 19.5, 22)
    ]
    assert result(one(bundle)).cycle_threshold == 19.5
