"""Identifiers of people and places in a Bundle."""

import pytest

from tests.unit.result_intake.fhir_sample import Json, broken, coded, find, one, result, sample

SYSTEM = "urn:oid:1.2.250.1.213.1.4"
MATRICULE = "269054958815780"
IDENTIFIER = "Bundle.entry[4].resource.identifier"


def with_identifiers(*identifiers: Json) -> Json:
    bundle = sample()
    find(bundle, "person")["identifier"] = list(identifiers)
    return bundle


@pytest.mark.parametrize("oid", ["8", "9"])
def test_a_nir_and_a_nia_are_an_ins(oid: str) -> None:
    bundle = with_identifiers({"system": f"{SYSTEM}.{oid}", "value": MATRICULE})
    assert result(one(bundle)).identity.ins == MATRICULE


@pytest.mark.parametrize("oid", ["10", "11"])
def test_an_ins_of_trial_is_none(oid: str) -> None:
    trial = {"system": f"{SYSTEM}.{oid}", "value": MATRICULE}
    item = one(with_identifiers(trial))
    assert result(item).identity.ins is None
    assert broken(item) == [("ins-of-trial", f"{IDENTIFIER}[0].value")]
    item = one(with_identifiers(trial, {"system": f"{SYSTEM}.8", "value": MATRICULE}))
    assert result(item).identity.ins == MATRICULE
    assert broken(item) == []


def test_the_type_tells_an_ins_without_a_system() -> None:
    bundle = with_identifiers({"type": coded("", "INS-NIA"), "value": f"7{MATRICULE[1:]}"})
    assert broken(one(bundle)) == [("ins-malformed", f"{IDENTIFIER}[0].value")]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("690781810", []),
        ("690781811", ["establishment-check-digit"]),
        ("1", ["establishment-malformed"]),
    ],
)
def test_the_finess_is_checked(number: str, told: list[str]) -> None:
    bundle = sample()
    find(bundle, "lab")["identifier"] = [
        {"system": "https://finess.esante.gouv.fr", "value": number}
    ]
    item = one(bundle)
    assert [code for code, _ in broken(item)] == told
    assert result(item).testing_centre == "Laboratoire du Port"
