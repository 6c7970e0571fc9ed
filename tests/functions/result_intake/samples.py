"""One test in each format, with what a test wants to vary."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

_CSV = {
    "vigie_csv_1": "",
    "result_id": "accession",
    "status": "status",
    "loinc": "loinc",
    "result": "outcome",
    "sampled_at": "sampled_at",
    "reported_at": "reported_at",
    "family_name": "family_name",
    "given_names": "given_name",
    "birth_date": "birth_date",
    "sex": "sex",
    "email": "email",
    "mode": "mode",
}
_FHIR_STATUS = {"F": "final", "P": "preliminary", "C": "corrected", "W": "entered-in-error"}


@dataclass(frozen=True)
class Sample:
    """What a laboratory says; each field in the notation of the CSV."""

    accession: str = "A1"
    status: str = "F"
    loinc: str = "94500-6"
    outcome: str = "260373001"
    sampled_at: str = "2026-11-20T08:00:00+01:00"
    reported_at: str = "2026-11-20T12:00:00+01:00"
    family_name: str = "Canari"
    given_name: str = "Zénobie"
    birth_date: str = "1969-05-14"
    sex: str = "F"
    email: str = "zenobie@canari.example"
    mode: str = "P"

    def but(self, **changes: str) -> Sample:
        """The same with other values."""
        return replace(self, **changes)

    def at(self, hour: int) -> Sample:
        """The same, reported at another hour of the day."""
        return replace(self, reported_at=f"2026-11-20T{hour:02}:00:00+01:00")


def csv_of(*samples: Sample) -> bytes:
    """A CSV of tests."""
    rows = [";".join(_CSV)]
    rows += [
        ";".join(getattr(sample, field) if field else "" for field in _CSV.values())
        for sample in samples
    ]
    return ("\r\n".join(rows) + "\r\n").encode()


def hl7_of(*samples: Sample) -> bytes:
    """Messages ORU^R01, one after the other."""
    return "".join(_message(sample) for sample in samples).encode()


def ndjson_of(*samples: Sample) -> bytes:
    """Bundles, one on each line."""
    return b"".join(fhir_of(sample) + b"\n" for sample in samples)


def fhir_of(sample: Sample) -> bytes:
    """A Bundle."""
    resources: list[dict[str, Any]] = [
        {
            "resourceType": "DiagnosticReport",
            "identifier": [{"value": sample.accession}],
            "status": _FHIR_STATUS[sample.status],
            "code": {"coding": [{"system": "http://loinc.org", "code": sample.loinc}]},
            "subject": {"reference": "Patient/p"},
            "issued": sample.reported_at,
            "result": [{"reference": "Observation/o"}],
        },
        {
            "resourceType": "Observation",
            "id": "o",
            "status": _FHIR_STATUS[sample.status],
            "code": {"coding": [{"system": "http://loinc.org", "code": sample.loinc}]},
            "subject": {"reference": "Patient/p"},
            "effectiveDateTime": sample.sampled_at,
            "issued": sample.reported_at,
            "valueCodeableConcept": {
                "coding": [{"system": "http://snomed.info/sct", "code": sample.outcome}]
            },
        },
        {
            "resourceType": "Patient",
            "id": "p",
            "name": [
                {"use": "official", "family": sample.family_name, "given": [sample.given_name]}
            ],
            "gender": "female",
            "birthDate": sample.birth_date,
            "telecom": [{"system": "email", "value": sample.email}],
        },
    ]
    entries = [
        {
            "fullUrl": f"http://labo.example/{each['resourceType']}/{each.get('id', 'r')}",
            "resource": each,
        }
        for each in resources
    ]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(bundle, ensure_ascii=False).encode()


def _message(sample: Sample) -> str:
    sampled, reported = _hl7_time(sample.sampled_at), _hl7_time(sample.reported_at)
    born = sample.birth_date.replace("-", "")
    code = f"{sample.loinc}^^LN"
    segments = (
        (
            f"MSH|^~\\&|LIS|LABO|VIGIE|ARS|{reported}||ORU^R01^ORU_R01|{sample.accession}|"
            f"{sample.mode}|2.5.1|||||FRA|UNICODE UTF-8"
        ),
        (
            f"PID|1||IPP1||{sample.family_name}^{sample.given_name}^^^^^L||{born}|{sample.sex}|||"
            f"||^NET^Internet^{sample.email}"
        ),
        f"OBR|1||{sample.accession}|{code}|||{sampled}|||||||||||||||{reported}|||{sample.status}",
        f"OBX|1|CWE|{code}||{sample.outcome}^^SCT||||||{sample.status}|||{sampled}|||||{reported}",
        f"SPM|1|||258500001^^SCT|||||||||||||{sampled}",
    )
    return "".join(f"{segment}\r" for segment in segments)


def _hl7_time(text: str) -> str:
    day, _, clock = text.partition("T")
    return day.replace("-", "") + clock.replace(":", "")
