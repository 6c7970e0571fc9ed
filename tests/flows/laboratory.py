"""What laboratories send: invented tests, in each format."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from demo.csv_file import write_csv
from demo.fhir_bundles import write_ndjson
from demo.hl7_batch import write_batch
from demo.people import invent_person
from tests.flows.wired import LABORATORY, NOW
from vigie.person.identity import Contact
from vigie.results.codes import Language, Method, Outcome, Status
from vigie.results.test_result import LocalId, TestResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["LABORATORY", "WRITERS", "file_of", "four", "invented", "later"]

WRITERS: dict[str, Callable[[Iterable[TestResult], str, str], bytes]] = {
    "hl7": write_batch,
    "ndjson": write_ndjson,
    "csv": write_csv,
}
UNLISTED_DEVICE = "9999"


def file_of(tests: Iterable[TestResult], extension: str) -> bytes:
    """A file with tests, in the format of an extension."""
    return WRITERS[extension](tests, LABORATORY, "Laboratoire des Lilas")


def invented(number: int, **changes: Any) -> TestResult:  # noqa: ANN401 - any field of a result
    """A negative NAAT of person `number`, who has an e-mail address if it is even."""
    person = invent_person(Random(number), number)  # noqa: S311 - the same person for a number
    contact = (
        Contact(phone=f"+336399800{number:02d}")
        if number % 2
        else Contact(email=f"personne.{number}@example.fr")
    )
    result = TestResult(
        local_id=LocalId(accession=f"A{number:04d}", loinc="94500-6"),
        status=Status.FINAL,
        outcome=Outcome.NOT_DETECTED,
        disease="covid-19",
        method=Method.NAAT,
        sampled_at=NOW - timedelta(hours=6),
        reported_at=NOW - timedelta(hours=2),
        identity=person.identity,
        contact=contact,
        language=Language.FRENCH,
        testing_centre="Laboratoire des Lilas",
    )
    return result.model_copy(update=changes)


def four(first: int) -> tuple[TestResult, TestResult, TestResult, TestResult]:
    """Negative, positive, positive of twelve days ago, and an antigen test of no list."""
    return (
        invented(first),
        invented(first + 1, outcome=Outcome.DETECTED),
        invented(first + 2, outcome=Outcome.DETECTED, sampled_at=NOW - timedelta(days=12)),
        invented(
            first + 3,
            method=Method.ANTIGEN,
            device=UNLISTED_DEVICE,
            local_id=LocalId(accession=f"A{first + 3:04d}", loinc="97097-0"),
        ),
    )


def later(test: TestResult, **changes: Any) -> TestResult:  # noqa: ANN401 - any field of a result
    """What a laboratory says of a test an hour after it reported it."""
    reported_at = test.reported_at + timedelta(hours=1)
    return test.model_copy(update={"reported_at": reported_at, **changes})
