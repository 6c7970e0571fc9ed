"""The signing queue takes four types of message, and names what it refuses."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from certificate_signing.messages import Subject, subject_of
from vigie.certificates.recovery_due import RecoveryDue
from vigie.errors import Rejected
from vigie.events.bundle import unbundled

SAMPLES = sorted(Path("events/certificate_signing").glob("*.json"))


def _bodies(sample: Path) -> Sequence[str]:
    record = json.loads(sample.read_text(encoding="utf-8"))["Records"][0]
    return unbundled(record["body"])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_names_its_result(sample: Path) -> None:
    subject = subject_of(_bodies(sample)[0])
    assert subject.result_id == "750712184-mfrggzdfmztwq2lknnwg23tpoa"


def test_there_is_a_sample_of_each_type() -> None:
    types = {json.loads(body)["type"] for path in SAMPLES for body in _bodies(path)}
    assert sorted(types) == [
        "RecoveryDue",
        "ResultCorrected",
        "ResultRecorded",
        "ResultWithdrawn",
    ]


def test_a_message_of_the_release_is_understood() -> None:
    assert subject_of(RecoveryDue(result_id="abc").model_dump_json()) == Subject(result_id="abc")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"type":"CertificateIssued","result_id":"abc"}', "event-unknown"),
        ('{"type":"RecoveryDue"}', "message-malformed"),
        ('{"type":"RecoveryDue","result_id":""}', "message-malformed"),
        ('{"result_id":"abc"}', "message-malformed"),
        ("[]", "message-malformed"),
        ("no JSON", "message-malformed"),
    ],
)
def test_anything_else_is_refused_by_name(body: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        subject_of(body)
    assert refused.value.code == code
