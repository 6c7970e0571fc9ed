"""What a result's messages leave behind: certificates that verify, and their events."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any
from unittest import mock

import pytest

from tests.faults.injector import Crash, Fault, Injector
from tests.functions.certificate_signing.world import (
    PARAMETER,
    RESULT_ID,
    VALUE_SETS,
    World,
    at,
    drained,
    rsa_key,
    signing_key,
)
from tests.unit.certificate_signing.samples import IDENTITY, LISTED
from vigie import aws
from vigie.certificates.certificate_due import RecoveryDue
from vigie.certificates.document_signer import DocumentSigner
from vigie.certificates.value_set_releases import ValueSetReleases
from vigie.dcc import cose, hcert, uvci, value_sets
from vigie.dcc.value_sets import SetId
from vigie.events.bundle import bundled
from vigie.events.event import event_id
from vigie.results.codes import Method, Outcome, Status

ISSUED, REVOKED = "CertificateIssued", "CertificateRevoked"


def test_a_negative_test_gives_a_certificate_that_verifies(world: World) -> None:
    world.result()
    assert world.deliver() == []
    [certificate] = world.certificates()
    verification = world.verified(certificate)
    assert verification.trusted
    assert verification.signer is not None
    assert verification.signer.kid.hex() == certificate.kid
    claims = verification.claims
    assert claims is not None
    assert (claims.issuer, claims.issued_at) == ("FR", at(0).replace(minute=30))
    assert claims.expires_at == certificate.expires_at
    assert claims.certificate["dob"] == IDENTITY.birth_date
    entry = world.entry(certificate)
    assert (entry["tr"], entry["sc"]) == ("260415000", "2026-11-01T09:30:00Z")
    assert uvci.checksum(str(entry["ci"])) is uvci.Checksum.VALID
    [event] = world.events()
    assert event.id == event_id(ISSUED, f"{RESULT_ID}/test#1", 1)
    assert event.occurred_at == certificate.issued_at


def test_nothing_personal_is_readable_in_the_table_or_the_log(world: World, capsys: Any) -> None:  # noqa: ANN401 - pytest has no public type for it
    world.result()
    world.deliver()
    kept = f"{world.rows()}{world.log.getvalue()}{capsys.readouterr().out}"
    for value in (IDENTITY.family_name, "MUELLER", *IDENTITY.given_names, IDENTITY.birth_date):
        assert value not in kept


def test_kms_gets_a_digest_and_no_name(world: World) -> None:
    world.result()
    with mock.patch.object(aws.kms(), "sign", wraps=aws.kms().sign) as sign:
        world.deliver()
    [call] = sign.call_args_list
    assert call.kwargs["MessageType"] == "DIGEST"
    assert len(call.kwargs["Message"]) == 32


def test_a_signer_with_an_rsa_key_signs_with_ps256(world: World) -> None:
    world.issue_dsc(rsa_key())
    world.result()
    assert world.deliver() == []
    [certificate] = world.certificates()
    message = hcert.read(world.text(certificate)).message
    assert world.verified(certificate).trusted
    assert (message.algorithm, len(message.signature)) == (cose.PS256, 256)
    assert certificate.signature_hash == sha256(message.signature).digest()[:16].hex()


def _take_off_the_list() -> None:
    document = value_sets.shipped().model_dump(mode="json", by_alias=True)
    document["release"] = "without-it"
    for part in document["sets"][SetId.DEVICE]["parts"]:
        part["codes"].pop(LISTED, None)
    releases = ValueSetReleases(aws.s3(), VALUE_SETS)
    releases.publish(json.dumps(document).encode())


def test_an_antigen_test_that_was_taken_off_the_list_gives_no_certificate(world: World) -> None:
    world.result(method=Method.ANTIGEN, device=LISTED)
    assert world.deliver() == []
    assert world.entry(world.certificates()[0])["ma"] == LISTED
    _take_off_the_list()
    world.result(method=Method.ANTIGEN, device=LISTED, version=2, testing_centre="Ailleurs")
    assert world.deliver() == []
    assert world.codes()[-1] == "certificate-refused device-not-listed"


def test_what_was_issued_before_its_test_left_the_list_holds_until_it_says_otherwise(
    world: World,
) -> None:
    world.result(method=Method.ANTIGEN, device=LISTED)
    world.deliver()
    _take_off_the_list()
    world.result(method=Method.ANTIGEN, device=LISTED, version=2, cycle_threshold=21.0)
    assert world.deliver() == []
    [certificate] = world.certificates()
    assert certificate.revoked_at is None


def test_a_certificate_that_names_no_antigen_test_needs_none_on_the_list(world: World) -> None:
    _take_off_the_list()
    world.result(method=Method.NAAT, device=LISTED)
    assert world.deliver() == []
    assert [certificate.kind for certificate in world.certificates()] == ["test"]


def test_the_same_message_again_announces_again_and_changes_nothing(world: World) -> None:
    world.result()
    world.deliver()
    rows, events = world.rows(), world.events()
    world.now = at(1)
    assert world.deliver() == []
    assert (world.rows(), world.events()) == (rows, events)


def test_a_positive_test_waits_for_the_eleventh_day(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.deliver()
    [partition] = world.reminders()
    assert partition.startswith("2026-11-12#")
    # Midnight in Paris is 23:00 UTC.
    world.now = at(10, 22)
    world.deliver()
    assert (world.certificates(), world.events()) == ([], [])
    assert world.reminders() == [partition]
    world.now = at(10, 23)
    world.deliver()
    [certificate] = world.certificates()
    entry = world.entry(certificate)
    assert (entry["fr"], entry["df"], entry["du"]) == ("2026-11-01", "2026-11-12", "2027-04-30")
    assert world.reminders() == []
    assert world.told() == [(ISSUED, "recovery#1")]


def test_a_recovery_keeps_its_certificate_after_its_last_day(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.now = at(180)
    world.deliver()
    world.result(outcome=Outcome.DETECTED, version=2, contact_tag="c1.elsewhere")
    world.now = at(181)
    world.deliver()
    [certificate] = world.certificates()
    assert certificate.revoked_at is None


def test_a_positive_test_that_comes_too_late_gives_nothing(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.now = at(181, 0)
    world.deliver()
    assert (world.rows(), world.codes()) == ([], ["recovery-lapsed"])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": Status.PRELIMINARY}, "result-preliminary"),
        ({"method": Method.ANTIGEN, "device": "999999"}, "device-not-listed"),
        ({"method": Method.SEROLOGY}, "method-not-certified"),
        ({"disease": "influenza"}, "disease-unknown"),
    ],
)
def test_what_gives_no_certificate_is_told_by_name(
    world: World, changes: dict[str, Any], reason: str
) -> None:
    world.result(**changes)
    assert world.deliver() == []
    assert (world.rows(), world.events()) == ([], [])
    assert world.codes() == [f"certificate-refused {reason}"]


def test_a_listed_antigen_test_gives_a_certificate(world: World) -> None:
    world.result(method=Method.ANTIGEN, device=LISTED)
    world.deliver()
    [certificate] = world.certificates()
    assert world.verified(certificate).trusted


def test_a_correction_revokes_and_issues(world: World) -> None:
    world.result()
    world.deliver()
    world.result(version=2, status=Status.CORRECTED, testing_centre="Laboratoire du Lac")
    world.events()
    world.now = at(1)
    world.deliver()
    first, second = world.certificates()
    assert (first.revoked_at, first.revocation_reason) == (at(1), "result-corrected")
    assert (second.certificate, second.revoked_at) == ("test#2", None)
    assert first.uvci_hash != second.uvci_hash
    assert world.verified(second).trusted
    assert world.told() == [(ISSUED, "test#2"), (REVOKED, "test#1")]


def test_a_revocation_stands_alone_if_nobody_was_told_of_the_issue(world: World) -> None:
    """The contract of `CertificateRevoked`: its consumers must bear it."""
    world.result()
    stored = Injector(7, Fault.CRASH_AFTER)
    with stored.switched_on(), pytest.raises(Crash):
        world.deliver()
    assert stored.made[-1] == "PutItem"
    world.result(version=2, status=Status.WITHDRAWN)
    world.deliver()
    assert world.told() == [(REVOKED, "test#1")]


def test_a_test_corrected_to_positive_revokes_and_waits(world: World) -> None:
    world.result()
    world.deliver()
    world.result(version=2, status=Status.CORRECTED, outcome=Outcome.DETECTED)
    world.deliver()
    [certificate] = world.certificates()
    assert certificate.revocation_reason == "result-corrected"
    assert len(world.reminders()) == 1
    world.result(version=3, status=Status.CORRECTED)
    world.deliver()
    assert [kept.certificate for kept in world.certificates() if not kept.revoked_at] == ["test#3"]
    assert world.reminders() == []


def test_a_corrected_sampling_time_moves_the_reminder(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.deliver()
    world.result(outcome=Outcome.DETECTED, version=2, sampled_at=at(1))
    world.deliver()
    [partition] = world.reminders()
    assert partition.startswith("2026-11-13#")


def test_a_correction_of_the_contact_keeps_the_certificate(world: World) -> None:
    world.result()
    world.deliver()
    rows = world.rows()
    world.result(version=2, status=Status.CORRECTED, contact_tag="c1.elsewhere")
    world.deliver()
    assert world.rows() == rows
    assert world.told() == [(ISSUED, "test#1")]


def test_a_withdrawal_revokes(world: World) -> None:
    world.result()
    world.deliver()
    world.result(version=2, status=Status.WITHDRAWN)
    world.events()
    world.deliver()
    [certificate] = world.certificates()
    assert certificate.revocation_reason == "result-withdrawn"
    assert world.told() == [(REVOKED, "test#1")]
    # What is not live is not revoked twice, and is announced again with the same words.
    revoked_at = certificate.revoked_at
    world.now = at(5)
    world.deliver()
    assert world.certificates()[0].revoked_at == revoked_at
    assert world.told() == [(REVOKED, "test#1")]


def test_a_name_that_no_certificate_holds_still_revokes_the_one_before(world: World) -> None:
    world.result()
    world.deliver()
    world.result(
        identity=IDENTITY.model_copy(update={"family_name": "李"}),
        version=2,
        status=Status.CORRECTED,
    )
    assert world.deliver() == []
    [certificate] = world.certificates()
    assert certificate.revocation_reason == "result-corrected"
    assert world.codes()[-1] == "certificate-refused name-script"


def test_a_result_that_is_gone_leaves_no_reminder(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.deliver()
    aws.dynamodb().delete_item(TableName="results", Key={"result_id": {"S": RESULT_ID}})
    assert world.deliver() == []
    assert world.rows() == []


def test_without_a_document_signer_the_message_waits_but_a_revocation_does_not(
    world: World,
) -> None:
    world.result()
    world.deliver()
    world.events()
    aws.ssm().delete_parameters(Names=[PARAMETER, f"{PARAMETER}/t"])
    world.result(version=2, status=Status.CORRECTED, testing_centre="Laboratoire du Lac")
    assert world.deliver() == ["0"]
    assert world.codes()[-1] == "message-retried dsc-missing"
    assert world.told() == [(REVOKED, "test#1")]
    world.issue_dsc(signing_key())
    assert world.deliver() == []
    assert world.told() == [(ISSUED, "test#2"), (REVOKED, "test#1")]


@pytest.mark.parametrize("value", ["no JSON", "{}", '{"key_arn":"k","certificate":"AAAA"}'])
def test_a_malformed_signer_is_named(world: World, value: str) -> None:
    aws.ssm().put_parameter(Name=f"{PARAMETER}/t", Value=value, Type="String", Overwrite=True)
    world.result()
    assert world.deliver() == ["0"]
    assert world.codes() == ["message-retried dsc-malformed"]


def test_nothing_is_stored_that_nobody_could_verify(world: World) -> None:
    current = world.parameters.current_dsc()
    assert current is not None
    wrong = DocumentSigner(key_arn=signing_key().arn, certificate=current.certificate)
    aws.ssm().put_parameter(
        Name=f"{PARAMETER}/t", Value=wrong.model_dump_json(), Type="String", Overwrite=True
    )
    world.result()
    assert world.deliver() == ["0"]
    assert world.codes() == ["message-retried dsc-key-mismatch"]
    assert world.rows() == []


def test_an_expired_signer_signs_nothing_and_a_late_one_is_told(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.result()
    world.now = at(200)
    assert world.deliver() == []
    assert "signer-overdue" in world.codes()
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    # The alarm looks for it under the function's name alone.
    (overdue,) = (line for line in counted if "SignerOverdue" in line)
    assert overdue["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]
    [certificate] = world.certificates()
    assert certificate.expires_at == world.now + timedelta(days=365)
    world.result(result_id="750000001-abd")
    world.now = at(731)
    assert world.deliver('{"type":"RecoveryDue","result_id":"750000001-abd"}') == ["0"]
    assert world.codes()[-1] == "message-retried dsc-expired"


def test_what_can_never_be_signed_is_asked_for_no_more(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.deliver()
    assert len(world.reminders()) == 1
    aws.dynamodb().update_item(
        TableName="results",
        Key={"result_id": {"S": RESULT_ID}},
        UpdateExpression="SET #identity = :other",
        ExpressionAttributeNames={"#identity": "identity"},
        ExpressionAttributeValues={
            ":other": {"B": world.identities.seal(b"{}", record_id="another", field="identity")}
        },
    )
    world.now = at(11)
    assert world.deliver() == []
    assert world.codes()[-1].startswith("message-rejected")
    assert world.reminders() == []
    # Its message is kept; once the record is mended, a redrive makes the certificate.
    [dead] = drained(world.dead_letters)
    world.result(outcome=Outcome.DETECTED)
    assert world.deliver(dead) == []
    assert [one.certificate for one in world.certificates()] == ["recovery#1"]


def test_the_results_of_one_message_are_signed_side_by_side(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.side_by_side = 4
    names = [f"750000001-{number}" for number in range(6)]
    for name in names:
        world.result(result_id=name)
    due = [RecoveryDue(result_id=name).model_dump_json() for name in names]
    assert world.deliver(*bundled([*due, '{"type":"DoseRecorded","result_id":"abc"}'])) == []
    assert sorted(one.source_id for one in world.certificates()) == names
    assert sorted(event.source_id for event in world.events()) == names
    assert _counted(json.loads(capsys.readouterr().out)) == ("CertificatesIssued", "test", [6.0])


def test_another_type_of_event_is_buried_with_its_reason(world: World) -> None:
    assert world.deliver('{"type":"DoseRecorded","result_id":"abc"}', "no JSON") == []
    received = aws.sqs().receive_message(
        QueueUrl=world.dead_letters, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    reasons = sorted(message["MessageAttributes"]["reason"]["StringValue"] for message in received)
    assert reasons == ["event-unknown", "message-malformed"]


def test_what_was_done_is_counted(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.result()
    world.deliver(*[f'{{"type":"RecoveryDue","result_id":"{RESULT_ID}"}}'] * 3)
    world.result(version=2, status=Status.WITHDRAWN)
    world.deliver()
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [_counted(line) for line in counted] == [
        ("CertificatesIssued", "test", [1.0]),
        ("CertificatesRevoked", "result-withdrawn", [1.0]),
        ("CertificatesRefused", "result-withdrawn", [1.0]),
    ]


def _counted(line: dict[str, Any]) -> tuple[str, str, list[float]]:
    """Name, dimension's value and value of a metric in the embedded format."""
    [described] = line["_aws"]["CloudWatchMetrics"]
    name, [dimensions] = described["Metrics"][0]["Name"], described["Dimensions"]
    [dimension] = set(dimensions) - {"service"}
    return name, line[dimension], line[name]
