"""Events become messages: one each, by the right channel, and nothing personal in the log."""

import json
import re
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from notification_dispatch import handler as door
from notification_dispatch.channel import Channel
from tests.faults.injector import Crash, Fault, Injector
from tests.functions.notification_dispatch.world import (
    EMAIL,
    PHONE,
    RECEIVED,
    RESULT_EXPIRES_AT,
    RESULT_ID,
    World,
    corrected_event,
    dose_issued_event,
    issued_event,
    recorded_event,
    revoked_event,
    withdrawn_event,
)
from vigie.access.grant import from_item, token_hash
from vigie.errors import Rejected
from vigie.events.bundle import unbundled
from vigie.events.event import VaccinationWithdrawn, parse_event
from vigie.person.identity import Contact
from vigie.results.codes import Language, Outcome, Status
from vigie.vaccinations.stored_vaccination import VaccinationStatus
from vigie.vaccinations.vaccination_event import vaccination_event

TOKEN = re.compile(r"https://vigie\.example/#([a-z2-7]{26})(?![a-z2-7])")


def test_an_email_carries_a_link_whose_grant_is_kept(world: World) -> None:
    world.result()
    assert world.deliver(recorded_event()) == []
    (email,) = world.emails()
    assert email.destinations["ToAddresses"] == [EMAIL]
    assert email.source == "no-reply@vigie.example"
    assert world.sms() == []
    (token,) = set(TOKEN.findall(email.body))
    (grant,) = map(from_item, world.rows("grants"))
    assert grant.token_hash == token_hash(token)
    assert (grant.result_id, grant.person) == (RESULT_ID, "p1.someone")
    assert grant.contact_tag == "c1.somewhere"
    assert grant.expires_at == world.now + timedelta(days=30)
    (sending,) = world.rows("grants")
    assert sending["state"]["S"] == "sent"
    assert sending["message_id"]["S"] == email.id
    assert sending["channel"]["S"] == "email"
    assert int(sending["opens_until"]["N"]) == grant.expires_at.timestamp()
    # What may be taken back is known to have been told.
    assert int(sending["expires_at"]["N"]) == RESULT_EXPIRES_AT


def test_a_telephone_alone_gets_an_sms(world: World) -> None:
    world.result(contact=Contact(phone=PHONE), language=Language.ENGLISH)
    assert world.deliver(recorded_event()) == []
    ((number, text),) = world.sms()
    assert number == PHONE
    assert text.startswith("A document is waiting for you")
    assert TOKEN.search(text)
    assert world.emails() == []


def test_sms_first_where_the_setting_says_so(world: World) -> None:
    world.settings = world.settings.model_copy(update={"preferred_channel": Channel.SMS})
    world.result()
    world.deliver(recorded_event())
    assert (len(world.sms()), len(world.emails())) == (1, 0)


@pytest.mark.parametrize("contact", [None, Contact()])
def test_nobody_is_lost_for_want_of_a_contact(world: World, contact: Contact | None) -> None:
    world.result(contact=contact, contact_tag=None)
    assert world.deliver(recorded_event(), recorded_event()) == []
    assert world.states() == ["no-contact"]
    assert world.codes() == ["no-contact", "no-contact"]
    assert "document" not in world.rows("grants")[0]


def test_the_same_words_whatever_happened(world: World) -> None:
    """A message says nothing of the result, nor of what became of it."""
    world.result(outcome=Outcome.NOT_DETECTED)
    world.deliver(recorded_event())
    world.result(version=2, status=Status.CORRECTED, outcome=Outcome.DETECTED)
    world.deliver(corrected_event(), issued_event("recovery"))
    bodies = {TOKEN.sub("LINK", email.body) for email in world.emails()}
    assert (len(world.emails()), len(bodies)) == (3, 1)
    assert len({TOKEN.findall(email.body)[0] for email in world.emails()}) == 3


def test_the_language_that_the_laboratory_sent_else_french(world: World) -> None:
    world.result(language=None)
    world.deliver(recorded_event())
    world.result(version=2, language=Language.ENGLISH)
    world.deliver(corrected_event())
    french, english = world.emails()
    assert "date de naissance" in french.body
    assert "date of birth" in english.body


def test_an_event_delivered_often_sends_once(world: World) -> None:
    world.result()
    assert world.deliver(recorded_event(), recorded_event()) == []
    assert world.deliver(recorded_event()) == []
    assert len(world.emails()) == 1
    assert len(world.rows("grants")) == 1
    assert world.codes() == ["message-sent"]


