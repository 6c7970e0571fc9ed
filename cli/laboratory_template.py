"""Files that a laboratory can begin from, in each format: invented tests of yesterday."""

import csv
import io
import json
from datetime import datetime, timedelta

from result_intake.csv_format.columns import COLUMNS

_LOINC = {"system": "http://loinc.org", "code": "94500-6"}
_NEGATIVE = {"system": "http://snomed.info/sct", "code": "260415000"}
_INS = "urn:oid:1.2.250.1.213.1.4.8"


def csv_template(now: datetime) -> bytes:
    """Vigie's CSV with every column, and one line of the samples in its documentation."""
    sampled, reported = _times(now)
    times = {"sampled_at": sampled.isoformat(), "reported_at": f"{reported:%d/%m/%Y %H:%M}"}
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.name for column in COLUMNS)
    writer.writerow(times.get(column.name, column.sample) for column in COLUMNS)
    return text.getvalue().encode("utf-8-sig")


def hl7_template(now: datetime) -> bytes:
    """A message ORU^R01, version 2.5.1, of one test."""
    sampled, reported = (f"{moment:%Y%m%d%H%M%S%z}" for moment in _times(now))
    header = f"LIS|Laboratoire du Port|VIGIE||{reported}||ORU^R01^ORU_R01|1|P|2.5.1|||||FRA|"
    address, phone = "^^^^13002^FRA^H^^13055", "^PRN^CP^^^^^^^^^+33639981234"
    ins = "269054958815780^^^INS-NIR&1.2.250.1.213.1.4.8&ISO^INS-NIR"
    segments = (
        f"MSH|^~\\&|{header}UNICODE UTF-8",
        f"PID|1||{ins}||LEFÈVRE^Anne-Marie^Odile^^^^L||19690514|F|||{address}||{phone}",
        "ORC|RE|P26A0147|26A0147-1",
        f"OBR|1|P26A0147|26A0147-1|94500-6^^LN|||{sampled}|||||||||||||||{reported}|||F",
        "OBX|1|CWE|94500-6^^LN||260415000^^SCT||||||F",
        f"SPM|1|||258500001^^SCT|||||||||||||{sampled}",
    )
    return "".join(f"{segment}\r" for segment in segments).encode()


def fhir_template(now: datetime) -> bytes:
    """A Bundle of one test, indented."""
    sampled, reported = (moment.isoformat() for moment in _times(now))
    subject, specimen = {"reference": "urn:uuid:patient"}, {"reference": "urn:uuid:specimen"}
    resources = {
        "report": {
            "resourceType": "DiagnosticReport",
            "identifier": [{"value": "26A0147-1"}],
            "status": "final",
            "code": {"coding": [_LOINC]},
            "subject": subject,
            "issued": reported,
            "result": [{"reference": "urn:uuid:observation"}],
        },
        "observation": {
            "resourceType": "Observation",
            "status": "final",
            "code": {"coding": [_LOINC]},
            "subject": subject,
            "specimen": specimen,
            "issued": reported,
            "valueCodeableConcept": {"coding": [_NEGATIVE]},
        },
        "specimen": {
            "resourceType": "Specimen",
            "subject": subject,
            "collection": {"collectedDateTime": sampled},
        },
        "patient": {
            "resourceType": "Patient",
            "identifier": [{"system": _INS, "value": "269054958815780"}],
            "name": [{"use": "official", "family": "LEFÈVRE", "given": ["Anne-Marie", "Odile"]}],
            "gender": "female",
            "birthDate": "1969-05-14",
            "telecom": [{"system": "phone", "value": "+33639981234"}],
        },
    }
    entries = [
        {"fullUrl": f"urn:uuid:{name}", "resource": each} for name, each in resources.items()
    ]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return f"{json.dumps(bundle, indent=1, ensure_ascii=False)}\n".encode()


def _times(now: datetime) -> tuple[datetime, datetime]:
    """When the test was sampled and reported."""
    reported = (now - timedelta(days=1)).replace(second=0, microsecond=0)
    return reported - timedelta(hours=6), reported
