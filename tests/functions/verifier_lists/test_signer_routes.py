"""A verifier application of the EU gets the trust list by the calls that it knows."""

from __future__ import annotations

import base64
import json
from email.utils import format_datetime

import pytest

from tests.functions.verifier_lists.world import LATER, STATUS, UPDATE, World, trusted

FRENCH, OTHER_FRENCH, FINNISH = b"certificate 1", b"certificate 2", b"certificate 3"


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that it is in
    return World()


def _kid(der: bytes) -> str:
    return trusted("FR", der).kid


def _resumed(world: World) -> list[tuple[str, bytes]]:
    """Kid and certificate of each call, as an application makes them, to the last."""
    found: list[tuple[str, bytes]] = []
    headers: dict[str, str] = {}
    while (answer := world.ask("GET", UPDATE, **headers)).status == 200:
        assert answer.headers["content-type"] == "text/plain"
        # A cache in between must not give everyone the same certificate.
        assert answer.headers["vary"] == "X-RESUME-TOKEN"
        found.append((answer.headers["x-kid"], base64.b64decode(answer.text)))
        headers = {"x_resume_token": answer.headers["x-resume-token"]}
    assert (answer.status, answer.text) == (204, "")
    return found


def test_every_certificate_is_given_one_by_one(world: World) -> None:
    ders = (FRENCH, OTHER_FRENCH, FINNISH)
    world.publish(*(trusted("FR", der) for der in ders))
    assert sorted(_resumed(world)) == sorted((_kid(der), der) for der in ders)


def test_who_resumes_gets_what_came_since_whatever_went(world: World) -> None:
    world.publish(trusted("FR", FRENCH), trusted("FR", OTHER_FRENCH))
    _resumed(world)
    world.publish(trusted("FI", FINNISH), at=LATER)
    world.seconds = 61
    answer = world.ask("GET", UPDATE, x_resume_token="2")
    assert (answer.status, answer.headers["x-kid"]) == (200, _kid(FINNISH))
    assert _resumed(world) == [(_kid(FINNISH), FINNISH)]


def test_the_kids_are_listed_with_a_tag(world: World) -> None:
    world.publish(trusted("FR", FRENCH), trusted("FI", FINNISH))
    answer = world.ask("GET", STATUS)
    assert sorted(answer.json) == sorted([_kid(FRENCH), _kid(FINNISH)])
    assert answer.headers["cache-control"] == "public, max-age=300"
    again = world.ask("GET", STATUS, if_none_match=f'"other", W/{answer.headers["etag"]}')
    assert (again.status, again.text) == (304, "")
    world.publish(trusted("FR", FRENCH), at=LATER)
    world.seconds = 61
    assert world.ask("GET", STATUS, if_none_match=answer.headers["etag"]).json == [_kid(FRENCH)]


@pytest.mark.parametrize("since", [format_datetime(LATER, usegmt=True), LATER.isoformat()])
def test_the_delta_tells_what_came_and_went_since(world: World, since: str) -> None:
    world.publish(trusted("FR", FRENCH), trusted("FR", OTHER_FRENCH))
    world.publish(trusted("FR", FRENCH), trusted("FI", FINNISH), at=LATER)
    answer = world.ask("GET", f"{STATUS}/delta", if_modified_since=since)
    assert answer.json == {"updated": [_kid(FINNISH)], "deleted": [_kid(OTHER_FRENCH)]}
    assert answer.headers["cache-control"] == "no-store"


def test_a_tag_is_never_that_of_another_version_than_the_body(world: World) -> None:
    world.publish(trusted("FR", FRENCH))
    before = world.ask("GET", STATUS)
    world.publish(trusted("FI", FINNISH), at=LATER)
    # What is held is believed for a minute, which passes while this is answered.
    world.seconds, world.tick = 58, 1
    during = world.ask("GET", STATUS)
    assert (during.headers["etag"], during.json) == (before.headers["etag"], before.json)


def test_the_delta_since_never_is_everything(world: World) -> None:
    world.publish(trusted("FR", FRENCH), trusted("FI", FINNISH))
    answer = world.ask("GET", f"{STATUS}/delta").json
    assert (sorted(answer["updated"]), answer["deleted"]) == (
        sorted([_kid(FRENCH), _kid(FINNISH)]),
        [],
    )


def test_named_kids_are_given_by_country(world: World) -> None:
    world.publish(trusted("FR", FRENCH), trusted("FI", FINNISH), trusted("FI", OTHER_FRENCH))
    asked = json.dumps([_kid(FRENCH), _kid(FINNISH), "unknown"])
    assert world.ask("POST", UPDATE, asked).json == {
        "FI": [{"kid": _kid(FINNISH), "rawData": base64.b64encode(FINNISH).decode()}],
        "FR": [{"kid": _kid(FRENCH), "rawData": base64.b64encode(FRENCH).decode()}],
    }


@pytest.mark.parametrize(
    ("path", "headers", "problem"),
    [
        (UPDATE, {"x_resume_token": "one"}, "resume-token-malformed"),
        (UPDATE, {"x_resume_token": "9" * 5000}, "resume-token-malformed"),
        (f"{STATUS}/delta", {"if_modified_since": "soon"}, "time-malformed"),
        (f"{STATUS}/delta", {"if_modified_since": "2026-11-24"}, "time-malformed"),
        (
            f"{STATUS}/delta",
            {"if_modified_since": "0001-01-01T00:00:00+14:00"},
            "time-malformed",
        ),
        ("/other", {}, "not-found"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    world: World, path: str, headers: dict[str, str], problem: str
) -> None:
    world.publish(trusted("FR", FRENCH))
    answer = world.ask("GET", path, **headers)
    assert 400 <= answer.status < 500
    assert answer.problem == problem
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('{"kid": 1}', "kids-malformed"),
        ("[[1]]", "kids-malformed"),
        ("", "kids-malformed"),
        ("[", "body-unreadable"),
        (json.dumps(["a" * 20_000]), "body-too-large"),
    ],
)
def test_what_is_no_list_of_kids_is_refused(world: World, body: str, problem: str) -> None:
    world.publish(trusted("FR", FRENCH))
    answer = world.ask("POST", UPDATE, body)
    assert 400 <= answer.status < 500
    assert answer.problem == problem


def test_a_list_that_was_never_published_is_no_empty_one(world: World) -> None:
    answer = world.ask("GET", STATUS)
    assert (answer.status, answer.problem) == (404, "list-unpublished")
