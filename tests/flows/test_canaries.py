"""Personal values are planted in every field, and searched for wherever they must not be."""

from __future__ import annotations

import gzip
import importlib
import json
import sys
import traceback
import unicodedata
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from certificate_signing.certificate_store import CertificateStore
from infra.constructs.layer_set import ROOT
from notification_dispatch.sending_store import SendingStore
from result_intake.result_store import ResultStore
from tests.flows.laboratory import LABORATORY, WRITERS, file_of, invented, later
from tests.flows.vaccination import recorded
from tests.flows.wired import NOW
from tests.functions.resources import items, objects
from vigie import aws
from vigie.access import link_check
from vigie.person.identity import Contact, Identity
from vigie.results.codes import Outcome, Sex, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.flows.wired import Wired

FAMILY_NAME, GIVEN_NAME, BIRTH_DATE = "Canarifamille", "Canariprénom", "1969-05-14"
ADDRESS, AGENT = "203.0.113.177", "canariappareil/1.0"
EMAIL, PHONE, INS = "boite.canaricourriel@example.fr", "+33639980147", "269059938377113"
FREE_TEXT, PATH = "canaritexte", "canaridossier/canarifichier"
RAISED = "canarierreur"
FUNCTIONS = sorted(door.parent.name for door in (ROOT / "functions").glob("*/handler.py"))
# The laboratory's own path is in its own acknowledgement.
PATHS = {"canaridossier", "canarifichier"}
# What an error says: AWS's own may repeat what was sent to it.
_TOLD = f"{RAISED} {FAMILY_NAME} {BIRTH_DATE} {EMAIL}"
_ANSWERED: Any = {
    "Error": {"Code": "InternalError", "Message": _TOLD},
    "ResponseMetadata": {"HTTPStatusCode": 500},
}
# Names are searched for as they end in certificates and logs alike: bare letters, one case.
CANARIES = (
    "canarifamille",
    "canariprenom",
    "canaricourriel",
    "canaritexte",
    "canaridossier",
    "canarifichier",
    "canarierreur",
    "639980147",
    "2690599383771",
    "1969-05-14",
    "19690514",
    "203.0.113.177",
    "canariappareil",
)


def bare(value: object) -> str:
    """Text without accents and in one case, of whatever is written anywhere."""
    text = value if isinstance(value, str) else json.dumps(value, default=repr, ensure_ascii=False)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def leaks(value: object) -> set[str]:
    """The canaries in something."""
    text = bare(value)
    return {canary for canary in CANARIES if canary in text}


def test_of(number: int, **changes: Any) -> Any:  # noqa: ANN401 - any field of a result
    """A test of somebody every value of whom is a canary."""
    identity = Identity(
        family_name=FAMILY_NAME,
        given_names=(GIVEN_NAME,),
        birth_date=BIRTH_DATE,
        sex=Sex.FEMALE,
        ins=INS,
    )
    contact = Contact(phone=PHONE) if number % 2 else Contact(email=EMAIL)
    return invented(number, identity=identity, contact=contact, **changes)


test_of.__test__ = False  # type: ignore[attr-defined]  # it is no test of pytest's


def planted(extension: str) -> tuple[bytes, bytes]:
    """A file of results and a file of changes, with free text and values that no rule allows."""
    tests = [
        test_of(10),
        test_of(11, outcome=Outcome.DETECTED, sampled_at=NOW - timedelta(days=12)),
        test_of(12, outcome=Outcome.DETECTED),
        test_of(13).model_copy(update={"sampled_at": NOW + timedelta(days=30)}),
    ]
    changes = [
        later(tests[0], status=Status.CORRECTED, outcome=Outcome.DETECTED),
        later(tests[1], status=Status.WITHDRAWN),
    ]
    return _with_free_text(file_of(tests, extension), extension), file_of(changes, extension)


