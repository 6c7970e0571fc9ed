"""A laboratory's file: to the table, the topic and the outbox."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import hl7
import pytest

from tests.functions.resources import drained, items, objects
from tests.functions.result_intake.samples import Sample, csv_of, fhir_of, hl7_of, ndjson_of
from tests.functions.result_intake.world import LABORATORY, World, notification
from vigie import aws
from vigie.person.identity import Contact, Identity
from vigie.results.codes import Outcome, Sex, Status

if TYPE_CHECKING:
    from collections.abc import Callable

ONE = Sample()
TWO = Sample(accession="A2", family_name="Durand", outcome="260415000")
OUTCOMES = (
    "accepted",
    "accepted_with_warnings",
    "corrected",
    "withdrawn",
    "duplicate",
    "superseded",
    "rejected",
    "test",
)


def summary(**counts: int) -> dict[str, int]:
    return {"items": sum(counts.values()), **{name: counts.get(name, 0) for name in OUTCOMES}}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("csv", csv_of(ONE, TWO)),
        ("hl7v2", hl7_of(ONE, TWO)),
        ("fhir", ndjson_of(ONE, TWO)),
    ],
)
def test_a_file_of_each_format_is_stored_told_and_acknowledged(
    world: World, name: str, body: bytes
) -> None:
    told = world.send("morning/résultats du 20+21", body)
    assert told["state"] == "complete"
    assert told["summary"] == summary(accepted=2)
    assert told["entries"] == []
    assert told["file"]["path"] == f"{LABORATORY}/morning/résultats du 20+21"
    assert told["file"]["format"] == name
    assert told["file"]["size"] == len(body)
    first = next(r for r in world.results() if r.outcome is Outcome.DETECTED)
    assert first.result_id.startswith(f"{LABORATORY}-")
    assert (first.version, first.status, first.loinc) == (1, Status.FINAL, "94500-6")
    assert first.sampled_at == datetime(2026, 11, 20, 7, tzinfo=UTC)
    assert first.expires_at == int(datetime(2027, 2, 19, 9, 30, tzinfo=UTC).timestamp())
    assert world.identity_of(first) == Identity(
        family_name="Canari", given_names=("Zénobie",), birth_date="1969-05-14", sex=Sex.FEMALE
    )
    assert world.contact_of(first) == Contact(email="zenobie@canari.example")
    events = world.events()
    assert [event.type for event in events] == ["ResultRecorded"] * 2
    assert {(event.source_id, event.person) for event in events} == {
        (result.result_id, result.person) for result in world.results()
    }


def test_each_message_has_an_answer_in_its_own_format(world: World) -> None:
    bad = Sample(accession="A3", birth_date="")
    world.send("a", hl7_of(ONE, bad) + b"MSH|^~\\&|LIS||||||ADT^A01|A4|P|2.5.1\r")
    (batch,) = hl7.parse_file(objects("outbox")[f"{LABORATORY}/a.ack.hl7"].decode())
    told = [str(message.segment("MSA")) for message in batch]
    assert told == ["MSA|AA|A1", "MSA|AE|A3", "MSA|AR|A4"]
    header, error = (str(batch[1].segment(name)).split("|") for name in ("MSH", "ERR"))
    assert header[2:6] == ["VIGIE", "ARS", "LIS", "LABO"]
    assert error[2:6] == [
        "PID^1^7^1",
        "101^Required field missing^HL70357",
        "E",
        "birth-date-missing^^VIGIE",
    ]
    world.send("b", ndjson_of(TWO, bad))
    told = json.loads(objects("outbox")[f"{LABORATORY}/b.ack.fhir.json"])["entry"]
    first, second = ([*each["resource"]["issue"]] for each in told)
    assert [issue["severity"] for issue in first] == ["information"]
    assert [(issue["severity"], issue["expression"]) for issue in second] == [
        ("error", ["Bundle.entry[2].resource.birthDate"])
    ]


def test_a_refused_file_whose_format_is_known_is_refused_in_it(world: World) -> None:
    world.send("a", gzip.compress(hl7_of(ONE))[:-4])
    answer = objects("outbox")[f"{LABORATORY}/a.ack.hl7"].decode()
    assert "MSA|AR\r" in answer
    assert "gzip-malformed" in answer


def test_the_transport_fields_are_bounded_and_cannot_break_the_answer(world: World) -> None:
    name = "\\F\\\\X0D\\MSA" + "x" * 9_000
    body = hl7_of(ONE).replace(b"|LIS|", f"|{name}|".encode()).replace(b"|A1|P|", b"|\x07A1|P|")
    world.send("a", body)
    answer = objects("outbox")[f"{LABORATORY}/a.ack.hl7"].decode()
    assert [line[:4] for line in answer.split("\r") if line] == ["MSH|", "MSA|"]
    assert "|\\F\\ MSAxxx" in answer
    assert len(answer) < 500


def test_a_result_sent_again_in_another_file_and_format_is_one_result(world: World) -> None:
    bodies = {"a": csv_of(ONE), "b": hl7_of(ONE), "c": fhir_of(ONE), "d": csv_of(ONE)}
    outcomes = [world.send(path, body)["summary"] for path, body in bodies.items()]
    assert outcomes == [summary(accepted=1), *[summary(duplicate=1)] * 3]
    (result,) = world.results()
    assert result.version == 1
    assert len(world.events()) == 1
    (entry,) = world.acknowledgement(f"{LABORATORY}/b")["entries"]
    assert (entry["outcome"], entry["result_id"]) == ("duplicate", result.result_id)


@pytest.mark.parametrize("write", [csv_of, hl7_of, ndjson_of])
def test_corrections_and_withdrawals_prevail_by_the_time_of_the_report(
    world: World, write: object
) -> None:
    of = write
    assert callable(of)
    negative = ONE.at(13).but(status="C", outcome="260415000")
    assert world.send("1", of(ONE))["summary"] == summary(accepted=1)
    assert world.send("2", of(negative))["summary"] == summary(corrected=1)
    assert world.send("3", of(ONE.at(14).but(status="W")))["summary"] == summary(withdrawn=1)
    assert world.send("4", of(ONE.at(11)))["summary"] == summary(superseded=1)
    (result,) = world.results()
    assert (result.version, result.status) == (3, Status.WITHDRAWN)
    assert sorted((event.type, event.version) for event in world.events()) == [
        ("ResultCorrected", 2),
        ("ResultRecorded", 1),
        ("ResultWithdrawn", 3),
    ]


def test_a_correction_that_overtakes_its_original_ends_the_same(world: World) -> None:
    corrected = ONE.at(13).but(status="C", outcome="260415000")
    world.send("1", csv_of(ONE))
    world.send("2", csv_of(corrected))
    (in_order,) = world.results()
    world.forget()
    world.send("3", csv_of(corrected))
    assert world.send("4", csv_of(ONE))["summary"] == summary(superseded=1)
    (overtaken,) = world.results()
    assert overtaken.content_hash == in_order.content_hash
    assert overtaken.outcome is Outcome.NOT_DETECTED


def test_the_withdrawal_of_a_result_never_seen_keeps_the_original_out(world: World) -> None:
    assert world.send("1", csv_of(ONE.at(13).but(status="W")))["summary"] == summary(withdrawn=1)
    assert world.send("2", csv_of(ONE))["summary"] == summary(superseded=1)
    (result,) = world.results()
    assert result.withdrawn


@pytest.mark.parametrize("of", [csv_of, hl7_of])
def test_a_withdrawal_known_by_day_only_prevails_over_the_original_of_that_day(
    world: World, of: Callable[..., bytes]
) -> None:
    world.send("1", of(ONE.at(18)))
    withdrawal = ONE.but(status="W", reported_at="2026-11-20")
    assert world.send("2", of(withdrawal))["summary"] == summary(withdrawn=1)
    told = world.send("3", of(ONE.but(reported_at="2026-11-20")))
    assert told["summary"] == summary(superseded=1)
    (result,) = world.results()
    assert result.withdrawn
    assert [rule["code"] for rule in told["entries"][0]["rules"]] == ["reported-at-day-only"]


def test_a_withdrawal_that_changes_nothing_is_told_as_such(world: World) -> None:
    world.send("1", csv_of(ONE.at(14)))
    told = world.send("2", csv_of(ONE.at(13).but(status="W")))
    assert told["summary"] == summary(superseded=1)
    (rule,) = told["entries"][0]["rules"]
    assert (rule["code"], rule["level"]) == ("withdrawal-superseded", "warning")
    told = world.send("3", csv_of(ONE.at(15).but(status="W"), ONE.at(12).but(status="W")))
    assert told["summary"] == summary(withdrawn=1, superseded=1)
    assert [entry["rules"] for entry in told["entries"]] == [[], []]


def test_a_bad_item_costs_its_neighbours_nothing_and_is_told_with_its_rule(world: World) -> None:
    told = world.send("a", csv_of(ONE, TWO.but(birth_date="32/13/1980"), TWO.but(accession="A3")))
    assert told["summary"] == summary(accepted=2, rejected=1)
    (entry,) = told["entries"]
    assert entry["ordinal"] == "2"
    assert entry["outcome"] == "rejected"
    assert entry["result_id"] is None
    (rule,) = entry["rules"]
    assert rule["code"] == "birth-date-malformed"
    assert rule["level"] == "error"
    assert "birth_date" in rule["place"]
    assert "1980" not in json.dumps(told)


def test_a_warning_is_told_beside_the_acceptance(world: World) -> None:
    told = world.send("a", csv_of(ONE.but(email="no address")))
    assert told["summary"] == summary(accepted_with_warnings=1)
    (entry,) = told["entries"]
    assert entry["outcome"] == "accepted_with_warnings"
    assert [rule["level"] for rule in entry["rules"]] == ["warning"]
    assert entry["result_id"] == world.results()[0].result_id
    sheet = objects("outbox")[f"{LABORATORY}/a.ack.csv"].decode("utf-8-sig").splitlines()
    assert sheet[0] == "item;place;outcome;result_id;level;rule;rule_place;message"
    assert sheet[1] == ";file;complete;;;;;items 1, accepted_with_warnings 1"
    assert sheet[2].startswith("1;line 2;accepted_with_warnings;750000001-")


@pytest.mark.parametrize("write", [csv_of, hl7_of])
@pytest.mark.parametrize("mode", ["T", "D"])
def test_a_trial_is_answered_and_not_stored(world: World, write: object, mode: str) -> None:
    assert callable(write)
    assert world.send("a", write(ONE.but(mode=mode)))["summary"] == summary(test=1)
    assert world.results() == []
    assert world.events() == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "file-empty"),
        (b"\r\n \n", "file-empty"),
        (b"%PDF-1.7", "format-unknown"),
        ("résultat".encode("utf-16"), "encoding-unsupported"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_and_not_buried(
    world: World, body: bytes, code: str
) -> None:
    told = world.send("a", body)
    assert told["state"] == "rejected"
    assert told["summary"] == summary()
    assert [rule["code"] for rule in told["rules"]] == [code]
    assert drained(world.dead_letters) == []
    assert items("files")[0]["state"]["S"] == "acknowledged"


def test_a_file_that_is_too_large_is_answered_unread(world: World) -> None:
    body = csv_of(ONE)
    version = aws.s3().put_object(Bucket="inbox", Key=f"{LABORATORY}/a", Body=body)["VersionId"]
    world.deliver(notification((f"{LABORATORY}/a", version, 2**30 + 1)))
    told = world.acknowledgement(f"{LABORATORY}/a")
    assert [rule["code"] for rule in told["rules"]] == ["file-too-large"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{}", "message-unknown"),
        ("no JSON", "message-unknown"),
        (notification(("nobody/a.csv", "1", 5)), "inbox-prefix-unknown"),
        (notification(("75000000/a.csv", "1", 5)), "inbox-prefix-unknown"),
        (notification((f"{LABORATORY}/gone.csv", "1", 5)), "inbox-file-gone"),
        (
            notification((f"{LABORATORY}/a.csv", "1", 5)).replace('"inbox"', '"another"'),
            "inbox-bucket-unknown",
        ),
    ],
)
def test_what_nobody_can_be_answered_for_is_buried_with_its_reason(
    world: World, body: str, reason: str
) -> None:
    assert world.deliver(body) == []
    (buried,) = (
        aws.sqs()
        .receive_message(QueueUrl=world.dead_letters, MessageAttributeNames=["reason"])
        .get("Messages", [])
    )
    assert buried["Body"] == body
    assert buried["MessageAttributes"]["reason"]["StringValue"] == reason
    assert objects("outbox") == {}


def test_what_is_no_arrival_of_a_file_is_let_pass(world: World) -> None:
    tested = '{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"inbox"}'
    folder = notification((f"{LABORATORY}/folder/", "1", 0))
    removed = notification((f"{LABORATORY}/a", "1", 0), name="ObjectRemoved:Delete")
    assert world.deliver(tested, folder, removed) == []
    assert drained(world.dead_letters) == []
    assert items("files") == []
    assert world.codes() == ["notification-tested", "happening-ignored", "happening-ignored"]


def test_a_notification_of_several_files_is_fanned_out(world: World) -> None:
    uploads = [json.loads(world.upload(f"{LABORATORY}/{n}", csv_of(ONE))) for n in ("a", "b+c")]
    both = json.dumps({"Records": [record for one in uploads for record in one["Records"]]})
    assert world.deliver(both) == []
    waiting = world.waiting()
    assert len(waiting) == 2
    assert world.deliver(*waiting) == []
    assert set(objects("outbox")) == {
        f"{LABORATORY}/{name}.ack.{suffix}" for name in ("a", "b+c") for suffix in ("json", "csv")
    }


def test_each_version_of_a_path_is_a_file_of_its_own(world: World) -> None:
    assert world.send("same", csv_of(ONE))["summary"] == summary(accepted=1)
    assert world.send("same", csv_of(ONE, TWO))["summary"] == summary(accepted=1, duplicate=1)
    assert len(items("files")) == 2


def test_the_answer_about_an_older_version_never_replaces_that_about_a_newer(world: World) -> None:
    key = f"{LABORATORY}/same"
    older, newer = world.upload(key, csv_of(ONE)), world.upload(key, csv_of(ONE, TWO))
    assert world.deliver(newer, older) == []
    assert world.acknowledgement(key)["summary"] == summary(accepted=2)
    sheet = objects("outbox")[f"{key}.ack.csv"].decode("utf-8-sig")
    assert "items 2, accepted 2" in sheet
    assert [item["state"]["S"] for item in items("files")] == ["acknowledged"] * 2
    assert len(world.results()) == 2


@pytest.mark.parametrize(
    ("name", "body", "refused"),
    [
        ("a.ack.hl7", hl7_of(ONE), ["MSA|AR", "format-unknown"]),
        ("a.ack.fhir.json", fhir_of(ONE), ['"severity": "fatal"', "format-unknown"]),
    ],
)
def test_a_refusal_replaces_the_answer_of_an_older_file_to_its_messages(
    world: World, name: str, body: bytes, refused: list[str]
) -> None:
    world.send("a", body)
    before = objects("outbox")[f"{LABORATORY}/{name}"].decode()
    assert "format-unknown" not in before
    world.send("a", b"%PDF-1.7")
    after = objects("outbox")
    assert set(after) == {f"{LABORATORY}/{each}" for each in ("a.ack.json", "a.ack.csv", name)}
    assert all(each in after[f"{LABORATORY}/{name}"].decode() for each in refused)
    world.send("a", body)
    assert "format-unknown" not in objects("outbox")[f"{LABORATORY}/{name}"].decode()


def test_the_refusal_of_an_older_version_leaves_the_answer_about_a_newer(world: World) -> None:
    key = f"{LABORATORY}/same"
    older, newer = world.upload(key, b"%PDF-1.7"), world.upload(key, hl7_of(ONE))
    assert world.deliver(newer, older) == []
    assert "MSA|AA" in objects("outbox")[f"{key}.ack.hl7"].decode()


@pytest.mark.parametrize("name", ["x" * 1014, "é" * 507, "x" + "é" * 506 + "y"])
def test_a_path_without_room_for_a_suffix_is_answered_at_a_shorter_one(
    world: World, name: str
) -> None:
    key = f"{LABORATORY}/{name}"[:1024]
    world.deliver(world.upload(key, csv_of(ONE)))
    first, second = sorted(objects("outbox"))
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    assert first.endswith(f"~{digest}.ack.csv")
    assert second.endswith(f"~{digest}.ack.json")
    assert key.startswith(first.partition("~")[0])
    assert 1022 <= len(second.encode()) + len(".fhir") <= 1024
    assert json.loads(objects("outbox")[second])["file"]["path"] == key
    assert items("files")[0]["state"]["S"] == "acknowledged"


def test_a_path_with_just_room_for_a_suffix_is_answered_beside_it(world: World) -> None:
    key = f"{LABORATORY}/{'x' * 1000}"
    world.deliver(world.upload(key, csv_of(ONE)))
    assert set(objects("outbox")) == {f"{key}.ack.json", f"{key}.ack.csv"}


def test_a_message_delivered_again_changes_nothing(world: World) -> None:
    message = world.upload(f"{LABORATORY}/a", csv_of(ONE, ONE.at(13).but(status="C"), ONE))
    assert world.deliver(message) == []
    once = world.everything()
    assert world.deliver(message, message) == []
    assert world.everything() | {"events": once["events"]} == once
    assert "file-answered-before" in world.codes()


def test_repetitions_inside_a_file_are_answered_in_its_order(world: World) -> None:
    told = world.send("a", csv_of(ONE, ONE, ONE.at(13).but(status="C"), ONE))
    assert told["summary"] == summary(accepted=1, duplicate=2, corrected=1)
    assert [(e["ordinal"], e["outcome"]) for e in told["entries"]] == [
        ("2", "duplicate"),
        ("3", "corrected"),
        ("4", "duplicate"),
    ]


def test_several_writers_at_once_give_the_same_answers(world: World) -> None:
    body = csv_of(*(ONE.at(8 + n % 5).but(accession=f"A{n % 20}") for n in range(100)))
    message = world.upload(f"{LABORATORY}/a", body)
    world.deliver(message)
    alone = world.everything()
    world.forget()
    world.writers = 8
    world.deliver(message)
    assert world.everything() == alone