def test_an_event_again_after_the_identity_was_corrected_sends_nothing(world: World) -> None:
    world.result()
    world.deliver(issued_event("recovery"))
    world.result(version=2, status=Status.CORRECTED, person="p1.corrected")
    assert world.deliver(issued_event("recovery")) == []
    assert len(world.emails()) == 1


def test_what_is_not_told_sends_nothing(world: World) -> None:
    world.result(version=2)
    assert world.deliver(recorded_event(), issued_event("test")) == []
    world.now += timedelta(days=40)
    assert world.deliver(corrected_event()) == []
    assert world.emails() == []
    assert world.rows("grants") == []
    assert world.codes() == ["not-told"] * 3


def test_a_withdrawal_is_told_to_who_was_told_of_the_result(world: World) -> None:
    world.result()
    world.deliver(recorded_event())
    world.result(version=2, status=Status.WITHDRAWN)
    assert world.deliver(withdrawn_event(), withdrawn_event()) == []
    assert len(world.emails()) == 2


def test_a_withdrawal_is_told_to_whoever_was_told_of_any_earlier_version(world: World) -> None:
    """Of the certificate only, under another name, by the telephone, and many versions ago."""
    world.result(contact=Contact(phone=PHONE))
    world.deliver(issued_event("recovery"))
    for version in range(2, 30):
        world.result(version=version, status=Status.CORRECTED, person="p1.corrected")
    world.result(version=30, status=Status.WITHDRAWN, person="p1.corrected")
    assert world.deliver(withdrawn_event(30)) == []
    assert (len(world.sms()), len(world.emails())) == (1, 1)


def test_a_final_result_that_is_preliminary_again_is_told(world: World) -> None:
    world.result()
    world.deliver(recorded_event())
    world.result(version=2, status=Status.PRELIMINARY)
    world.deliver(corrected_event())
    assert len(world.emails()) == 2


def test_what_was_never_told_is_taken_back_in_silence(world: World) -> None:
    world.result(status=Status.PRELIMINARY)
    world.deliver(recorded_event())
    world.result(version=2, status=Status.WITHDRAWN)
    assert world.deliver(withdrawn_event(), recorded_event()) == []
    assert world.emails() == []
    assert world.codes() == ["not-told"] * 3
    # It is put right after all: that is news.
    world.result(version=3)
    world.deliver(corrected_event(3))
    assert len(world.emails()) == 1


def test_who_may_have_been_told_is_told_of_a_withdrawal(world: World) -> None:
    """The function died after the provider took the message, and the result changed since."""
    world.result()
    with Injector(5, Fault.CRASH_BEFORE).switched_on(), pytest.raises(Crash):
        world.deliver(recorded_event())
    assert len(world.emails()) == 1
    world.result(version=2, status=Status.WITHDRAWN)
    assert world.deliver(withdrawn_event(), recorded_event()) == []
    assert len(world.emails()) == 2


def test_a_link_lives_thirty_days_from_the_sending(world: World) -> None:
    world.result()
    world.now = RECEIVED + timedelta(days=20)
    with Injector(4, Fault.REFUSED).switched_on():
        assert world.deliver(recorded_event()) == ["0"]
    (waiting,) = map(from_item, world.rows("grants"))
    world.now = RECEIVED + timedelta(days=28)
    assert world.deliver(recorded_event()) == []
    sent_at = world.now
    (row,) = world.rows("grants")
    assert from_item(row).expires_at == sent_at + timedelta(days=30)
    assert int(row["opens_until"]["N"]) == int((sent_at + timedelta(days=30)).timestamp())
    assert from_item(row).token_hash == waiting.token_hash
    # The event again, once the message is out, makes it live no longer.
    world.now += timedelta(days=1)
    assert world.deliver(recorded_event()) == []
    assert world.rows("grants") == [row]


def test_a_link_that_was_tried_keeps_its_count(world: World) -> None:
    """The message may be out although nobody knows: the tries on it stay."""
    world.result()
    with Injector(4, Fault.ANSWER_LOST).switched_on():
        assert world.deliver(recorded_event()) == ["0"]
    (row,) = world.rows("grants")
    world.dynamodb.update_item(
        TableName="grants",
        Key={"token_hash": row["token_hash"]},
        UpdateExpression="SET tries = :five",
        ExpressionAttributeValues={":five": {"N": "5"}},
    )
    world.now += timedelta(days=1)
    assert world.deliver(recorded_event()) == []
    (row,) = world.rows("grants")
    assert row["tries"]["N"] == "5"
    assert from_item(row).expires_at == world.now + timedelta(days=30)