def _with_free_text(body: bytes, extension: str) -> bytes:
    text = body.decode("utf-8-sig")
    if extension == "hl7":
        return text.replace("\rSPM|", f"\rNTE|1||{FREE_TEXT} {FAMILY_NAME}\rSPM|").encode()
    if extension == "ndjson":
        bundles = [json.loads(line) for line in text.splitlines()]
        for bundle in bundles:
            for entry in bundle["entry"]:
                entry["resource"]["text"] = {"status": "generated", "div": f"<p>{FREE_TEXT}</p>"}
                if entry["resource"]["resourceType"] == "Observation":
                    entry["resource"]["note"] = [{"text": f"{FREE_TEXT} {FAMILY_NAME}"}]
        return "\n".join(json.dumps(bundle) for bundle in bundles).encode()
    header, *rows = text.splitlines()
    lines = [f"{header};{FREE_TEXT}", *(f"{row};{FREE_TEXT} {FAMILY_NAME}" for row in rows)]
    # A row that is shifted by one cell, so that each value is where another belongs.
    return "\r\n".join([*lines, lines[1].replace(";", ";;", 1)]).encode()


def sent(wired: Wired) -> Iterator[tuple[str, object]]:
    """What went to AWS by every call, without what may hold a personal value there.

    A message has its recipient; a laboratory's own files and paths are in its inbox, and the
    paths in its outbox, in the record of the file, and in what S3 says of it; KMS signs what a
    certificate says and keeps none of it.
    """
    inbox, outbox = wired.intake_settings.inbox_bucket, wired.intake_settings.outbox_bucket
    for call in wired.calls.made:
        allowed = {"Destination", "PhoneNumber"}
        if call.params.get("Bucket") == inbox:
            allowed |= {"Key", "Body"}
        if call.params.get("Bucket") == outbox:
            allowed |= {"Key"}
        if said_by_s3(str(call.params.get("MessageBody"))):
            allowed |= {"MessageBody"}
        if call.params.get("TableName") == wired.intake_settings.files_table:
            continue
        if (call.service, call.operation) == ("kms", "Sign"):
            continue
        shown = {key: value for key, value in call.params.items() if key not in allowed}
        for entry in shown.get("Entries", []):
            if said_by_s3(entry.get("MessageBody", "")):
                shown["Entries"] = [{**one, "MessageBody": ""} for one in shown["Entries"]]
                break
        yield f"{call.service} {call.operation}", shown


def said_by_s3(body: str) -> bool:
    """Whether a message is what S3 says of a file, by the queue or set aside after it."""
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return isinstance(told, dict) and all("s3" in record for record in told.get("Records", [{}]))


def letters(queue: str) -> Iterator[tuple[str, object]]:
    """Body, and attributes of both kinds, of every message in a queue."""
    while (
        answer := aws.sqs()
        .receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=10,
            VisibilityTimeout=3600,
            MessageAttributeNames=["All"],
            AttributeNames=["All"],
        )
        .get("Messages")
    ):
        for message in answer:
            attributes = (message.get("Attributes"), message.get("MessageAttributes"))
            yield message["Body"], attributes


def assert_silent(wired: Wired, *written: str) -> None:
    """Fail where a canary is in a call, a table, a key, a queue or something written."""
    assert [(what, leaks(value)) for what, value in sent(wired) if leaks(value)] == []
    for table in wired.deployment.tables:
        for item in items(table):
            if table == wired.intake_settings.files_table:
                file = json.loads(item["file"]["S"])
                file.pop("key")
                item["file"] = file
            assert not leaks(item), table
    for bucket in set(wired.deployment.buckets) - {wired.intake_settings.inbox_bucket}:
        own = PATHS if bucket == wired.intake_settings.outbox_bucket else set()
        for key, content in objects(bucket).items():
            assert leaks(key) <= own, bucket
            assert leaks(content.decode("utf-8", "replace")) <= own, bucket
    assert not leaks(wired.archived())
    for queue in wired.deployment.queues:
        for body, attributes in letters(queue):
            assert said_by_s3(body) or not leaks(body), queue
            assert not leaks(attributes), queue
    for text in (wired.log.getvalue(), *written):
        assert not leaks(text)


