"""The demonstration's files with what laboratory systems send besides the test.

As in the reports of SI-DEP's and ReportStream's senders: the order, answers to questions asked at
ordering, notes, who prescribed. None of it is a result, yet a parser has to read it.
"""

from __future__ import annotations

import json
from typing import Any

_QUESTIONS = {
    "95417-2": "First test for condition of interest",
    "95418-0": "Whether patient is employed in a healthcare setting",
    "95419-8": "Has symptoms related to condition of interest",
    "95420-6": "Admitted to intensive care unit for condition of interest",
    "95421-4": "Resides in a congregate care setting",
    "77974-4": "Patient was hospitalized because of this condition",
    "82810-3": "Pregnancy status",
    "30525-0": "Age",
}
_LABORATORY = "Laboratoire des Lilas^^^^^FINESS&1.2.250.1.71.4.2.2&ISO^FINEG^^^759990013"
_DOCTOR = "810001234565^MOREAU^Jean^^^^^^ANS&1.2.250.1.71.4.2.1&ISO^D^^^RPPS"


def full_hl7(batch: bytes) -> bytes:
    """A batch with SFT, ORC, NTE and questions in each of its messages."""
    segments = []
    for segment in batch.decode().split("\r"):
        name = segment[:3]
        if name == "OBR":
            segments.append(f"ORC|RE|P26112300001^CABINET|26112300001^LABO|||||||||{_DOCTOR}")
        segments.append(segment)
        if name == "MSH":
            segments.append("SFT|Editeur|4.2|SIL|4.2.17||20260901")
        if name == "OBX":
            segments.append("NTE|1|L|Résultat à interpréter selon le contexte clinique|RE")
            segments += _answers()
    return "\r".join(segments).encode()


def _answers() -> list[str]:
    return [
        f"OBX|{number}|CWE|{code}^{text}^LN^^^^2.69||N^No^HL70136||||||F|||20261123080000+0100"
        f"|||||20261123114600+0100||||{_LABORATORY}|12 rue des Lilas^^Paris^^75019^FRA|||||QST"
        for number, (code, text) in enumerate(_QUESTIONS.items(), start=2)
    ]


def full_fhir(bundles: bytes) -> bytes:
    """NDJSON with the order, its prescriber and the questions in each of its Bundles."""
    return b"".join(_full_bundle(json.loads(line)) + b"\n" for line in bundles.splitlines())


def _full_bundle(bundle: dict[str, Any]) -> bytes:
    kinds = {each["resource"]["resourceType"]: each for each in bundle["entry"]}
    subject = {"reference": kinds["Patient"]["fullUrl"]}
    report = kinds["DiagnosticReport"]["resource"]
    report["basedOn"] = [{"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"}]
    resources = [
        _request(subject),
        *_prescriber(),
        *(_question(subject, *q) for q in _QUESTIONS.items()),
    ]
    bundle["entry"] += [
        {"fullUrl": f"urn:uuid:00000000-0000-4000-8000-{number:012}", "resource": resource}
        for number, resource in enumerate(resources, start=1)
    ]
    return json.dumps(bundle, ensure_ascii=False).encode()


def _request(subject: dict[str, str]) -> dict[str, Any]:
    return {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "subject": subject,
        "requester": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000002"},
        "supportingInfo": [
            {"reference": f"urn:uuid:00000000-0000-4000-8000-{number:012}"}
            for number in range(4, 4 + len(_QUESTIONS))
        ],
    }


def _prescriber() -> list[dict[str, Any]]:
    return [
        {
            "resourceType": "PractitionerRole",
            "practitioner": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000003"},
        },
        {
            "resourceType": "Practitioner",
            "identifier": [{"system": "https://rpps.esante.gouv.fr", "value": "10001234565"}],
            "name": [{"family": "MOREAU", "given": ["Jean"]}],
        },
    ]


def _question(subject: dict[str, str], code: str, display: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "subject": subject,
        "effectiveDateTime": "2026-11-23T08:00:00+01:00",
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": display}]},
        "valueCodeableConcept": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/v2-0136",
                    "code": "N",
                    "display": "No",
                }
            ]
        },
    }
