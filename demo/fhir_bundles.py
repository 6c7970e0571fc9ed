"""Writes test results as FHIR R4 Bundles, one to a line (NDJSON)."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from vigie.results.codes import Outcome, Sex, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.results.test_result import TestResult

_NAMESPACE = uuid.UUID("7f3f2f3a-98f5-5c5e-8f0e-0a5d5f3f9b11")
_INS_NIR = "urn:oid:1.2.250.1.213.1.4.8"
_DEVICE_LIST = "https://covid-19-diagnostics.jrc.ec.europa.eu/devices"
_COMMUNE = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code"
_STATUS = {
    Status.PRELIMINARY: "preliminary",
    Status.FINAL: "final",
    Status.AMENDED: "amended",
    Status.CORRECTED: "corrected",
    Status.WITHDRAWN: "entered-in-error",
    Status.NOT_OBTAINABLE: "cancelled",
}
_OUTCOME = {
    Outcome.DETECTED: ("10828004", "Positive"),
    Outcome.NOT_DETECTED: ("260385009", "Negative"),
    Outcome.INCONCLUSIVE: ("419984006", "Inconclusive"),
}
_GENDER = {Sex.FEMALE: "female", Sex.MALE: "male", Sex.OTHER: "other", Sex.UNKNOWN: "unknown"}


def write_ndjson(results: Iterable[TestResult], laboratory: str, name: str) -> bytes:
    """The bytes of a file with one Bundle for each result.

    Args:
        results: one Bundle each.
        laboratory: FINESS.
        name: of the testing centre.
    """
    lines = (json.dumps(bundle(result, laboratory, name), ensure_ascii=False) for result in results)
    return "".join(f"{line}\n" for line in lines).encode()


def bundle(result: TestResult, laboratory: str, name: str) -> dict[str, Any]:
    """One Bundle of type collection, its references by `urn:uuid`."""
    accession = result.local_id.accession
    ids = {
        kind: f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{kind} {laboratory} {accession}')}"
        for kind in ("patient", "observation", "report", "specimen", "organization")
    }
    resources = {
        "report": _report(result, ids),
        "observation": _observation(result, ids),
        "patient": _patient(result),
        "specimen": {
            "resourceType": "Specimen",
            "subject": {"reference": ids["patient"]},
            "collection": {"collectedDateTime": result.sampled_at.isoformat()},
        },
        "organization": {
            "resourceType": "Organization",
            "identifier": [{"system": "https://finess.esante.gouv.fr", "value": laboratory}],
            "name": name,
        },
    }
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": result.reported_at.isoformat(),
        "entry": [
            {"fullUrl": ids[kind], "resource": resource} for kind, resource in resources.items()
        ],
    }


def _report(result: TestResult, ids: dict[str, str]) -> dict[str, Any]:
    return {
        "resourceType": "DiagnosticReport",
        "identifier": [
            {
                "type": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/v2-0203",
                            "code": "FILL",
                        }
                    ]
                },
                "value": result.local_id.accession,
            }
        ],
        "status": _STATUS[result.status],
        "code": _loinc(result),
        "subject": {"reference": ids["patient"]},
        "issued": result.reported_at.isoformat(),
        "performer": [{"reference": ids["organization"]}],
        "specimen": [{"reference": ids["specimen"]}],
        "result": [{"reference": ids["observation"]}],
    }


def _observation(result: TestResult, ids: dict[str, str]) -> dict[str, Any]:
    observation: dict[str, Any] = {
        "resourceType": "Observation",
        "status": _STATUS[result.status],
        "code": _loinc(result),
        "subject": {"reference": ids["patient"]},
        "effectiveDateTime": result.sampled_at.isoformat(),
        "issued": result.reported_at.isoformat(),
        "specimen": {"reference": ids["specimen"]},
        "performer": [{"reference": ids["organization"]}],
    }
    if result.outcome in _OUTCOME:
        code, display = _OUTCOME[result.outcome]
        observation["valueCodeableConcept"] = {
            "coding": [{"system": "http://snomed.info/sct", "code": code, "display": display}]
        }
    if result.device:
        observation["device"] = {"identifier": {"system": _DEVICE_LIST, "value": result.device}}
    return observation


def _loinc(result: TestResult) -> dict[str, Any]:
    return {"coding": [{"system": "http://loinc.org", "code": result.local_id.loinc}]}


def _patient(result: TestResult) -> dict[str, Any]:
    identity, contact = result.identity, result.contact
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "name": [
            {
                "use": "official",
                "family": identity.family_name,
                "given": list(identity.given_names),
            }
        ],
        "birthDate": identity.birth_date,
        "gender": _GENDER[identity.sex],
        "telecom": [
            {"system": system, "value": value}
            for system, value in (("email", contact.email), ("phone", contact.phone))
            if value
        ],
    }
    if result.commune:
        commune = {"url": _COMMUNE, "valueCoding": {"code": result.commune}}
        patient["address"] = [{"use": "home", "country": "FR", "extension": [commune]}]
    if identity.ins:
        patient["identifier"] = [{"system": _INS_NIR, "value": identity.ins}]
    if result.language:
        patient["communication"] = [
            {
                "language": {
                    "coding": [{"system": "urn:ietf:bcp:47", "code": result.language.value}]
                },
                "preferred": True,
            }
        ]
    return patient
