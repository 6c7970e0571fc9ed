"""Other people's laboratory reports are read without an exception, and real tests get through."""

import re
from pathlib import Path

import pytest

from result_intake.message_verdicts import MessageVerdicts
from tests.conformance.lab_reports import FOLDER, items_of, outcomes
from vigie.acknowledgement import Entry, EntryOutcome


@pytest.fixture
def reports(data_folder: Path) -> Path:
    folder = data_folder / FOLDER
    if not folder.is_dir():
        pytest.skip("the data has no lab-reports")
    return folder


def test_every_item_ends_accepted_or_with_a_named_rule(reports: Path) -> None:
    found = list(outcomes(reports))
    assert found
    assert [case for case in found if not case.as_expected] == []


@pytest.mark.parametrize(
    ("name", "accepted", "of"),
    [
        ("Example-hl7-file.hl7", 1, 1),
        ("batch_message.hl7", 2, 2),
        ("single_message.hl7", 1, 1),
        # Four of its made-up samplings are days after their reports.
        ("test-0001-input-covid-19.hl7", 16, 20),
        ("bundle.json", 3, 3),
    ],
)
def test_real_tests_of_the_catalogue_are_accepted(
    reports: Path, name: str, accepted: int, of: int
) -> None:
    path = next(reports.rglob(name), None)
    if path is None:
        pytest.skip("this folder is of another corpus")
    items = items_of(path)
    assert (sum(item.result is not None for item in items), len(items)) == (accepted, of)


def test_a_message_and_its_bundle_are_judged_alike(reports: Path) -> None:
    pairs = [
        (message, message.with_suffix(".fhir"))
        for message in reports.rglob("sample_oru_*.hl7")
        if message.with_suffix(".fhir").exists()
    ]
    for message, bundle in pairs:
        judged = [[item.breaches[0].code for item in items_of(each)] for each in (message, bundle)]
        assert judged[0] == judged[1]


def test_every_message_is_answered_under_its_own_control_id(reports: Path) -> None:
    paths = sorted(reports.rglob("*.hl7"))
    for path in paths:
        headers = re.findall(rb"^MSH\|.*$", path.read_bytes().replace(b"\r", b"\n"), re.MULTILINE)
        verdicts = MessageVerdicts()
        for item in items_of(path):
            outcome = EntryOutcome.ACCEPTED if item.result else EntryOutcome.REJECTED
            entry = Entry(
                ordinal=item.ordinal, place=item.place, outcome=outcome, rules=item.breaches
            )
            verdicts.note(entry, item.envelope)
        answered = [each.envelope.control_id for each in verdicts.messages()]
        assert answered == [header.split(b"|")[9].decode() for header in headers], path.name
