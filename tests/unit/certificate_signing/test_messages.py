"""The signing queue takes nine types of message, and names what it refuses."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from certificate_signing.messages import Subject, subject_of, subjects
from tests.unit.certificate_signing.test_stored_certificate import HELD, REVOKED, THEN
from vigie.certificates.certificate_due import RecoveryDue
from vigie.certificates.reissue_due import ReissueDue
from vigie.errors import Rejected
from vigie.events.bundle import unbundled

SAMPLES = sorted(Path("events/certificate_signing").glob("*.json"))


def _bodies(sample: Path) -> Sequence[str]:
    record = json.loads(sample.read_text(encoding="utf-8"))["Records"][0]
    return unbundled(record["body"])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_names_its_source(sample: Path) -> None:
    subject = subject_of(_bodies(sample)[0])
    place = "V" if sample.stem.startswith("vaccination") else "750712184"
    assert subject.source_id == f"{place}-mfrggzdfmztwq2lknnwg23tpoa"


def test_there_is_a_sample_of_each_type() -> None:
    types = {json.loads(body)["type"] for path in SAMPLES for body in _bodies(path)}
    assert sorted(types) == [
        "RecoveryDue",
        "ReissueDue",
        "RenewalDue",
        "ResultCorrected",
        "ResultRecorded",
        "ResultWithdrawn",
        "VaccinationCorrected",
        "VaccinationRecorded",
        "VaccinationWithdrawn",
    ]


def test_a_message_of_the_release_is_understood() -> None:
    assert subject_of(RecoveryDue(result_id="abc").model_dump_json()) == Subject(source_id="abc")


def test_a_reissue_is_taken_apart_into_its_records() -> None:
    due = ReissueDue(
        job="j1", records=("abc", "abd"), issued_before=datetime.now(UTC), reason="rotated"
    )
    named = [subject_of(body) for body in subjects(due.model_dump_json())]
    assert [subject.source_id for subject in named] == ["abc", "abd"]
    assert [subject.reissue for subject in named] == [
        due.model_copy(update={"records": (each,)}) for each in due.records
    ]


@pytest.mark.parametrize(
    ("changes", "concerned"),
    [
        ({}, True),
        ({"kids": ("0e" * 8,)}, False),
        ({"kids": ("0e" * 8, "0d" * 8)}, True),
        ({"issued_before": THEN}, False),
    ],
)
def test_a_reissue_concerns_what_was_issued_before_by_its_signers(
    changes: dict[str, Any], *, concerned: bool
) -> None:
    due = ReissueDue(
        job="j1", records=("abc",), issued_before=THEN + timedelta(1), reason="rotated"
    ).model_copy(update=changes)
    assert due.concerns(HELD, THEN + timedelta(2)) is concerned
    assert not due.concerns(REVOKED, THEN + timedelta(2))
    assert not due.concerns(HELD, HELD.expires_at)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"type":"CertificateIssued","result_id":"abc"}', "event-unknown"),
        ('{"type":"RecoveryDue"}', "message-malformed"),
        ('{"type":"RecoveryDue","result_id":""}', "message-malformed"),
        ('{"result_id":"abc"}', "message-malformed"),
        ('{"type":"VaccinationRecorded","result_id":"abc","version":1}', "message-malformed"),
        (
            '{"type":"VaccinationRecorded","vaccination_id":"750712184-abc","version":1}',
            "message-malformed",
        ),
        ('{"type":"ReissueDue","job":"j","records":[]}', "message-malformed"),
        ("[]", "message-malformed"),
        ("no JSON", "message-malformed"),
    ],
)
def test_anything_else_is_refused_by_name(body: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        subject_of(body)
    assert refused.value.code == code
