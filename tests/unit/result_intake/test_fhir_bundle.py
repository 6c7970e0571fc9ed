"""FHIR Bundles: a French report read in full, statuses, identifiers, trials."""

from copy import deepcopy
from datetime import UTC, datetime

import pytest

from tests.unit.result_intake.fhir_sample import (
    V2_0203,
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
from vigie.person.identity import Contact, Identity
from vigie.results.codes import Language, Method, Outcome, Sex, Status
from vigie.results.test_result import LocalId, TestResult


def test_a_french_report_is_read_in_full() -> None:
    item = one(sample())
    assert item.breaches == ()
    assert (item.ordinal, item.place) == ("1.1", "Bundle.entry[2].resource")
    assert item.test_mode is False
    assert item.result == TestResult(
        local_id=LocalId(accession="26A0147", loinc="94500-6"),
        status=Status.FINAL,
        outcome=Outcome.DETECTED,
        disease="covid-19",
        method=Method.NAAT,
        sampled_at=datetime(2026, 11, 23, 7, 15, tzinfo=UTC),
        reported_at=datetime(2026, 11, 23, 13, 2, tzinfo=UTC),
        identity=Identity(
            family_name="LEFÈVRE",
            other_names=("MARTIN",),
            given_names=("Anne-Marie", "Odile"),
            birth_date="1969-05-14",
            sex=Sex.FEMALE,
            ins="269054958815780",
        ),
        contact=Contact(email="a.lefevre@example.fr", phone="+33639981234"),
        language=Language.FRENCH,
        cycle_threshold=24.5,
        prescriber="10001234565",
        commune="2A004",
        testing_centre="Laboratoire du Port",
    )


@pytest.mark.parametrize("kind", ["batch", "transaction", "collection", "searchset", "message"])
def test_the_type_of_bundle_does_not_matter(kind: str) -> None:
    assert one(sample() | {"type": kind}).result == one(sample()).result


@pytest.mark.parametrize(
    ("observation", "report", "expected"),
    [
        ("preliminary", "final", Status.PRELIMINARY),
        ("final", "preliminary", Status.FINAL),
        ("corrected", "final", Status.CORRECTED),
        ("amended", "final", Status.AMENDED),
        ("cancelled", "final", Status.NOT_OBTAINABLE),
        ("entered-in-error", "final", Status.WITHDRAWN),
        ("final", "entered-in-error", Status.WITHDRAWN),
        ("final", "cancelled", Status.NOT_OBTAINABLE),
        ("entered-in-error", "cancelled", Status.WITHDRAWN),
        ("cancelled", "entered-in-error", Status.WITHDRAWN),
        (None, "final", Status.FINAL),
        (None, "partial", Status.PRELIMINARY),
        (None, "appended", Status.AMENDED),
        (None, "corrected", Status.CORRECTED),
    ],
)
def test_statuses(observation: str | None, report: str, expected: Status) -> None:
    bundle = sample()
    find(bundle, "pcr")["status"] = observation
    find(bundle, "report")["status"] = report
    assert result(one(bundle)).status is expected


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("registered", "status-without-result"),
        ("unknown", "status-unknown"),
        ("FINAL", "status-unknown"),
    ],
)
def test_statuses_that_are_no_result(status: str, code: str) -> None:
    bundle = sample()
    find(bundle, "pcr")["status"] = status
    assert broken(one(bundle)) == [(code, "Bundle.entry[2].resource.status")]


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_what_is_taken_back_needs_no_value(status: str) -> None:
    bundle = sample()
    pcr = find(bundle, "pcr")
    del pcr["valueCodeableConcept"]
    pcr["status"] = status
    assert result(one(bundle)).outcome is Outcome.NOT_OBTAINABLE
    pcr["status"] = "final"
    assert broken(one(bundle)) == [("outcome-missing", "Bundle.entry[2].resource.value")]


