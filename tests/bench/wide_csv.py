"""Tests as SimpleReport writes them: 62 columns, most of which no rule asks of."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from result_intake.csv_format.layout import layouts
from vigie.results.codes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from vigie.results.test_result import TestResult

# Not of the 62: what some versions add.
_ADDED = {"processing_mode_code", "test_ordered_code", "genders_of_sexual_partners",
          "syphilis_history"}  # fmt: skip
_WORDS = {
    Outcome.DETECTED: "Detected",
    Outcome.NOT_DETECTED: "Not Detected",
    Outcome.INCONCLUSIVE: "Inconclusive",
    Outcome.NOT_OBTAINABLE: "Invalid Result",
}
# Filled in every line, and the same in most.
_OTHERS = {
    "patient_street": "123 Main St",
    "patient_city": "Birmingham",
    "patient_state": "AL",
    "patient_zip_code": "35226",
    "patient_county": "Jefferson",
    "patient_race": "White",
    "patient_ethnicity": "Not Hispanic or Latino",
    "specimen_type": "Nasal Swab",
    "ordering_provider_last_name": "Smith MD",
    "ordering_provider_first_name": "John",
    "ordering_provider_street": "400 Main Street",
    "ordering_provider_city": "Birmingham",
    "ordering_provider_state": "AL",
    "ordering_provider_zip_code": "35228",
    "testing_lab_clia": "01D1058442",
    "pregnant": "N",
    "employed_in_healthcare": "N",
    "symptomatic_for_disease": "N",
    "ordering_facility_name": "My Urgent Care",
    "comment": "Test Comment",
}


def wide_csv(results: Iterable[TestResult], name: str) -> bytes:
    """The bytes of a file, `,` between fields.

    Args:
        results: one row each.
        name: of the testing laboratory.
    """
    layout = next(each for each in layouts() if each.name == "simplereport")
    columns = dict.fromkeys((*(column.name for column in layout.columns), *layout.unread))
    names = [column for column in columns if column not in _ADDED]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_row(result, name) for result in results)
    return text.getvalue().encode()


def _row(result: TestResult, name: str) -> dict[str, str]:
    identity, contact = result.identity, result.contact
    return _OTHERS | {
        "accession_number": result.local_id.accession,
        "test_result_status": "F",
        "test_performed_code": result.local_id.loinc,
        "test_result": _WORDS[result.outcome],
        "equipment_model_name": result.device or "",
        "specimen_collection_date": _time(result.sampled_at),
        "order_test_date": _time(result.sampled_at),
        "date_result_released": _time(result.reported_at),
        "test_result_date": _time(result.reported_at),
        "patient_last_name": identity.family_name,
        "patient_first_name": " ".join(identity.given_names),
        "patient_dob": "{1}/{2}/{0}".format(*identity.birth_date.split("-")),
        "patient_gender": identity.sex.value,
        "patient_email": contact.email or "",
        "patient_phone_number": contact.phone or "",
        "testing_lab_name": name.replace(",", " -"),
    }


def _time(moment: datetime) -> str:
    return f"{moment.month}/{moment.day}/{moment:%Y %H:%M}"
