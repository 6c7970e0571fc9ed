"""Writes test results as Vigie's CSV, as a laboratory system would."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from vigie.results.codes import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.results.test_result import TestResult

_STATUS = {
    Status.PRELIMINARY: "P",
    Status.FINAL: "F",
    Status.AMENDED: "A",
    Status.CORRECTED: "C",
    Status.WITHDRAWN: "W",
    Status.NOT_OBTAINABLE: "X",
}
_OUTCOME = {
    Outcome.DETECTED: "P",
    Outcome.NOT_DETECTED: "N",
    Outcome.INCONCLUSIVE: "I",
    Outcome.NOT_OBTAINABLE: "",
}
_COLUMNS = (
    "vigie_csv_1",
    "result_id",
    "status",
    "loinc",
    "result",
    "device",
    "sampled_at",
    "reported_at",
    "ins",
    "family_name",
    "given_names",
    "birth_date",
    "sex",
    "email",
    "phone",
    "language",
    "commune",
    "testing_centre",
)


def write_csv(results: Iterable[TestResult], laboratory: str, name: str) -> bytes:
    """The bytes of a file, `;` between fields, UTF-8 with a byte order mark.

    Args:
        results: one row each.
        laboratory: FINESS; the format does not repeat it, for it is the prefix.
        name: of the testing centre.
    """
    del laboratory
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(result, name) for result in results)
    return text.getvalue().encode("utf-8-sig")


def _row(result: TestResult, name: str) -> tuple[str, ...]:
    identity, contact = result.identity, result.contact
    return (
        "",
        result.local_id.accession,
        _STATUS[result.status],
        result.local_id.loinc,
        _OUTCOME[result.outcome],
        result.device or "",
        result.sampled_at.isoformat(),
        result.reported_at.isoformat(),
        identity.ins or "",
        identity.family_name,
        " ".join(identity.given_names),
        identity.birth_date,
        identity.sex.value,
        contact.email or "",
        contact.phone or "",
        result.language.value if result.language else "",
        result.commune or "",
        name,
    )