@pytest.mark.parametrize("extension", WRITERS)
def test_no_value_of_a_person_is_where_it_must_not_be(
    wired: Wired,
    extension: str,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    results, changes = planted(extension)
    wired.send(f"{LABORATORY}/{PATH}.{extension}", results)
    wired.send(f"{LABORATORY}/{PATH}-2.{extension}", changes)
    wired.now = NOW + timedelta(days=11)
    wired.release()
    for message in wired.messages():
        wired.attempt(message.token, "1901-01-01")
        wired.open(message.token, BIRTH_DATE)
    assert len(wired.messages()) >= 6  # there was something to leak
    assert len(wired.archived()) >= 6
    assert "certificate-issued" in wired.codes()
    assert_silent(wired, *capsys.readouterr(), caplog.text)


def test_no_value_of_who_was_vaccinated_is_where_it_must_not_be(
    wired: Wired, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    identity = Identity(
        family_name=FAMILY_NAME, given_names=(GIVEN_NAME,), birth_date=BIRTH_DATE, ins=INS
    )
    for version, number in ((1, 2), (2, 3)):
        recorded(wired, identity, Contact(email=EMAIL), version=version, number=number)
    for message in wired.messages():
        wired.open(message.token, BIRTH_DATE)
    assert {"certificate-issued", "certificate-revoked"} <= set(wired.codes())
    assert_silent(wired, *capsys.readouterr(), caplog.text)


def broken() -> dict[str, bytes]:
    """Files that no reader reads, by what their path ends with."""
    whole = {extension: planted(extension)[0] for extension in WRITERS}
    return {
        "text": f"{FREE_TEXT} {FAMILY_NAME} {BIRTH_DATE}".encode(),
        "json": b'{"resourceType": "Bundle", "entry": [{"' + FAMILY_NAME.encode(),
        "hl7": whole["hl7"].replace(b"MSH|^~\\&|", f"MSH|^~{FAMILY_NAME}|".encode(), 1),
        "csv": whole["csv"].replace(b"vigie_csv_1", FAMILY_NAME.encode(), 1),
        "ndjson": whole["ndjson"].replace(b'"Patient"', f'"{FAMILY_NAME}"'.encode()),
        "gz": gzip.compress(whole["csv"])[:-40],
        "latin": FAMILY_NAME.encode("utf-16"),
    }


def test_files_that_nobody_can_read_are_told_of_without_what_is_in_them(
    wired: Wired, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for extension, body in broken().items():
        wired.send(f"{LABORATORY}/{PATH}.{extension}", body)
    # No laboratory: nobody is answered, and what S3 says is set aside.
    wired.send(f"{PATH}/{FAMILY_NAME}.csv", planted("csv")[0])
    assert "message-rejected" in wired.codes()
    answers = objects(wired.intake_settings.outbox_bucket)
    assert {key.rpartition(".ack.")[0] for key in answers} == {
        f"{LABORATORY}/{PATH}.{extension}" for extension in broken()
    }
    assert_silent(wired, *capsys.readouterr(), caplog.text)


def test_a_file_that_is_lost_is_found_and_told_of_by_its_id(
    wired: Wired,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"{RAISED} {FAMILY_NAME}")

    wired.put(f"{LABORATORY}/{PATH}.csv", planted("csv")[0])
    wired.put(f"{PATH}/{FAMILY_NAME}.csv", b"")
    # Stored at the time of the machine, not of the test.
    wired.now = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(ResultStore, "_put", fail)
    wired.check()
    wired.now += timedelta(days=1)
    wired.sweep()
    assert {"file-sent-again", "missing-told"} <= set(wired.codes())
    assert_silent(wired, *capsys.readouterr(), caplog.text)


def test_requests_with_values_of_a_person_leave_none_behind(
    wired: Wired, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for token, birth_date in (
        (FAMILY_NAME, BIRTH_DATE),
        ("a" * 26, f"{FAMILY_NAME} {BIRTH_DATE}"),
        ("a" * 26, BIRTH_DATE),
        ("", EMAIL),
    ):
        answer = wired.attempt(token, birth_date)
        assert 400 <= answer["statusCode"] < 500
        assert not leaks(answer)
    assert_silent(wired, *capsys.readouterr(), caplog.text)


@pytest.mark.parametrize(
    ("store", "method"),
    [
        (ResultStore, "_put"),
        (CertificateStore, "of_source"),
        (SendingStore, "claim"),
    ],
)
def test_an_exception_with_a_value_in_it_is_told_without_it(  # noqa: PLR0913, PLR0917 - fixtures
    wired: Wired,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    store: type,
    method: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"{RAISED} {FAMILY_NAME} {EMAIL}")

    monkeypatch.setattr(store, method, fail)
    wired.send(f"{LABORATORY}/{PATH}.csv", planted("csv")[0])
    assert "message-failed" in wired.codes()
    # What was tried in vain is set aside, and is among what is searched.
    assert_silent(wired, *capsys.readouterr(), caplog.text)


def test_a_link_that_fails_says_nothing_of_whom_it_is_about(
    wired: Wired,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    wired.send(f"{LABORATORY}/{PATH}.csv", file_of([test_of(10)], "csv"))

    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"{RAISED} {FAMILY_NAME} {BIRTH_DATE}")

    monkeypatch.setattr(link_check, "birth_date_opens", fail)
    (message,) = wired.messages()
    answer = wired.attempt(message.token, BIRTH_DATE)
    assert answer["statusCode"] == 500
    assert_silent(wired, *capsys.readouterr(), caplog.text, json.dumps(answer))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("error", [ValueError(_TOLD), ClientError(_ANSWERED, "Operation")])
def test_no_error_leaves_a_function_with_its_text(  # noqa: PLR0913, PLR0917 - fixtures
    error: Exception,
    function: str,
    wired: Wired,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    if function not in wired.deployment.functions:
        pytest.skip("no stack deploys it")
    for variable, value in wired.deployment.environment(function).items():
        monkeypatch.setenv(variable, value)
    # Powertools keeps one logger, with its stream, for each service.
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", str(uuid.uuid4()))
    # What a door builds once is built anew for each test.
    monkeypatch.delitem(sys.modules, f"{function}.handler", raising=False)
    door = importlib.import_module(f"{function}.handler")
    monkeypatch.setattr(BaseClient, "_make_api_call", fail)
    # The keys of access tokens stand at an address.
    monkeypatch.setattr("urllib.request.urlopen", fail)
    # Answers to phones wait for their slot.
    monkeypatch.setattr("time.sleep", lambda _: None)
    samples = [json.loads(one.read_text()) for one in (ROOT / "events" / function).glob("*.json")]
    said = [_said(door.handler, event) for event in samples]
    written = [*said, *capsys.readouterr(), caplog.text]
    # There was something to leak.
    assert any(told in "".join(written) for told in ("ValueError", "InternalError", "ClientError"))
    assert not leaks(written)


def _said(handler: Callable[[Any, Any], object], event: dict[str, Any]) -> str:
    """What a handler answers, or what Lambda would write of the error that leaves it."""
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
    try:
        return json.dumps(handler(event, context))
    except Exception as error:  # noqa: BLE001 - whatever leaves it is what is judged
        return "".join(traceback.format_exception(error))


def test_no_address_of_who_asks_is_written_anywhere(
    wired: Wired,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    # Answers to phones wait for their slot.
    monkeypatch.setattr("time.sleep", lambda _: None)
    asked, answers = set(), []
    for function in sorted(wired.deployment.functions):
        for event in map(_request, (ROOT / "events" / function).glob("*.json")):
            if event is None:
                continue
            for variable, value in wired.deployment.environment(function).items():
                monkeypatch.setenv(variable, value)
            monkeypatch.delitem(sys.modules, f"{function}.handler", raising=False)
            door = importlib.import_module(f"{function}.handler")
            answers.append(_said(door.handler, event))
            asked.add(function)
    assert {"analytics_intake", "key_upload", "result_access"} <= asked
    assert_silent(wired, *capsys.readouterr(), caplog.text, *answers)


def _request(sample: Path) -> dict[str, Any] | None:
    """A sample of a request, from a phone with an address; None for another kind of event."""
    event: dict[str, Any] = json.loads(sample.read_text())
    if "http" not in event.get("requestContext", {}):
        return None
    event["requestContext"]["http"] |= {"sourceIp": ADDRESS, "userAgent": AGENT}
    event["headers"] |= {
        "cloudfront-viewer-address": f"{ADDRESS}:443",
        "user-agent": AGENT,
        "x-forwarded-for": ADDRESS,
    }
    return event