def test_a_text_is_no_coded_result() -> None:
    bundle = sample()
    pcr = find(bundle, "pcr")
    del pcr["valueCodeableConcept"]
    pcr["valueString"] = "Positif"
    assert broken(one(bundle)) == [("outcome-not-coded", "Bundle.entry[2].resource.value")]
    pcr["interpretation"] = [
        coded("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "POS")
    ]
    assert result(one(bundle)).outcome is Outcome.DETECTED


def accession(bundle: Json) -> str:
    return result(one(bundle)).local_id.accession


def test_the_laboratorys_number_is_the_fillers() -> None:
    bundle = sample()
    report, request, pcr = (find(bundle, name) for name in ("report", "request", "pcr"))
    report["identifier"] = [{"value": "report-1"}]
    pcr["identifier"] = [{"value": "observation-1"}]
    request["identifier"] = [{"type": coded(V2_0203, "FILL"), "value": "request-1"}]
    assert accession(bundle) == "request-1"
    del request["identifier"]
    assert accession(bundle) == "report-1"
    report["identifier"] = [{"type": coded(V2_0203, "PLAC"), "value": "orderer-9"}]
    assert accession(bundle) == "observation-1"
    del pcr["identifier"]
    assert broken(one(bundle)) == [("accession-missing", "Bundle.entry[1].resource.identifier")]


def test_two_tests_of_one_code_need_a_sub_identifier() -> None:
    bundle = sample()
    second = deepcopy(find(bundle, "pcr")) | {"id": "second"}
    bundle["entry"].append({"resource": second})
    find(bundle, "report")["result"].append(reference("Observation/second"))
    first, repeated = read(bundle)
    assert (first.ordinal, repeated.ordinal) == ("1.1", "1.2")
    for item in (first, repeated):
        assert item.result is None
        assert "test-repeated" in [each.code for each in item.breaches]
    second["extension"] = [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/observation-v2-subid",
            "extension": [{"url": "original-sub-identifier", "valueString": "2"}],
        }
    ]
    _, told_apart = read(bundle)
    assert result(told_apart).local_id.sub_id == "2"


def test_an_observation_stands_alone() -> None:
    bundle = sample()
    pcr = find(bundle, "pcr") | {
        "identifier": [{"value": "26A0147"}],
        "issued": "2026-11-23T14:02:00+01:00",
        "specimen": reference("Specimen/swab"),
        "basedOn": [reference("ServiceRequest/request")],
    }
    bundle["entry"][2]["resource"] = pcr
    find(bundle, "ct")["subject"] = reference("Patient/person")
    del bundle["entry"][1]
    assert one(bundle).result == one(sample()).result


def test_a_group_stands_for_its_members() -> None:
    bundle = sample()
    group = {
        "resourceType": "Observation",
        "id": "panel",
        "status": "final",
        "code": coded("http://loinc.org", "94531-1"),
        "hasMember": [reference("Observation/pcr"), reference("Observation/panel")],
    }
    bundle["entry"].append({"resource": group})
    find(bundle, "report")["result"] = [
        reference("Observation/panel"),
        reference("Observation/ct"),
    ]
    assert one(bundle).result == one(sample()).result


def test_questions_at_ordering_are_no_tests() -> None:
    bundle = sample()
    ask = {
        "resourceType": "Observation",
        "status": "final",
        "code": coded("http://local.example", "x"),
        "valueString": "yes",
    }
    bundle["entry"] += [
        {"resource": ask | {"id": "asked"}},
        {"resource": ask | {"id": "marked", "identifier": [{"type": coded("l", "81959-9")}]}},
        {"resource": ask | {"id": "known", "code": coded("http://loinc.org", "95419-8")}},
    ]
    find(bundle, "request")["supportingInfo"] = [reference("Observation/asked")]
    assert one(bundle) == one(sample())


