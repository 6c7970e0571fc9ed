"""A laboratory without an AWS client sends a file, follows it, and sees nobody else's."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.functions.laboratories import register, suspend
from tests.functions.laboratory_uploads.tokens import token
from tests.functions.laboratory_uploads.world import BLEUETS, LILAS, UPLOADS, World
from tests.functions.resources import items
from vigie import aws
from vigie.inbox import EntryOutcome
from vigie.inbox.file_summary import FileSummary

SUMMARY = FileSummary(counts={EntryOutcome.ACCEPTED: 2, EntryOutcome.REJECTED: 1})


def acknowledged(file_id: str) -> bytes:
    """An acknowledgement, as far as it is read."""
    return json.dumps({"file": {"id": file_id}, "state": "complete"}).encode()


def policy(form: dict[str, Any]) -> list[Any]:
    """The conditions of a form."""
    conditions: list[Any] = json.loads(base64.b64decode(form["fields"]["policy"]))["conditions"]
    return conditions


def test_a_form_takes_one_path_of_the_laboratory_one_type_and_one_size(world: World) -> None:
    opened = world.open()
    assert (opened.status, opened.headers["Location"]) == (201, f"{UPLOADS}/{opened.body['id']}")
    path, form = opened.body["path"], opened.body["form"]
    assert path == f"{LILAS}/uploads/{opened.body['id']}"
    for condition in (
        {"key": path},
        {"bucket": "inbox"},
        {"Content-Type": "text/csv"},
        ["content-length-range", 3, 3],
    ):
        assert condition in policy(form)
    assert form["fields"]["Content-Type"] == "text/csv"
    assert form["expires_at"] == (world.now + timedelta(minutes=15)).isoformat().replace(
        "+00:00", "Z"
    )


def test_a_file_is_followed_from_the_form_to_the_acknowledgement(world: World) -> None:
    opened = world.open().body
    path = f"{UPLOADS}/{opened['id']}"
    states = [world.ask("GET", path).body["state"]]
    file = world.put(opened["path"])
    states.append(world.ask("GET", path).body["state"])
    world.recorded(file)
    states.append(world.ask("GET", path).body["state"])
    aws.s3().put_object(
        Bucket="outbox", Key=f"{opened['path']}.ack.json", Body=acknowledged(file.file_id)
    )
    world.files.note_acknowledged(file.file_id, "csv", SUMMARY)
    done = world.ask("GET", path)
    states.append(done.body["state"])
    assert states == ["waiting", "received", "reading", "done"]
    assert done.body["acknowledgement"]["state"] == "complete"
    assert done.body["counts"] == {"accepted": 2, "rejected": 1}
    assert f"{opened['path']}.ack.csv" in done.body["links"]["csv_url"]
    assert done.headers["Cache-Control"] == "no-store"


def test_a_file_that_waits_for_the_laboratory_to_be_let_in_is_shown_as_refused(
    world: World,
) -> None:
    opened = world.open().body
    file = world.recorded(world.put(opened["path"]))
    world.files.note_refused(file.file_id, FileSummary(counts={}))
    assert world.ask("GET", f"{UPLOADS}/{opened['id']}").body["state"] == "refused"


def test_the_acknowledgement_of_an_earlier_file_is_not_shown(world: World) -> None:
    opened = world.open().body
    earlier = world.put(opened["path"])
    aws.s3().put_object(
        Bucket="outbox", Key=f"{opened['path']}.ack.json", Body=acknowledged(earlier.file_id)
    )
    file = world.recorded(world.put(opened["path"], b"c;d"))
    world.files.note_acknowledged(file.file_id, "csv", SUMMARY)
    assert world.ask("GET", f"{UPLOADS}/{opened['id']}").body["acknowledgement"] is None


def test_an_acknowledgement_that_is_too_large_is_linked_only(world: World) -> None:
    opened = world.open().body
    file = world.recorded(world.put(opened["path"]))
    body = acknowledged(file.file_id) + b" " * 512 * 1024
    aws.s3().put_object(Bucket="outbox", Key=f"{opened['path']}.ack.json", Body=body)
    world.files.note_acknowledged(file.file_id, "csv", SUMMARY)
    told = world.ask("GET", f"{UPLOADS}/{opened['id']}").body
    assert told["acknowledgement"] is None
    assert told["links"] is not None


@pytest.mark.parametrize(
    ("recognised", "suffix"), [("hl7v2", ".ack.hl7"), ("fhir", ".ack.fhir.json"), ("zip", None)]
)
def test_the_acknowledgement_in_the_format_of_the_file_is_linked(
    world: World, recognised: str, suffix: str | None
) -> None:
    opened = world.open().body
    file = world.recorded(world.put(opened["path"]))
    world.files.note_acknowledged(file.file_id, recognised, SUMMARY)
    link = world.ask("GET", f"{UPLOADS}/{opened['id']}").body["links"]["message_url"]
    assert link is None if suffix is None else f"{opened['path']}{suffix}?" in link


def test_a_trial_goes_into_the_sandbox_and_is_followed_there(world: World) -> None:
    opened = world.open("tried", trial=True).body
    assert opened["path"] == f"{LILAS}/test/uploads/{opened['id']}"
    file = world.recorded(world.put(opened["path"]))
    assert file.trial
    assert world.ask("GET", f"{UPLOADS}/{opened['id']}").body["state"] == "reading"
    (listed,) = world.ask("GET", UPLOADS).body["uploads"]
    assert listed["id"] == opened["id"]
    assert world.open("tried").problem == "idempotency-key-reused"


def test_the_same_key_opens_the_same_upload_and_no_key_a_new_one(world: World) -> None:
    first = world.open("morning").body
    world.start()
    assert world.open("morning").body["id"] == first["id"]
    assert len({first["id"], world.open("noon").body["id"], world.open().body["id"]}) == 3
    assert len(items("uploads")) == 3
    other = world.ask(
        "POST", UPLOADS, of=BLEUETS, key="morning", body={"content_type": "text/csv", "size": 3}
    )
    assert other.body["id"] != first["id"]
    reused = world.open("morning", size=4)
    assert (reused.status, reused.problem) == (409, "idempotency-key-reused")


def test_a_laboratory_never_sees_anothers_upload(world: World) -> None:
    opened = world.open("morning").body
    file = world.recorded(world.put(opened["path"]))
    by_itself = world.recorded(world.put(f"{LILAS}/matin.hl7"))
    world.files.note_acknowledged(file.file_id, "csv", SUMMARY)
    for upload_id in (opened["id"], file.file_id, by_itself.file_id):
        path = f"{UPLOADS}/{upload_id}"
        assert world.ask("GET", path).status == 200
        told = world.ask("GET", path, of=BLEUETS)
        assert (told.status, told.problem) == (404, "upload-unknown")
        # As if there were none.
        assert told.body == world.ask("GET", f"{UPLOADS}/{'a' * 26}").body
    assert world.ask("GET", UPLOADS, of=BLEUETS).body == {"uploads": [], "before": None}


def test_a_history_is_paged_through_however_files_came(world: World) -> None:
    ids = []
    for number in range(3):
        opened = world.open(str(number)).body
        world.recorded(world.put(opened["path"]))
        ids.append(opened["id"])
    direct = world.recorded(world.put(f"{LILAS}/matin.hl7"))
    ids.append(direct.file_id)
    seen: list[str] = []
    query = {"limit": "3"}
    while True:
        page = world.ask("GET", UPLOADS, query=query).body
        assert len(page["uploads"]) <= 3
        seen += [one["id"] for one in page["uploads"]]
        if page["before"] is None:
            break
        query["before"] = page["before"]
    assert sorted(seen) == sorted(ids)
    for upload_id in seen:
        assert world.ask("GET", f"{UPLOADS}/{upload_id}").body["id"] == upload_id


def test_a_suspended_laboratory_is_refused_at_once_while_its_token_lives(world: World) -> None:
    opened = world.open().body
    suspend(LILAS)
    for told in (
        world.open(),
        world.ask("GET", UPLOADS),
        world.ask("GET", f"{UPLOADS}/{opened['id']}"),
    ):
        assert (told.status, told.problem) == (403, "laboratory-not-let-in")
    register(LILAS, client_id=f"client-{LILAS}")
    assert world.open().status == 201


def test_a_client_that_was_replaced_opens_nothing(world: World) -> None:
    assert world.open().status == 201
    register(LILAS, client_id="new")
    assert world.open().problem == "laboratory-not-let-in"


@pytest.mark.parametrize(
    ("given", "status", "problem"),
    [
        (None, 401, "token-refused"),
        ("nonsense", 401, "token-refused"),
        (token("stranger", 2_000_000_000), 403, "laboratory-not-let-in"),
        (token(f"client-{LILAS}", 0), 401, "token-refused"),
        (token(f"client-{LILAS}", 2_000_000_000, scope=""), 403, "scope-missing"),
    ],
)
def test_who_is_not_let_in_is_told_so_whatever_is_asked(
    world: World, given: str | None, status: int, problem: str
) -> None:
    of = None if given is None else LILAS
    for method, path, body in (
        ("POST", UPLOADS, "?"),
        ("GET", UPLOADS, None),
        ("GET", "/v1/lab/x", None),
    ):
        told = world.ask(method, path, of=of, body=body, token_of=given)
        assert (told.status, told.problem) == (status, problem)
        assert told.headers["Content-Type"] == "application/problem+json"
        assert ("WWW-Authenticate" in told.headers) is (problem != "laboratory-not-let-in")
    assert "caller-refused" in world.log.getvalue()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"content_type": "text/csv"}, 422),
        ({"content_type": "text/html", "size": 3}, 422),
        ({"content_type": "text/csv", "size": 0}, 422),
        ({"content_type": "text/csv", "size": 1024**3 + 1}, 422),
        ({"content_type": "text/csv", "size": "3"}, 422),
        ({"content_type": "text/csv", "size": 3, "more": "x" * 3000}, 413),
        ([], 422),
    ],
)
def test_what_is_wrong_with_a_request_is_named_without_its_values(
    world: World, body: object, status: int
) -> None:
    told = world.ask("POST", UPLOADS, body=body)
    assert told.status == status
    assert "html" not in json.dumps(told.body)
    assert items("uploads") == []


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"before": "yesterday"}]
)
def test_a_page_that_cannot_be_is_refused(world: World, query: dict[str, str]) -> None:
    assert world.ask("GET", UPLOADS, query=query).status == 422


def test_an_id_that_cannot_be_is_refused(world: World) -> None:
    assert world.ask("GET", f"{UPLOADS}/A").status == 422
    assert world.ask("GET", f"{UPLOADS}/{'a' * 26}/x").status == 404


def test_what_aws_does_not_do_is_asked_for_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise ClientError({"Error": {"Code": "InternalError", "Message": LILAS}}, "PutItem")

    monkeypatch.setattr(aws.dynamodb(), "put_item", fail)
    told = world.open("morning")
    assert (told.status, told.headers["Retry-After"]) == (503, "5")
    assert "uploads-table:InternalError" in world.log.getvalue()


def test_the_samples_are_understood(world: World) -> None:
    folder = Path(__file__).parents[3] / "events" / "laboratory_uploads"
    for sample in sorted(folder.glob("*.json")):
        event = json.loads(sample.read_text())
        given = token(f"client-{LILAS}", world.now.timestamp() + 3600)
        event["headers"]["authorization"] = f"Bearer {given}"
        answered = world._api(event)
        assert answered["statusCode"] in {200, 201, 404}, sample.name


def test_the_description_names_every_route_and_wants_a_token(world: World) -> None:
    told = world.ask("GET", "/v1/lab/openapi.json", of=None)
    assert told.status == 200
    assert set(told.body["paths"]) == {UPLOADS, f"{UPLOADS}/{{upload_id}}"}
    assert told.body["security"] == [{"token": []}]
