"""A later upload revises what was said of keys, once, and by whoever holds their token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.functions.interruption import interrupted
from tests.functions.key_upload.world import DAY, NOW, TODAY, World, sent_key, upload
from tests.functions.resources import items
from vigie.tracing.diagnosis_key import ReportType
from vigie.tracing.publish_rules import PublishRules
from vigie.tracing.release import Section, shard_of
from vigie.tracing.verification_certificate import Diagnosis

LATER = timedelta(hours=5)


def first(world: World, diagnosis: Diagnosis | None, *days: int) -> str:
    """Publish keys of days; their revision token."""
    body = world.certified(diagnosis, *(sent_key(day, transmissionRisk=0) for day in days))
    token: str = world.publish(body)["revisionToken"]
    return token


def again(world: World, diagnosis: Diagnosis | None, token: str, *days: int) -> dict[str, object]:
    keys = (sent_key(day, transmissionRisk=0) for day in days)
    return world.certified(diagnosis, *keys, revisionToken=token)


def test_a_revision_leaves_in_its_own_hour_with_what_it_says(world: World) -> None:
    token = first(world, Diagnosis.LIKELY, 1, 2)
    world.now += LATER
    before = world.leaving(Section.HOME)
    body = again(world, Diagnosis.CONFIRMED, token, 1, 3)
    answer = world.publish(body)

    # A revised key is not inserted, and the one that is new is.
    assert answer["insertedExposures"] == 1
    (revised,) = world.leaving(Section.REVISED)
    assert revised.key.key_data == bytes((1,)) * 16
    assert revised.key.report_type is ReportType.CONFIRMED_TEST
    assert revised.key.transmission_risk == 2
    shard = shard_of(revised.key.key_data, world.now.replace(minute=0), Section.REVISED)
    assert shard in {item["shard"]["S"] for item in items("keys")}
    # What was released stays as it was.
    assert [one for one in world.leaving(Section.HOME) if one in before] == before

    # The phone that lost the answer gets it again, with a token for all of its keys.
    stored = world.stored()
    token = world.publish(body)["revisionToken"]
    assert world.stored() == stored
    assert world.publish(again(world, Diagnosis.NEGATIVE, token, 2))["revisionToken"]
    assert len(world.leaving(Section.REVISED)) == 2


def test_a_key_that_is_in_use_is_revised_no_earlier_than_it_leaves(world: World) -> None:
    token = first(world, Diagnosis.LIKELY, 0)
    world.publish(again(world, Diagnosis.CONFIRMED, token, 0))
    tomorrow = NOW.replace(hour=1, minute=0) + timedelta(days=1)
    shard = shard_of(bytes(16), tomorrow, Section.REVISED)
    assert shard in {item["shard"]["S"] for item in items("keys")}


def test_a_key_is_revised_once(world: World) -> None:
    token = first(world, None, 1)
    token = str(world.publish(again(world, Diagnosis.CONFIRMED, token, 1))["revisionToken"])
    stored = world.stored()
    assert world.refused(again(world, Diagnosis.NEGATIVE, token, 1)) == (
        400,
        "key_already_revised",
    )
    assert world.stored() == stored
    # What it was first and what it became are no change.
    world.now += timedelta(minutes=1)
    for diagnosis in (None, Diagnosis.CONFIRMED):
        answer = world.publish(again(world, diagnosis, token, 1))
        assert "insertedExposures" not in answer
        assert answer["revisionToken"]
    assert len(world.leaving(Section.REVISED)) == 1


@pytest.mark.parametrize("call", range(3))
def test_a_key_is_revised_once_whenever_two_revisions_come_at_once(world: World, call: int) -> None:
    token = first(world, Diagnosis.LIKELY, 1)
    one, other = (
        again(world, diagnosis, token, 1) for diagnosis in (Diagnosis.CONFIRMED, Diagnosis.NEGATIVE)
    )
    answers: list[dict[str, Any]] = []
    with interrupted({call: lambda: answers.append(world.post(other))}):
        answers.append(world.post(one))
    assert sorted(answer["statusCode"] for answer in answers) == [200, 400]
    assert len(world.leaving(Section.REVISED)) == 1


def test_an_upload_code_confirms_what_was_likely(world: World) -> None:
    token = first(world, Diagnosis.LIKELY, 1)
    world.publish(upload(world.code(), sent_key(1), revisionToken=token))
    assert [one.key.report_type for one in world.leaving(Section.REVISED)] == [
        ReportType.CONFIRMED_TEST
    ]


def test_a_negative_result_takes_back_what_was_given_and_stores_nothing_else(
    world: World,
) -> None:
    token = first(world, Diagnosis.LIKELY, 1)
    answer = world.publish(again(world, Diagnosis.NEGATIVE, token, 1, 2))
    assert "insertedExposures" not in answer
    (revised,) = world.leaving(Section.REVISED)
    assert (revised.key.report_type, revised.key.transmission_risk) == (ReportType.REVOKED, 6)
    assert len(world.released()) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"revisionToken": ""}, "missing_revision_token"),
        ({"revisionToken": "!"}, "missing_revision_token"),
        ({"revisionToken": "AAAA"}, "invalid_revision_token"),
        ({"revisionToken": "A" * 200}, "invalid_revision_token"),
    ],
)
def test_without_its_token_a_key_is_not_revised(
    world: World, changes: dict[str, str], code: str
) -> None:
    first(world, Diagnosis.LIKELY, 1)
    stored = world.stored()
    body = again(world, Diagnosis.NEGATIVE, "", 1) | changes
    assert world.refused(body) == (400, code)
    assert world.stored() == stored


def test_keys_that_the_token_does_not_name_refuse_the_upload_or_are_left_out(
    world: World,
) -> None:
    first(world, Diagnosis.LIKELY, 1)
    token = first(world, Diagnosis.LIKELY, 2)
    body = again(world, Diagnosis.CONFIRMED, token, 1, 2, 3)
    assert world.refused(body) == (400, "invalid_revision_token")

    rules = PublishRules(allow_partial_revisions=True)
    world.settings = world.settings.model_copy(update={"publish_rules": rules})
    world.new_instance()
    answer = world.publish(body)
    assert answer["insertedExposures"] == 1
    assert answer["warnings"] == ["key 0 is not in the revision token - saving without this key"]
    assert [one.key.key_data[0] for one in world.leaving(Section.REVISED)] == [2]
    # A token that is none of ours leaves nothing to take.
    wrong = again(world, Diagnosis.CONFIRMED, "AAAA", 1)
    assert world.refused(wrong) == (400, "invalid_revision_token")


def test_other_times_than_those_of_the_first_upload_are_refused(world: World) -> None:
    token = first(world, Diagnosis.LIKELY, 1)
    for changed in (
        sent_key(1, rollingPeriod=100),
        sent_key(1, rollingStartNumber=TODAY - DAY - 1),
    ):
        body = world.certified(Diagnosis.CONFIRMED, changed, revisionToken=token)
        assert world.refused(body) == (400, "invalid_revision_token")


def test_a_token_is_opened_for_three_weeks_whatever_key_it_was_sealed_with(
    world: World,
) -> None:
    token = first(world, Diagnosis.LIKELY, 1)
    world.now += timedelta(days=12)
    world.new_instance()
    assert world.publish(again(world, Diagnosis.CONFIRMED, token, 1))
    body = upload("", sent_key(1), revisionToken=token)
    world.now = NOW + timedelta(days=28)
    opened = world.api._publishing._tokens.open(body["revisionToken"], world.now)  # type: ignore[arg-type]
    assert opened == ()