def test_another_code_is_an_item_of_its_own() -> None:
    bundle = sample()
    other = deepcopy(find(bundle, "pcr")) | {"id": "other", "code": coded("local", "PCR")}
    bundle["entry"].append({"resource": other})
    good, bad = read(bundle)
    assert good.result is not None
    assert broken(bad) == [("loinc-unknown", "Bundle.entry[10].resource.code")]


def test_what_is_said_of_the_specimen_comes_before_the_report_and_the_observation() -> None:
    bundle = sample()
    report, pcr = find(bundle, "report"), find(bundle, "pcr")
    report["effectiveDateTime"] = "2026-11-23T09:00:00Z"
    pcr |= {"effectiveDateTime": "2026-11-23T10:00:00Z", "issued": "2026-11-23T20:00:00Z"}
    hours = []
    for _ in range(3):
        found = result(one(bundle))
        hours.append((found.sampled_at.hour, found.reported_at.hour))
        if "specimen" in report:
            del report["specimen"], report["issued"]
        else:
            report.pop("effectiveDateTime", None)
    assert hours == [(7, 13), (9, 20), (10, 20)]


def test_tests_of_one_person_keep_their_own_faults() -> None:
    bundle = sample()
    find(bundle, "person")["birthDate"] = "1969-02-30"
    second = deepcopy(find(bundle, "pcr")) | {"id": "second", "status": "no"}
    second["code"] = coded("http://loinc.org", "94309-2")
    bundle["entry"].append({"resource": second})
    find(bundle, "report")["result"].append(reference("Observation/second"))
    find(bundle, "pcr")["status"] = "registered"
    birth_date = ("birth-date-malformed", "Bundle.entry[4].resource.birthDate")
    assert [broken(item) for item in read(bundle)] == [
        [birth_date, ("status-without-result", "Bundle.entry[2].resource.status")],
        [birth_date, ("status-unknown", "Bundle.entry[10].resource.status")],
    ]


def test_an_antigen_test_takes_the_device_of_the_list() -> None:
    bundle = sample()
    pcr = find(bundle, "pcr")
    pcr["code"] = coded("http://loinc.org", "94558-4")
    assert [code for code, _ in broken(one(bundle))] == ["device-missing"]
    pcr["device"] = {"identifier": {"value": "no-such-device"}}
    assert broken(one(bundle)) == [
        ("device-unknown", "Bundle.entry[2].resource.device.identifier[0].value")
    ]
    pcr["device"] = reference("Device/kit")
    bundle["entry"].append(
        {
            "resource": {
                "resourceType": "Device",
                "id": "kit",
                "identifier": [{"value": "lot-7"}, {"value": "1232"}],
            }
        }
    )
    assert result(one(bundle)).device == "1232"


@pytest.mark.parametrize("where", ["Bundle", "header", "report", "pcr", "person"])
@pytest.mark.parametrize(
    ("system", "code", "trial"),
    [
        ("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST", True),
        ("http://terminology.hl7.org/CodeSystem/v2-0103", "T", True),
        ("http://terminology.hl7.org/CodeSystem/v2-0103", "D", True),
        ("http://terminology.hl7.org/CodeSystem/v2-0103", "P", False),
        ("http://example.org/other", "T", False),
    ],
)
def test_trials(where: str, system: str, code: str, *, trial: bool) -> None:
    bundle = sample()
    marked = bundle if where == "Bundle" else find(bundle, where)
    marked["meta"] = {"tag": [{"system": system, "code": code}]}
    item = one(bundle)
    assert item.test_mode is trial
    assert item.result is not None


def test_a_bundle_without_a_test_is_one_rejected_item() -> None:
    for bundle in ({"resourceType": "Bundle"}, {"resourceType": "Bundle", "entry": [1, {}]}):
        assert broken(one(bundle)) == [("test-missing", "Bundle")]
    assert one({"resourceType": "Bundle"}).ordinal == "1"


def test_another_resource_is_no_bundle() -> None:
    assert broken(one({"resourceType": "Patient"})) == [("message-type-unsupported", "Bundle")]
