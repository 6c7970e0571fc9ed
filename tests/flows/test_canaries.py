"""Personal values are planted in every field, and searched for wherever they must not be."""

from __future__ import annotations

import functools
import importlib
import json
import traceback
import unicodedata
import uuid
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.client import BaseClient

from certificate_signing.certificate_store import CertificateStore
from infra.constructs.layer_set import ROOT
from notification_dispatch.grant_store import GrantStore
from notification_dispatch.sending_store import SendingStore
from result_access import opening
from result_intake.result_store import ResultStore
from tests.flows.laboratory import LABORATORY, WRITERS, file_of, invented, later
from tests.flows.wired import NOW
from tests.functions.resources import drained, items, objects
from vigie.person.identity import Contact, Identity
from vigie.results.codes import Outcome, Sex, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.flows.calls import Call
    from tests.flows.wired import Wired

FAMILY_NAME, GIVEN_NAME, BIRTH_DATE = "Canarifamille", "Canariprénom", "1969-05-14"
EMAIL, PHONE, INS = "boite.canaricourriel@example.fr", "+33639980147", "269059938377113"
FREE_TEXT, PATH = "canaritexte", "canaridossier/canarifichier"
RAISED = "canarierreur"
FUNCTIONS = sorted(door.parent.name for door in (ROOT / "functions").glob("*/handler.py"))
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

    A message has its recipient; the laboratory's own paths are in its inbox and outbox, in
    the record of the file, and in what S3 says of it; KMS signs what a certificate says and
    keeps none of it.
    """
    own = {wired.intake_settings.inbox_bucket, wired.intake_settings.outbox_bucket}
    for call in wired.calls.made:
        allowed = {"Destination", "PhoneNumber", "Body"}
        if call.params.get("Bucket") in own:
            allowed |= {"Key"}
        if call.params.get("TableName") == wired.intake_settings.files_table:
            continue
        if (call.service, call.operation) == ("kms", "Sign") or _said_by_s3(call):
            continue
        shown = {key: value for key, value in call.params.items() if key not in allowed}
        yield f"{call.service} {call.operation}", shown


def _said_by_s3(call: Call) -> bool:
    """Whether a message is what S3 says of a file, in the queue or set aside after it."""
    return '"eventSource": "aws:s3"' in str(call.params.get("MessageBody"))


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
    workspace = objects(wired.intake_settings.workspace_bucket)
    assert not leaks(list(workspace))
    for queue in wired.deployment.queues:
        for body in drained(queue):
            assert '"eventSource": "aws:s3"' in body or not leaks(body), queue
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
    assert "certificate-issued" in wired.codes()
    assert_silent(wired, *capsys.readouterr(), caplog.text)


@pytest.mark.parametrize(
    ("store", "method"),
    [
        (ResultStore, "_put"),
        (CertificateStore, "of_result"),
        (SendingStore, "claim"),
        (GrantStore, "keep"),
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

    monkeypatch.setattr(opening, "birth_date_opens", fail)
    (message,) = wired.messages()
    answer = wired.attempt(message.token, BIRTH_DATE)
    assert answer["statusCode"] == 500
    assert_silent(wired, *capsys.readouterr(), caplog.text, json.dumps(answer))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_error_that_nobody_foresaw_leaves_no_function_with_its_text(
    function: str,
    wired: Wired,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"{RAISED} {FAMILY_NAME} {BIRTH_DATE}")

    for variable, value in wired.deployment.environment(function).items():
        monkeypatch.setenv(variable, value)
    # Powertools keeps one logger, with its stream, for each service.
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", str(uuid.uuid4()))
    door = importlib.import_module(f"{function}.handler")
    for kept in vars(door).values():
        if hasattr(kept, "cache_clear"):
            monkeypatch.setattr(door, kept.__name__, functools.cache(kept.__wrapped__))
    monkeypatch.setattr(BaseClient, "_make_api_call", fail)
    said = [_said(door.handler, event) for event in (ROOT / "events" / function).glob("*.json")]
    written = [*said, *capsys.readouterr(), caplog.text]
    assert "ValueError" in "".join(written)  # there was something to leak
    assert not leaks(written)


def _said(handler: Callable[[Any, Any], object], event: Path) -> str:
    """What a handler answers, or what Lambda would write of the error that leaves it."""
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
    try:
        return json.dumps(handler(json.loads(event.read_text()), context))
    except Exception as error:  # noqa: BLE001 - whatever leaves it is what is judged
        return "".join(traceback.format_exception(error))
