"""A French report as a FHIR Bundle, and how tests read one."""

import json
from datetime import UTC, datetime
from typing import Any

from result_intake.fhir import read_bundle
from vigie.results.reading import Item
from vigie.results.test_result import TestResult

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"
Json = dict[str, Any]


def coded(system: str, *codes: str) -> Json:
    return {"coding": [{"system": system, "code": code} for code in codes]}


def reference(target: str) -> Json:
    return {"reference": target}


def sample() -> Json:
    """A report of one PCR, with everything that a French laboratory may say."""
    resources: list[Json] = [
        {"resourceType": "MessageHeader", "id": "header"},
        {
            "resourceType": "DiagnosticReport",
            "id": "report",
            "identifier": [
                {"type": coded(V2_0203, "PLAC"), "value": "orderer-9"},
                {"type": coded(V2_0203, "FILL"), "value": "26A0147"},
            ],
            "status": "final",
            "code": coded("http://loinc.org", "94531-1"),
            "subject": reference("Patient/person"),
            "basedOn": [reference("ServiceRequest/request")],
            "specimen": [reference("Specimen/swab")],
            "effectiveDateTime": "2026-11-23",
            "issued": "2026-11-23T14:02:00+01:00",
            "result": [reference("Observation/pcr"), reference("Observation/ct")],
        },
        {
            "resourceType": "Observation",
            "id": "pcr",
            "status": "final",
            "code": coded("http://loinc.org", "94500-6"),
            "subject": reference("Patient/person"),
            "valueCodeableConcept": coded("http://snomed.info/sct", "260373001"),
            "performer": [reference("Organization/lab")],
        },
        {
            "resourceType": "Observation",
            "id": "ct",
            "status": "final",
            "code": coded("http://loinc.org", "94745-7"),
            "valueQuantity": {"value": 24.50},
        },
        {
            "resourceType": "Patient",
            "id": "person",
            "identifier": [
                {"system": "https://lab.example.fr/ipp", "value": "123"},
                {"system": "urn:oid:1.2.250.1.213.1.4.8", "value": "269054958815780"},
            ],
            "name": [
                {"use": "usual", "family": "MARTIN", "given": ["Annie"]},
                {
                    "use": "official",
                    "family": "LEFÈVRE",
                    "given": ["Anne-Marie"],
                    "extension": [
                        {
                            "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/"
                            "fr-core-patient-birth-list-given-name",
                            "valueString": "Anne-Marie Odile",
                        }
                    ],
                },
            ],
            "gender": "female",
            "birthDate": "1969-05-14",
            "telecom": [
                {"system": "phone", "value": "01 99 00 12 34", "use": "home"},
                {"system": "phone", "value": "06 39 98 12 34", "use": "mobile"},
                {"system": "email", "value": "a.lefevre@example.fr"},
            ],
            "address": [
                {
                    "extension": [
                        {
                            "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/"
                            "fr-core-address-insee-code",
                            "valueCoding": {"code": "2A004"},
                        }
                    ],
                    "city": "Ajaccio",
                }
            ],
            "communication": [
                {"language": coded("urn:ietf:bcp:47", "en")},
                {"language": coded("urn:ietf:bcp:47", "fr-FR"), "preferred": True},
            ],
        },
        {
            "resourceType": "Specimen",
            "id": "swab",
            "collection": {"collectedPeriod": {"start": "2026-11-23T08:15:00+01:00"}},
        },
        {"resourceType": "Organization", "id": "lab", "name": "Laboratoire du Port"},
        {
            "resourceType": "ServiceRequest",
            "id": "request",
            "requester": reference("PractitionerRole/role"),
        },
        {
            "resourceType": "PractitionerRole",
            "id": "role",
            "practitioner": reference("Practitioner/doctor"),
        },
        {
            "resourceType": "Practitioner",
            "id": "doctor",
            "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "10001234565"}],
        },
    ]
    return {
        "resourceType": "Bundle",
        "type": "message",
        "entry": [{"resource": resource} for resource in resources],
    }


def find(bundle: Json, name: str) -> Json:
    found: Json = next(
        entry["resource"] for entry in bundle["entry"] if entry["resource"]["id"] == name
    )
    return found


def read(bundle: Json) -> list[Item]:
    return list(read_bundle(json.dumps(bundle).encode(), now=NOW))


def one(bundle: Json) -> Item:
    (item,) = read(bundle)
    return item


def result(item: Item) -> TestResult:
    assert item.result is not None, item.breaches
    return item.result


def broken(item: Item) -> list[tuple[str, str]]:
    return [(each.code, each.place) for each in item.breaches]