def test_a_revocation_that_stands_alone_is_told_by_the_correction_that_caused_it(
    world: World,
) -> None:
    world.result(version=2, status=Status.CORRECTED)
    assert world.deliver(revoked_event("recovery"), corrected_event()) == []
    assert len(world.emails()) == 1


def test_the_certificate_of_a_vaccination_is_told_once_and_its_end_to_who_was_told(
    world: World,
) -> None:
    first = world.vaccination()
    assert world.deliver(vaccination_event(first), dose_issued_event(), dose_issued_event()) == []
    [email] = world.emails()
    world.result()
    world.deliver(recorded_event())
    # It says nothing of what it is about.
    assert len({TOKEN.sub("LINK", each.body) for each in world.emails()}) == 1
    withdrawn = vaccination_event(world.vaccination(version=2, status=VaccinationStatus.WITHDRAWN))
    assert world.deliver(withdrawn, withdrawn, dose_issued_event()) == []
    assert len(world.emails()) == 3
    assert TOKEN.findall(email.body) != TOKEN.findall(world.emails()[-1].body)


def test_nobody_hears_of_the_end_of_what_was_never_told(world: World) -> None:
    gone = world.vaccination(version=2, status=VaccinationStatus.WITHDRAWN)
    assert world.deliver(vaccination_event(gone), dose_issued_event()) == []
    assert world.emails() == []


def test_what_is_no_event_is_buried_with_its_reason(world: World) -> None:
    world.result()
    assert world.deliver('{"type": "Canary"}', recorded_event()) == []
    assert len(world.emails()) == 1
    (dead,) = boto3.client("sqs").receive_message(
        QueueUrl=world.dead_letters, MessageAttributeNames=["All"]
    )["Messages"]
    assert dead["MessageAttributes"]["reason"]["StringValue"] == "event-unreadable"


def test_a_contact_of_another_record_is_not_used(world: World) -> None:
    result = world.result()
    moved = world.contacts.seal(b"{}", record_id="another", field="contact")
    world.dynamodb.update_item(
        TableName="results",
        Key={"result_id": {"S": result.result_id}},
        UpdateExpression="SET contact = :moved",
        ExpressionAttributeValues={":moved": {"B": moved}},
    )
    assert world.deliver(recorded_event()) == []
    assert world.codes() == ["message-rejected"]
    assert Rejected.__name__ not in world.log.getvalue()


def test_nothing_personal_is_logged(world: World) -> None:
    world.result()
    world.deliver(recorded_event())
    world.result(contact=Contact(phone=PHONE), version=2)
    world.deliver(corrected_event())
    log = world.log.getvalue()
    tokens = TOKEN.findall(world.emails()[0].body) + TOKEN.findall(world.sms()[0][1])
    for personal in (EMAIL, PHONE, PHONE[1:], "p1.someone", "c1.somewhere", *tokens):
        assert personal not in log


SAMPLES = sorted((Path(__file__).parents[3] / "events" / "notification_dispatch").glob("*.json"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_the_door_takes_its_sample_events(
    world: World, sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    event = json.loads(sample.read_text(encoding="utf-8"))
    told = [parse_event(body) for body in unbundled(event["Records"][0]["body"])]
    world.now = told[0].occurred_at
    for each in told:
        if isinstance(each, VaccinationWithdrawn):
            # Who was told of its certificate is told of its end.
            world.vaccination()
            world.deliver(dose_issued_event())
            world.vaccination(version=each.version, status=VaccinationStatus.WITHDRAWN)
            continue
        world.result(result_id=each.source_id, version=each.version)
    for name, value in world.settings.model_dump(mode="json").items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "notification_dispatch")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Vigie")
    monkeypatch.setattr(door, "_now", lambda: world.now)
    door._door.cache_clear()
    assert door.handler(event, LambdaContext()) == {"batchItemFailures": []}
    earlier = [each for each in told if isinstance(each, VaccinationWithdrawn)]
    assert world.states() == ["sent"] * len(told + earlier)
    metrics = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert sum(metrics["message-sent"]) == len(told + earlier)
    assert EMAIL not in json.dumps(metrics)


def test_there_is_a_sample_of_each_event_that_the_queue_brings() -> None:
    assert [sample.stem for sample in SAMPLES] == [
        "certificate_issued",
        "result_corrected",
        "result_recorded",
        "result_withdrawn",
        "results_recorded",
        "vaccination_withdrawn",
    ]
