"""One test written in HL7 v2, FHIR and CSV is one result: the same id, the same content."""

import json
from datetime import UTC, datetime

import pytest

from result_intake import csv_format, fhir, hl7
from vigie.results.reading import Item

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def in_hl7(status: str, outcome: str) -> Item:
    message = "\r".join((
        (r"MSH|^~\&|LIS|690781810|VIGIE||20261123150000+0100||ORU^R01^ORU_R01|1|P|2.5.1"
        "||||||UNICODE UTF-8"),
        ("PID|1||269054958815780^^^INS-NIR&1.2.250.1.213.1.4.8&ISO^INS-NIR||LEFÈVRE^Anne-Marie"
        "^Anne-Marie Odile^^^^L||19690514|F|||^^^^20000^^H^^^2A004||^PRN^CP^^33^^639981234"
        "~^NET^Internet^a.lefevre@example.fr||fr"),
        "ORC|RE||26A0147",
        ("OBR|1|Q7K2-M9X8^VIGIE|26A0147|94531-1^^LN|||20261123|||||||||10001234565^A^B^^^^^^"
        "ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^D^^^RPPS||||||20261123140200+0100|||F"),
        f"OBX|1|CWE|94500-6^^LN||{outcome}^^SCT||||||{status}||||||||||||Laboratoire du Port",
        "OBX|2|NM|94745-7^^LN||24.5||||||F",
        "OBX|3|ST|96741-4^^LN||A0C1D9||||||F",
        "OBX|4|ST|96895-8^^LN||BA.2.86||||||F",
        "SPM|1|||258500001^^SCT|||||||||||||20261123081500+0100",
    ))  # fmt: skip
    (item,) = hl7.read_messages([message.encode()], now=NOW)
    return item


def in_csv(status: str, outcome: str) -> Item:
    row = {
        "vigie_csv_1": "", "result_id": "26A0147", "status": status, "loinc": "94500-6",
        "result": outcome, "sampled_at": "23/11/2026 08:15",
        "reported_at": "2026-11-23T14:02:00+01:00", "ins": "269054958815780",
        "family_name": "LEFÈVRE", "given_names": "Anne-Marie Odile", "birth_date": "14/05/1969",
        "sex": "F", "email": "a.lefevre@example.fr", "phone": "06 39 98 12 34",
        "language": "fr", "variant": "A0C1D9", "lineage": "BA.2.86", "ct": "24,5",
        "prescriber": "10001234565",
        "commune": "2A004", "postcode": "20000", "testing_centre": "Laboratoire du Port",
        "order_token": "q7k2m9x8",
    }  # fmt: skip
    lines = [";".join(row).encode(), ";".join(row.values()).encode()]
    (item,) = csv_format.read_file(lines, now=NOW)
    return item


def in_fhir(status: str, outcome: str) -> Item:
    def loinc(code: str) -> dict[str, object]:
        return {"coding": [{"system": "http://loinc.org", "code": code}]}

    patient = {
        "resourceType": "Patient",
        "identifier": [{"system": "urn:oid:1.2.250.1.213.1.4.8", "value": "269054958815780"}],
        "name": [{"use": "official", "family": "LEFÈVRE", "given": ["Anne-Marie", "Odile"]}],
        "birthDate": "1969-05-14",
        "gender": "female",
        "telecom": [
            {"system": "phone", "value": "+33 6 39 98 12 34"},
            {"system": "email", "value": "a.lefevre@example.fr"},
        ],
        "address": [
            {
                "postalCode": "20000",
                "extension": [
                    {
                        "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/"
                        "fr-core-address-insee-code",
                        "valueCoding": {"code": "2A004"},
                    }
                ],
            }
        ],
        "communication": [{"language": {"coding": [{"code": "fr"}]}}],
    }
    rpps = {"system": "https://rpps.esante.gouv.fr", "value": "10001234565"}
    observation = {
        "resourceType": "Observation",
        "id": "o",
        "status": status,
        "code": loinc("94500-6"),
        "valueCodeableConcept": {"coding": [{"code": outcome}]},
        "performer": [{"display": "Laboratoire du Port"}],
        "component": [
            {"code": loinc("94745-7"), "valueQuantity": {"value": 24.5}},
            {"code": loinc("96741-4"), "valueString": "A0C1D9"},
            {"code": loinc("96895-8"), "valueString": "BA.2.86"},
        ],
    }
    filler = {"coding": [{"code": "FILL"}]}
    report = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "identifier": [{"type": filler, "value": "26A0147"}],
        "basedOn": [{"reference": "ServiceRequest/s"}],
        "specimen": [{"reference": "Specimen/m"}],
        "issued": "2026-11-23T13:02:00Z",
        "result": [{"reference": "Observation/o"}],
    }
    collection = {"collectedDateTime": "2026-11-23T07:15:00Z"}
    request = {
        "resourceType": "ServiceRequest",
        "id": "s",
        "identifier": [{"value": "x"}, {"system": "urn:vigie:order", "value": "q7k2m9x8"}],
        "requester": {"identifier": rpps},
    }
    specimen = {"resourceType": "Specimen", "id": "m", "collection": collection}
    resources = (patient, observation, report, request, specimen)
    bundle = {"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}
    (item,) = fhir.read_bundle(json.dumps(bundle).encode(), now=NOW)
    return item


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("F", "final"),
        ("P", "preliminary"),
        ("C", "corrected"),
        ("A", "amended"),
        ("W", "entered-in-error"),
        ("X", "cancelled"),
    ],
)
@pytest.mark.parametrize("outcome", ["260373001", "260385009", "419984006"])
def test_a_test_is_the_same_result_in_every_format(letter: str, code: str, outcome: str) -> None:
    hl7_item, csv_item = in_hl7(letter, outcome), in_csv(letter, outcome)
    fhir_item = in_fhir(code, outcome)
    assert hl7_item.result is not None, hl7_item.breaches
    assert hl7_item.result.order_token == "q7k2m9x8"
    assert csv_item.result == hl7_item.result
    assert fhir_item.result == hl7_item.result
    told = [{each.code for each in item.breaches} for item in (hl7_item, csv_item, fhir_item)]
    assert told == [told[0]] * 3
