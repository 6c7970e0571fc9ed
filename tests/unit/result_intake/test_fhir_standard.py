"""What the standard allows and laboratories use of it: Bundles, references, French profiles."""

import json
import re
from collections.abc import Callable

import pytest

from result_intake.fhir.bundle import Bundle
from tests.unit.result_intake.fhir_sample import (
    Json,
    broken,
    coded,
    find,
    one,
    read,
    reference,
    result,
    sample,
)
from vigie.results.codes import Outcome

FR_CORE_TYPES = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
INS = "269054958815780"
TRIAL = {"tag": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}]}


def person(bundle: Json) -> Json:
    return find(bundle, "person")


def with_references(body: Json, change: Callable[[str], str]) -> Json:
    """A copy in which each reference is another."""
    written = re.sub(
        r'"reference": "([^"]+)"',
        lambda found: f'"reference": "{change(found[1])}"',
        json.dumps(body),
    )
    changed: Json = json.loads(written)
    return changed


def addressed(bundle: Json, scheme: str) -> Json:
    """The Bundle with a fullUrl of a scheme for each entry, and references to them."""
    names = {
        f"{each['resource']['resourceType']}/{each['resource']['id']}": f"{scheme}{at}"
        for at, each in enumerate(bundle["entry"])
    }
    moved = with_references(bundle, names.__getitem__)
    for each, full_url in zip(moved["entry"], names.values(), strict=True):
        each["fullUrl"] = full_url
        del each["resource"]["id"]
    return moved


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("message", None),
        ("collection", None),
        ("batch", {"method": "POST", "url": "x"}),
        ("transaction", {"method": "PUT", "url": "x"}),
    ],
)
@pytest.mark.parametrize(
    "scheme",
    ["urn:uuid:0f4c0b1e-2b0a-4a1c-9f00-0000000000", "urn:oid:1.2.250.1.99.", "https://lab.fr/x/"],
)
def test_every_type_of_bundle_and_scheme_of_address(
    kind: str, asked: Json | None, scheme: str
) -> None:
    plain = result(one(sample()))
    bundle = addressed(sample(), scheme) | {"type": kind}
    for entry in bundle["entry"]:
        if asked:
            entry["request"] = asked
    assert result(one(bundle)) == plain


def test_a_uuid_is_the_same_in_upper_and_lower_case() -> None:
    bundle = addressed(sample(), "urn:uuid:AB")
    for entry in bundle["entry"]:
        entry["fullUrl"] = entry["fullUrl"].lower()
    assert result(one(bundle)) == result(one(sample()))


def test_a_deletion_and_an_entry_without_resource_are_passed_over() -> None:
    bundle = sample() | {"type": "transaction"}
    gone: Json = {"request": {"method": "DELETE", "url": "Observation/9"}}
    bundle["entry"] = [gone, {"fullUrl": "urn:uuid:1"}, *bundle["entry"], {}]
    assert result(one(bundle)) == result(one(sample()))


def test_all_of_a_report_may_be_contained() -> None:
    bundle = sample()
    report = find(bundle, "report")
    inside = [each["resource"] for each in bundle["entry"] if each["resource"] is not report]

    whole = with_references({**report, "contained": inside}, lambda name: f"#{name.split('/')[1]}")
    assert result(one({**bundle, "entry": [{"resource": whole}]})) == result(one(sample()))


def test_a_contained_resource_may_refer_to_its_container() -> None:
    bundle = sample()
    observation = find(bundle, "pcr")
    observation["specimen"] = reference("#swab")
    observation["contained"] = [find(bundle, "swab") | {"subject": reference("#")}]
    assert result(one(bundle)) == result(one(sample()))


