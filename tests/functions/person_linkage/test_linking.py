"""People are joined and parted, whatever the order and the number of messages."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from person_linkage import handler as door
from person_linkage import token_store
from person_linkage.token_store import TokenStore
from tests.functions.interruption import interrupted
from tests.functions.person_linkage.world import (
    INS,
    OTHER_INS,
    RECEIVED,
    World,
    identity,
    persons_by,
)
from tests.functions.resources import drained, items
from vigie import aws
from vigie.errors import Unavailable
from vigie.events.event import PersonsLinked, PersonsUnlinked
from vigie.person.standing_store import StandingStore

if TYPE_CHECKING:
    from vigie.person.identity import Identity

SAMPLES = sorted((Path(__file__).parents[3] / "events" / "person_linkage").glob("*.json"))
WITH_INS, MORE_NAMES = identity(ins=INS), identity(given="Anne Odile")
MARRIED, STRANGER = identity("Martin", ins=INS), identity("Moreau")


def group(world: World, *people: Identity) -> tuple[str, ...]:
    return tuple(sorted(world.pseudonym(each) for each in people))


def test_two_writings_of_one_person_are_linked(world: World) -> None:
    assert world.deliver(world.result(1, WITH_INS), world.result(2, STRANGER)) == []
    assert world.told() == []
    assert world.standing(WITH_INS) is None
    world.deliver(world.result(3, MORE_NAMES))
    (event,) = world.told()
    assert isinstance(event, PersonsLinked)
    assert event.persons == group(world, WITH_INS, MORE_NAMES)
    assert event.occurred_at == RECEIVED
    standing = world.standing(WITH_INS)
    assert standing is not None
    assert standing.group == event.persons
    assert world.standing(STRANGER) is None


def test_a_third_joins_and_a_second_ins_parts_them_all(world: World) -> None:
    told = []
    for number, about in enumerate((MORE_NAMES, WITH_INS, MARRIED)):
        world.deliver(world.result(number, about))
        told += world.told()
    everyone = group(world, MORE_NAMES, WITH_INS, MARRIED)
    assert persons_by(told) == dict.fromkeys(everyone, everyone)
    # Nobody can tell any more whose record the one without an INS is.
    world.deliver(world.result(9, identity(ins=OTHER_INS)))
    assert persons_by([*told, *world.told()]) == {}


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_the_order_of_arrival_does_not_matter(world: World, order: tuple[int, ...]) -> None:
    people = (WITH_INS, MORE_NAMES, MARRIED, STRANGER)
    bodies = [world.result(number, about) for number, about in enumerate(people)]
    for number in (*order, *reversed(order)):
        assert world.deliver(bodies[number]) == []
    expected = group(world, WITH_INS, MORE_NAMES, MARRIED)
    assert set(persons_by(world.told()).values()) == {expected}
    for about in (WITH_INS, MORE_NAMES, MARRIED):
        standing = world.standing(about)
        assert standing is not None
        assert standing.group == expected


def test_who_is_linked_is_told_once_and_again_only_after_a_crash(world: World) -> None:
    bodies = [world.result(1, WITH_INS), world.result(2, MORE_NAMES)]
    with mock.patch.object(StandingStore, "note_told", side_effect=Unavailable("died")):
        assert world.deliver(*bodies) != []
    (first,) = world.told()
    assert world.deliver(*bodies) == []
    assert {event.id for event in world.told()} == {first.id}
    kept = items("persons")
    assert world.deliver(*bodies, world.result(3, WITH_INS)) == []
    assert world.told() == []
    assert items("persons") == kept


def test_who_is_known_is_not_written_again_for_each_result(world: World) -> None:
    world.deliver(world.result(1, WITH_INS))
    body = world.result(2, WITH_INS, received_at=RECEIVED + timedelta(days=29))
    with interrupted({}) as made:
        assert world.deliver(body) == []
    assert "UpdateItem" not in made


def test_a_link_after_the_standing_has_expired_overrules_what_was_told_before(
    world: World,
) -> None:
    world.deliver(world.result(1, WITH_INS), world.result(2, MORE_NAMES))
    (before,) = world.told()
    for item in items("persons"):
        key = {name: item[name] for name in ("place", "person")}
        aws.dynamodb().delete_item(TableName="persons", Key=key)
    later = RECEIVED + timedelta(days=400)
    world.deliver(
        *(world.result(n, each, received_at=later) for n, each in enumerate((MARRIED, WITH_INS)))
    )
    (after,) = world.told()
    assert after.version > before.version


def test_what_was_linked_wrongly_is_parted_and_stays_so(world: World) -> None:
    world.deliver(world.result(1, WITH_INS), world.result(2, MORE_NAMES))
    told = world.told()
    assert world.part(WITH_INS, MORE_NAMES) == []
    parted = world.told()
    assert {type(event) for event in parted} == {PersonsUnlinked}
    assert {event.persons for event in parted} == {group(world, WITH_INS), group(world, MORE_NAMES)}
    assert persons_by([*told, *parted]) == {}
    # The same evidence again, and more of it.
    more = identity(given="Anne Odile", ins=INS)
    world.deliver(world.result(3, WITH_INS), world.result(4, more))
    assert persons_by([*told, *parted, *world.told()]) == {}
    standing = world.standing(WITH_INS)
    assert standing is not None
    assert [parting.reason for parting in standing.apart] == ["two sisters"]


def test_who_is_parted_before_being_linked_is_not_linked(world: World) -> None:
    world.part(WITH_INS, MORE_NAMES)
    world.deliver(world.result(1, WITH_INS), world.result(2, MORE_NAMES))
    assert not any(isinstance(event, PersonsLinked) for event in world.told())


def test_a_parting_asked_for_twice_is_one(world: World) -> None:
    world.deliver(world.result(1, WITH_INS), world.result(2, MORE_NAMES))
    world.told()
    world.part(WITH_INS, MORE_NAMES)
    kept = items("persons")
    world.told()
    world.part(MORE_NAMES, WITH_INS)
    assert world.told() == []
    assert items("persons") == kept


def test_someone_who_changes_the_group_meanwhile_is_not_overruled(world: World) -> None:
    people = (WITH_INS, MORE_NAMES, MARRIED)
    bodies = [world.result(number, each) for number, each in enumerate(people)]
    world.deliver(bodies[0])
    change, late = StandingStore.change, [bodies[2]]

    def overtaken(*arguments: Any) -> bool:  # noqa: ANN401 - passed on
        if late:
            world.deliver(late.pop())
        return change(*arguments)

    with mock.patch.object(StandingStore, "change", overtaken):
        assert world.deliver(bodies[1]) == []
    assert set(persons_by(world.told()).values()) == {group(world, *people)}


def test_a_group_lives_as_long_as_the_last_of_its_results(world: World) -> None:
    world.deliver(world.result(1, WITH_INS), world.result(2, MORE_NAMES))
    before = world.standing(MORE_NAMES)
    later = RECEIVED + timedelta(days=60)
    world.deliver(world.result(3, MORE_NAMES, received_at=later))
    after = world.standing(MORE_NAMES)
    assert before is not None
    assert after is not None
    assert after.expires_at == int((later + timedelta(days=150)).timestamp())
    assert after.version == before.version


def test_a_parting_does_not_expire_before_the_evidence(world: World) -> None:
    world.deliver(world.result(1, WITH_INS), world.result(2, MORE_NAMES))
    world.part(WITH_INS, MORE_NAMES)
    later = RECEIVED + timedelta(days=30)
    people = (WITH_INS, MORE_NAMES)
    world.deliver(
        *(world.result(3 + number, each, received_at=later) for number, each in enumerate(people))
    )
    expiries = [int(item["expires_at"]["N"]) for item in items("persons") if "tokens" in item]
    for each in people:
        standing = world.standing(each)
        assert standing is not None
        assert standing.expires_at >= max(expiries)


def test_names_that_stand_for_anybody_keep_so_many_tokens_and_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_store, "MAX_TOKENS", 3)
    tokens = TokenStore(aws.dynamodb(), world.settings.persons_table)
    for number in range(9):
        # Later and earlier ones in turn.
        tokens.keep("p1.anybody", ("bPLACE", f"hHOME{number}"), 1_000 + number % 2)
    assert tokens.together("bPLACE") == {"p1.anybody": {"bPLACE", "hHOME0", "hHOME1"}}


def test_a_result_without_tokens_is_nobodys_match(world: World) -> None:
    world.deliver(world.result(1, WITH_INS, linkage=()), world.result(2, MORE_NAMES))
    assert world.told() == []


def test_what_is_no_message_dies_without_being_told(world: World) -> None:
    assert world.deliver("CANARY", world.result(1, WITH_INS)) == []
    assert drained(world.dead_letters) == ["CANARY"]
    assert "CANARY" not in world.log.getvalue()


def test_a_result_of_a_newer_version_dies_alone(world: World) -> None:
    newer, read = world.result(1, WITH_INS), world.result(2, WITH_INS)
    aws.dynamodb().update_item(
        TableName="results",
        Key={"result_id": {"S": "750000001-1"}},
        UpdateExpression="SET #schema = :newer",
        ExpressionAttributeNames={"#schema": "schema"},
        ExpressionAttributeValues={":newer": {"N": "99"}},
    )
    assert world.deliver(newer, read) == []
    assert drained(world.dead_letters) == [newer]
    assert items("persons")


def test_nothing_in_the_table_can_be_read(world: World) -> None:
    both = identity(other="Martin", given="Anne Claire")
    world.deliver(world.result(1, WITH_INS), world.result(2, both))
    written = json.dumps(items("persons"), default=repr).casefold()
    assert not any(value in written for value in ("lefe", "anne", "martin", "1969", INS[:8]))


def test_log_lines_name_nobody(world: World) -> None:
    world.deliver(world.result(1, WITH_INS), world.result(2, MORE_NAMES))
    world.part(WITH_INS, MORE_NAMES)
    lines = [json.loads(line) for line in world.log.getvalue().splitlines()]
    assert {line["message"] for line in lines} == {"persons-changed", "persons-parted"}
    assert "p1." not in world.log.getvalue()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_the_door_takes_its_sample_events(
    world: World, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in world.settings.model_dump(mode="json").items():
        monkeypatch.setenv(name.upper(), str(value))
    door._consumer.cache_clear()
    context: Any = None
    event = json.loads(sample.read_text(encoding="utf-8"))
    assert door.handler(event, context) == {"batchItemFailures": []}
    assert drained(world.dead_letters) == []
