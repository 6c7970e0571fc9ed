"""References within a Bundle: every form, dangling ones, cycles, persons mixed up."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from result_intake.fhir import read_bundle
from vigie.results.reading import Item

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
Json = dict[str, Any]
PERSON: Json = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"family": "MOREL", "given": ["Zoé"]}],
    "birthDate": "1980-02-03",
    "gender": "female",
    "telecom": [{"system": "email", "value": "z@example.fr"}],
}
TEST: Json = {
    "resourceType": "Observation",
    "id": "o1",
    "identifier": [{"value": "N1"}],
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "94500-6"}]},
    "effectiveDateTime": "2026-11-23T08:15:00Z",
    "issued": "2026-11-23T14:02:00Z",
    "valueCodeableConcept": {"coding": [{"code": "260415000"}]},
}


def bundle(*entries: Json) -> Json:
    return {"resourceType": "Bundle", "entry": list(entries)}


def read(body: Json) -> list[Item]:
    return list(read_bundle(json.dumps(body).encode(), now=NOW))


def family_name(body: Json) -> str | None:
    (item,) = read(body)
    return item.result.identity.family_name if item.result else None


@pytest.mark.parametrize(
    ("full_url", "reference"),
    [
        (None, "Patient/p1"),
        ("urn:uuid:7d1c", "urn:uuid:7d1c"),
        ("urn:uuid:7d1c", "Patient/p1"),
        ("https://lab.example/fhir/Patient/p1", "https://lab.example/fhir/Patient/p1"),
        ("https://lab.example/fhir/Patient/p1", "Patient/p1"),
        (None, "https://lab.example/fhir/Patient/p1"),
        (None, "Patient/p1/_history/3"),
    ],
)
def test_every_form_of_reference_is_followed(full_url: str | None, reference: str) -> None:
    entry = {"resource": PERSON} | ({"fullUrl": full_url} if full_url else {})
    test = TEST | {"subject": {"reference": reference}}
    assert family_name(bundle(entry, {"resource": test})) == "MOREL"


def test_a_contained_person_is_found() -> None:
    test = TEST | {"contained": [PERSON], "subject": {"reference": "#p1"}}
    assert family_name(bundle({"resource": test})) == "MOREL"


def test_what_is_contained_elsewhere_is_not() -> None:
    other = {"resourceType": "Organization", "id": "x", "contained": [PERSON]}
    test = TEST | {"subject": {"reference": "#p1"}}
    (item,) = read(bundle({"resource": other}, {"resource": test}))
    assert [each.code for each in item.breaches] == ["patient-missing"]


def test_a_contained_resource_refers_to_its_neighbour() -> None:
    role = {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "#d"}}
    doctor = {
        "resourceType": "Practitioner",
        "id": "d",
        "identifier": [{"system": "https://rpps.esante.gouv.fr", "value": "10001234565"}],
    }
    request = {
        "resourceType": "ServiceRequest",
        "id": "s",
        "contained": [role, doctor],
        "requester": {"reference": "#r"},
    }
    test = TEST | {"basedOn": [{"reference": "ServiceRequest/s"}]}
    (item,) = read(bundle(*({"resource": each} for each in (PERSON, request, test))))
    assert item.result is not None
    assert item.result.prescriber == "10001234565"


def test_the_only_person_needs_no_reference() -> None:
    assert family_name(bundle({"resource": PERSON}, {"resource": TEST})) == "MOREL"


def test_of_two_persons_none_is_guessed() -> None:
    body = bundle(*({"resource": each} for each in (PERSON, PERSON | {"id": "p2"}, TEST)))
    (item,) = read(body)
    assert [each.code for each in item.breaches] == ["patient-missing"]


def test_a_reference_to_nobody_is_not_replaced_by_somebody() -> None:
    test = TEST | {"subject": {"reference": "Patient/other"}}
    (item,) = read(bundle({"resource": PERSON}, {"resource": test}))
    assert [(each.code, each.place) for each in item.breaches] == [
        ("patient-missing", "Bundle.entry[1].resource.subject")
    ]


def test_a_report_of_one_person_with_a_test_of_another_is_refused() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "d",
        "subject": {"reference": "Patient/p1"},
        "result": [{"reference": "Observation/o1"}],
    }
    test = TEST | {"subject": {"reference": "Patient/p2"}}
    persons = ({"resource": PERSON}, {"resource": PERSON | {"id": "p2"}})
    (item,) = read(bundle(*persons, {"resource": report}, {"resource": test}))
    assert item.result is None
    assert [each.code for each in item.breaches] == ["subject-contradictory"]
    same = read(bundle(*persons, {"resource": report}, {"resource": test | {"subject": {}}}))
    assert same[0].result is not None


def test_a_result_that_is_not_there_costs_nothing_but_itself() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "d",
        "result": [{"reference": "Observation/gone"}, {"reference": "Observation/o1"}],
    }
    gone, good = read(bundle(*({"resource": each} for each in (PERSON, report, TEST))))
    assert [(each.code, each.place) for each in gone.breaches] == [
        ("reference-unresolved", "Bundle.entry[1].resource.result[0]")
    ]
    assert good.result is not None


def test_cycles_of_groups_end() -> None:
    first: Json = {
        "resourceType": "Observation",
        "id": "a",
        "hasMember": [{"reference": "Observation/b"}],
    }
    second = first | {"id": "b", "hasMember": [{"reference": "Observation/a"}]}
    (item,) = read(bundle({"resource": first}, {"resource": second}))
    assert [each.code for each in item.breaches] == ["test-missing"]


@pytest.mark.parametrize("value", [None, 3, "x", [], [[]], {}, {"reference": 3}, [{"value": []}]])
@pytest.mark.parametrize(
    "name", ["identifier", "code", "subject", "status", "contained", "basedOn", "device",
             "performer", "specimen", "component", "interpretation", "hasMember", "extension",
             "meta", "valueCodeableConcept", "issued", "effectivePeriod"]
)  # fmt: skip
def test_any_shape_of_an_element_gives_items(name: str, value: object) -> None:
    items = read(bundle({"resource": PERSON}, {"resource": TEST | {name: value}}))
    assert len(items) == 1
    assert items[0].result is not None or items[0].breaches


@pytest.mark.parametrize("value", [None, 3, "x", [], [[]], {}, [{"given": 3, "family": []}]])
@pytest.mark.parametrize(
    "name", ["identifier", "name", "birthDate", "gender", "telecom", "address", "communication"]
)
def test_any_shape_of_a_persons_element_gives_items(name: str, value: object) -> None:
    (item,) = read(bundle({"resource": PERSON | {name: value}}, {"resource": TEST}))
    assert item.result is not None or item.breaches


HERE, THERE = "https://here.example/fhir", "https://there.example/fhir"
ANOTHER = PERSON | {"name": [{"family": "PETIT", "given": ["Léa"]}]}


def entry(resource: Json, full_url: str = "") -> Json:
    return {"resource": resource} | ({"fullUrl": full_url} if full_url else {})


def namesakes(full_url: str, reference: str) -> Json:
    """Two persons of one id on two servers, and a test that stands at an address."""
    return bundle(
        entry(PERSON, f"{HERE}/Patient/p1"),
        entry(ANOTHER, f"{THERE}/Patient/p1"),
        entry(TEST | {"subject": {"reference": reference}}, full_url),
    )


@pytest.mark.parametrize(
    ("full_url", "reference", "name"),
    [
        (f"{HERE}/Observation/o1", "Patient/p1", "MOREL"),
        (f"{THERE}/Observation/o1", "Patient/p1", "PETIT"),
        (f"{THERE}/Observation/o1/_history/2", "Patient/p1", "PETIT"),
        (f"{THERE}/Observation/o1", f"{HERE}/Patient/p1", "MOREL"),
        ("", f"{THERE}/Patient/p1", "PETIT"),
    ],
)
def test_a_relative_reference_stays_on_the_server_of_its_entry(
    full_url: str, reference: str, name: str
) -> None:
    assert family_name(namesakes(full_url, reference)) == name


def test_what_is_contained_refers_from_where_its_container_stands() -> None:
    test = TEST | {"basedOn": [{"reference": "#s"}], "subject": {"reference": "Patient/p1"}}
    doctor = {
        "resourceType": "Practitioner",
        "id": "d",
        "identifier": [{"system": "https://rpps.esante.gouv.fr", "value": "10001234565"}],
    }
    request = {
        "resourceType": "ServiceRequest",
        "id": "s",
        "requester": {"reference": "Practitioner/d"},
    }
    (item,) = read(
        bundle(
            entry(PERSON, f"{THERE}/Patient/p1"),
            entry(doctor | {"identifier": []}, f"{HERE}/Practitioner/d"),
            entry(doctor, f"{THERE}/Practitioner/d"),
            entry(test | {"contained": [request]}, f"{THERE}/Observation/o1"),
        )
    )
    assert item.result is not None
    assert item.result.prescriber == "10001234565"


@pytest.mark.parametrize("full_url", ["", "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"])
def test_a_reference_from_no_server_to_one_of_two_is_refused(full_url: str) -> None:
    (item,) = read(namesakes(full_url, "Patient/p1"))
    assert [(each.code, each.place) for each in item.breaches] == [
        ("reference-ambiguous", "Bundle.entry[2].resource")
    ]


def test_a_reference_to_another_server_than_the_persons_leads_nowhere() -> None:
    test = TEST | {"subject": {"reference": "Patient/p1"}}
    body = bundle(entry(PERSON, f"{HERE}/Patient/p1"), entry(test, f"{THERE}/Observation/o1"))
    (item,) = read(body)
    assert [each.code for each in item.breaches] == ["patient-missing"]


@pytest.mark.parametrize("full_url", ["", f"{HERE}/Patient/p1", "urn:uuid:7d1c"])
def test_two_that_differ_at_one_address_are_refused_and_cost_no_neighbour(full_url: str) -> None:
    reference = full_url or "Patient/p1"
    test = TEST | {"subject": {"reference": reference}}
    other = TEST | {"id": "o2", "identifier": [{"value": "N2"}]}
    other |= {"subject": {"reference": "Patient/p2"}}
    bad, good = read(
        bundle(
            entry(PERSON, full_url),
            entry(ANOTHER, full_url),
            entry(PERSON | {"id": "p2"}),
            entry(test),
            entry(other),
        )
    )
    assert [each.code for each in bad.breaches] == ["reference-ambiguous"]
    assert good.result is not None


def test_a_person_who_is_repeated_as_she_is_is_one() -> None:
    test = TEST | {"subject": {"reference": "Patient/p1"}}
    assert family_name(bundle(entry(PERSON), entry(dict(PERSON)), entry(test))) == "MOREL"


def test_of_several_versions_the_one_that_is_named_is_taken() -> None:
    def version(number: str, person: Json) -> Json:
        return entry(person | {"meta": {"versionId": number}}, f"{HERE}/Patient/p1")

    def named(reference: str) -> Json:
        test = entry(TEST | {"subject": {"reference": reference}}, f"{HERE}/Observation/o1")
        return bundle(version("1", PERSON), version("2", ANOTHER), test)

    assert family_name(named("Patient/p1/_history/1")) == "MOREL"
    assert family_name(named(f"{HERE}/Patient/p1/_history/2")) == "PETIT"
    (item,) = read(named("Patient/p1"))
    assert [each.code for each in item.breaches] == ["reference-ambiguous"]


def test_a_report_that_lists_one_of_two_tests_is_told_where() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "d",
        "result": [{"reference": "Observation/o1"}],
    }
    items = read(bundle(*map(entry, (PERSON, report, TEST, TEST | {"status": "corrected"}))))
    assert [(each.code, each.place) for each in items[0].breaches] == [
        ("reference-ambiguous", "Bundle.entry[1].resource.result[0]")
    ]