@pytest.mark.parametrize(
    "subject",
    [
        {"identifier": {"system": "https://lab.example.fr/ipp", "value": "123"}},
        reference("Patient?identifier=https://lab.example.fr/ipp|123"),
        reference("Patient?identifier=https%3A%2F%2Flab.example.fr%2Fipp%7C123"),
    ],
)
def test_a_person_is_found_by_identifier(subject: Json) -> None:
    bundle = sample()
    other: Json = {"resourceType": "Patient", "id": "other"}
    bundle["entry"].append({"resource": other})
    for name in ("pcr", "report"):
        find(bundle, name)["subject"] = subject
    assert result(one(bundle)) == result(one(sample()))
    other["identifier"] = person(bundle)["identifier"]
    assert [code for code, _ in broken(one(bundle))] == ["reference-ambiguous"]
    find(bundle, "pcr")["subject"] = {"identifier": {"system": "x", "value": "123"}}
    find(bundle, "report")["subject"] = {"identifier": {"system": "x", "value": "123"}}
    assert [code for code, _ in broken(one(bundle))] == ["patient-missing"]


def test_bundles_within_a_bundle_keep_to_themselves() -> None:
    second = sample()
    person(second)["name"] = [{"family": "ROUX", "given": ["Léa"]}]
    find(second, "report")["identifier"][1]["value"] = "26A0148"
    outer: Json = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": sample()}, {"resource": second}],
    }
    items = read(outer)
    assert [each.ordinal for each in items] == ["1.1", "1.2"]
    assert [result(each).identity.family_name for each in items] == ["LEFÈVRE", "ROUX"]
    assert items[1].place.startswith("Bundle.entry[1].resource.entry[")
    outer["meta"] = TRIAL
    assert [each.test_mode for each in read(outer)] == [True, True]


def test_a_trial_is_one_however_deep_its_tests_stand() -> None:
    inner: Json = {"resourceType": "Bundle", "type": "collection", "entry": []}
    inner["entry"] = [{"resource": sample()}]
    header: Json = {"resourceType": "MessageHeader", "meta": TRIAL}
    message: Json = {"resourceType": "Bundle", "type": "message", "entry": []}
    message["entry"] = [{"resource": header}, {"resource": inner}]
    assert [each.test_mode for each in read(message)] == [True]
    header["meta"] = {}
    assert [each.test_mode for each in read(message)] == [False]
    inner["meta"] = TRIAL
    assert [each.test_mode for each in read(message)] == [True]


class Compared(dict[str, object]):
    """Counts how often one of them is compared."""

    times = 0

    def __ne__(self, other: object) -> bool:
        Compared.times += 1
        return super().__ne__(other)


def test_many_that_have_one_identifier_are_compared_once_and_not_for_each_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Compared, "times", 0)
    identifier = {"system": "urn:x", "value": "1"}
    patient = {"resourceType": "Patient", "identifier": [identifier]}
    entries = [{"resource": Compared(patient)} for _ in range(100)]
    bundle = Bundle({"resourceType": "Bundle", "entry": entries})
    first, *_ = bundle.of_kind("Patient")
    for _ in range(100):
        assert bundle.follow(first, {"identifier": identifier}, kinds="Patient") is first
    assert Compared.times == len(entries) - 1


def test_a_report_that_lists_nothing_is_told_beside_one_that_does() -> None:
    bundle = sample()
    empty = {**find(bundle, "report"), "id": "empty", "result": []}
    bundle["entry"].insert(0, {"resource": empty})
    first, second = read(bundle)
    assert result(first).local_id.accession == "26A0147"
    assert (second.ordinal, broken(second)) == (
        "1.2",
        [("test-missing", "Bundle.entry[0].resource")],
    )
    # What stands alone may be its result.
    find(bundle, "report")["result"] = []
    (item,) = read(bundle)
    assert item.result or "test-missing" not in [code for code, _ in broken(item)]


def test_a_report_without_observations_is_refused_where_it_stands() -> None:
    bundle = sample()
    report = find(bundle, "report")
    report["conclusionCode"] = [coded("http://snomed.info/sct", "260373001")]
    del report["result"]
    bundle["entry"] = [
        each for each in bundle["entry"] if each["resource"]["resourceType"] != "Observation"
    ]
    assert broken(one(bundle)) == [("test-missing", "Bundle.entry[1].resource")]


@pytest.mark.parametrize(
    "value",
    [
        {"valueQuantity": {"value": 20, "comparator": "<"}},
        {"valueString": "DETECTED"},
        {"valueBoolean": False},
        {"valueInteger": 0},
        {"valueCodeableConcept": {"text": "Positif"}},
        {"valueRange": {"low": {"value": 1}}},
    ],
)
def test_a_number_or_a_text_is_no_outcome_but_the_flag_beside_it_is(value: Json) -> None:
    bundle = sample()
    observation = find(bundle, "pcr")
    del observation["valueCodeableConcept"]
    observation |= value
    assert [code for code, _ in broken(one(bundle))] == ["outcome-not-coded"]
    observation["interpretation"] = [
        coded("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "H", "NEG")
    ]
    assert result(one(bundle)).outcome is Outcome.NOT_DETECTED


def test_a_cycle_threshold_that_is_a_bound_is_none() -> None:
    bundle = sample()
    find(bundle, "ct")["valueQuantity"] = {"value": 20, "comparator": "<"}
    item = one(bundle)
    assert result(item).cycle_threshold is None
    assert [code for code, _ in broken(item)] == ["ct-malformed"]


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_an_addition_that_was_taken_back_adds_nothing(status: str) -> None:
    bundle = sample()
    find(bundle, "ct")["status"] = status
    assert result(one(bundle)).cycle_threshold is None


@pytest.mark.parametrize(
    ("identifier", "ins"),
    [
        ({"system": "urn:oid:1.2.250.1.213.1.4.8", "value": INS}, INS),
        ({"system": "urn:oid:1.2.250.1.213.1.4.9", "value": INS}, INS),
        ({"system": "urn:oid:1.2.250.1.213.1.4.10", "value": INS}, None),
        ({"system": "urn:oid:1.2.250.1.213.1.4.11", "value": INS}, None),
        ({"type": coded(FR_CORE_TYPES, "INS-NIR"), "value": INS}, INS),
        ({"type": coded(FR_CORE_TYPES, "INS-NIA"), "value": INS}, INS),
        ({"type": coded(FR_CORE_TYPES, "INS-NIR-TEST"), "value": INS}, None),
        ({"type": coded(FR_CORE_TYPES, "INS-NIR-DEMO"), "value": INS}, None),
        ({"system": "urn:oid:1.2.250.1.213.1.4.8", "use": "old", "value": INS}, None),
    ],
)
def test_the_ins_of_the_french_profile(identifier: Json, ins: str | None) -> None:
    bundle = sample()
    person(bundle)["identifier"] = [{"system": "urn:oid:1.2.3", "value": "4711"}, identifier]
    assert result(one(bundle)).identity.ins == ins


@pytest.mark.parametrize(
    ("identifier", "rpps"),
    [
        ({"system": "https://rpps.esante.gouv.fr", "value": "10001234565"}, "10001234565"),
        ({"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "10001234565"}, "10001234565"),
        ({"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "810001234565"}, "10001234565"),
        ({"type": coded(FR_CORE_TYPES, "RPPS"), "value": "10001234565"}, "10001234565"),
        (
            {
                "system": "urn:oid:1.2.250.1.71.4.2.1",
                "type": coded(FR_CORE_TYPES, "ADELI"),
                "value": "0759912345",
            },
            None,
        ),
        ({"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}, None),
    ],
)
def test_the_prescriber_of_the_french_profile(identifier: Json, rpps: str | None) -> None:
    bundle = sample()
    find(bundle, "doctor")["identifier"] = [identifier]
    item = one(bundle)
    assert item.breaches == one(sample()).breaches
    assert result(item).prescriber == rpps


def test_a_sub_identifier_of_several_parts() -> None:
    def part(url: str, **value: object) -> Json:
        return {"url": url, **value}

    bundle = sample()
    find(bundle, "pcr")["extension"] = [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/observation-v2-subid",
            "extension": [part("group", valueDecimal=1), part("sequence", valueDecimal=2)],
        }
    ]
    assert result(one(bundle)).local_id.sub_id == "1.2"
