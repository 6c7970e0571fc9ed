"""Counts follow the current version of each result, however its events come."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from statistics_counting.account_store import AccountStore
from statistics_counting.batch_store import BatchStore
from statistics_counting.counted_test import counted_test
from statistics_counting.history import MOST_TESTS
from tests.functions.interruption import interrupted
from tests.functions.resources import drained, sqs_event
from tests.functions.statistics_counting.world import NOW, PARIS, World, event_about, linked
from tests.unit.statistics_counting.recounted import recounted
from vigie import aws
from vigie.errors import Unavailable
from vigie.results.codes import Method, Outcome, Sex, Status
from vigie.results.test_result import VariantScreening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.statistics_counting.recounted import Recounted
    from vigie.results.stored_result import StoredResult

A, B, C = "p1.a", "p1.b", "p1.c"
FIRST = datetime(2026, 11, 1, 8, tzinfo=UTC)
EVENTS = Path(__file__).parents[3] / "events" / "statistics_counting"
OUTCOMES = [Outcome.NOT_DETECTED] * 6 + [Outcome.DETECTED] * 3 + [Outcome.INCONCLUSIVE]


def sampled(day: int) -> datetime:
    return FIRST + timedelta(days=day)


def test_a_test_is_counted_once_however_often_it_is_told(world: World) -> None:
    world.store(department="75", age=34, sex=Sex.FEMALE)
    assert world.deliver(*["750000001-abc"] * 3) == []
    assert world.deliver("750000001-abc") == []
    assert world.counts() == {("2026-11-01", "75", "39", "F"): (1, 0, 0, 1)}
    assert world.counters("75#39") == {"tests_F": 1, "T_F": 1, "delay_0": 1}
    assert world.changed() == ["2026-11-24T09#2026-11-01"]


def test_a_correction_is_counted_out_and_in_again(world: World) -> None:
    world.store(department="75", age=34, sex=Sex.FEMALE)
    world.deliver("750000001-abc")
    world.store(version=2, department="13", age=34, sex=Sex.FEMALE, outcome=Outcome.DETECTED)
    world.deliver("750000001-abc")
    assert world.counts() == {("2026-11-01", "13", "39", "F"): (1, 1, 1, 1)}


@pytest.mark.parametrize("end", [{"status": Status.WITHDRAWN}, {"outcome": Outcome.NOT_OBTAINABLE}])
def test_what_is_taken_back_is_counted_out(world: World, end: dict[str, Any]) -> None:
    world.store()
    world.deliver("750000001-abc")
    world.store(version=2, **end)
    world.deliver("750000001-abc")
    assert world.counts() == {}
    world.store(version=3, status=Status.CORRECTED)
    world.deliver("750000001-abc")
    assert list(world.counts().values()) == [(1, 0, 0, 1)]


def test_a_result_of_another_person_after_all_moves_to_that_person(world: World) -> None:
    world.store("first", outcome=Outcome.DETECTED, sampled_at=sampled(0))
    world.store("second", sampled_at=sampled(9))
    world.deliver("first", "second")
    assert world.counts()["2026-11-10", "unknown", "unknown", "U"] == (1, 0, 0, 0)
    world.store("first", version=2, person="p1.another", outcome=Outcome.DETECTED)
    world.deliver("first")
    assert world.counts()["2026-11-10", "unknown", "unknown", "U"] == (1, 0, 0, 1)
    assert world.counts()["2026-11-01", "unknown", "unknown", "U"] == (1, 1, 1, 1)


def test_diseases_are_counted_apart(world: World) -> None:
    world.store("flu", disease="influenza", outcome=Outcome.DETECTED)
    world.store("covid")
    world.deliver("flu", "covid")
    firsts = {item["list"]["S"].split("#")[1]: item.get("P_U") for item in world.cells()}
    assert firsts == {"influenza": {"N": "1"}, "covid-19": None}


def test_variants_are_counted_among_positive_tests(world: World) -> None:
    screening = VariantScreening(findings=(("A", "1"), ("C", "0"), ("D", "8")))
    world.store(department="75", outcome=Outcome.DETECTED, variant=screening)
    world.deliver("750000001-abc")
    assert world.counters("75#variants") == {
        "screened": 1,
        "readable_A": 1,
        "readable_C": 1,
        "found_A": 1,
    }


def test_serology_is_not_counted_and_leaves_nothing(world: World) -> None:
    world.store(method=Method.SEROLOGY)
    world.deliver("750000001-abc")
    assert world.accounts() == {}
    assert world.cells() == []


def test_a_result_that_has_expired_stays_counted(world: World) -> None:
    assert world.deliver("750000001-gone") == []
    assert [line["message"] for line in world.logged()] == ["result-gone"]


def test_what_was_counted_is_remembered_as_long_as_its_result_may_come_again(world: World) -> None:
    # A late sample, and a correction of one that was taken long ago.
    world.store("late", person=A, sampled_at=NOW - timedelta(days=290))
    world.store("corrected", person=B, sampled_at=NOW - timedelta(days=200))
    world.deliver("late", "corrected")
    world.now = NOW + timedelta(days=300)
    world.store("corrected", version=2, person=B, sampled_at=NOW - timedelta(days=199))
    world.deliver("corrected")
    lives = timedelta(days=365)
    until = {
        key: datetime.fromtimestamp(account.expires_at, UTC)
        for key, account in world.accounts().items()
    }
    assert until[f"person#{A}"] > NOW + lives
    assert until[f"person#{B}"] > world.now + lives


def test_a_date_with_the_year_before_begins_no_curve(world: World) -> None:
    world.store(sampled_at=NOW - timedelta(days=365), received_at=NOW)
    assert world.deliver("750000001-abc") == []
    assert world.cells() == []


def test_more_tests_than_a_person_has_are_counted_too(world: World) -> None:
    names = [f"many-{number:02}" for number in range(MOST_TESTS + 2)]
    for name in names:
        world.store(name, outcome=Outcome.NOT_DETECTED)
    assert world.deliver(*names) == []
    assert list(world.counts().values()) == [(MOST_TESTS + 2, 0, 0, MOST_TESTS + 2)]
    for name in names:
        world.store(name, version=2, status=Status.WITHDRAWN)
    world.deliver(*names)
    assert world.counts() == {}


def test_a_correction_of_what_is_settled_is_told_and_changes_nothing(world: World) -> None:
    names = [f"daily-{number:02}" for number in range(MOST_TESTS + 1)]
    for number, name in enumerate(names):
        world.store(name, sampled_at=sampled(number))
    world.deliver(*names)
    before = world.counts()
    world.store(names[0], version=2, sampled_at=sampled(0), status=Status.WITHDRAWN)
    world.deliver(names[0])
    assert world.counts() == before
    assert "correction-too-late" in [line["message"] for line in world.logged()]


def test_two_that_count_for_a_person_at_once_do_not_lose_a_test(world: World) -> None:
    world.store("first")
    world.store("second")

    def meanwhile() -> None:
        world.deliver("second")

    # Between what the first one reads and what it writes.
    with interrupted({2: meanwhile}):
        assert world.deliver("first") == []
    assert list(world.counts().values()) == [(2, 0, 0, 2)]


@pytest.mark.parametrize("end", [{"status": Status.WITHDRAWN}, {"person": B}])
def test_what_was_read_before_a_correction_does_not_overrule_it(
    world: World, end: dict[str, Any]
) -> None:
    world.store(person=A)

    def meanwhile() -> None:
        world.store(**{"version": 2, "person": A, **end})
        assert world.deliver_bodies(event_about("750000001-abc", 2)) == []

    # Between the result and the account of its person, of which there is none.
    with interrupted({1: meanwhile}):
        assert world.deliver("750000001-abc") == []
    assert list(world.counts().values()) == [(1, 0, 0, 1)] * ("person" in end)


def test_many_results_are_counted_in_one_transaction(world: World) -> None:
    names = [f"r{number}" for number in range(30)]
    for number, name in enumerate(names):
        world.store(name, person=f"p1.{number}", age=number * 3, department="75")
    with interrupted({}) as made:
        assert world.deliver(*names) == []
    assert made.count("TransactWriteItems") == 1
    assert made.count("PutItem") == len(names) + 2
    assert made.count("BatchGetItem") == 2
    assert world.uncounted() == []


def test_a_batch_of_which_the_function_died_is_counted_by_who_comes_later(world: World) -> None:
    world.store()
    with mock.patch.object(BatchStore, "commit", side_effect=Unavailable("died")):
        assert world.deliver("750000001-abc") == ["0"]
    assert world.counts() == {}
    assert world.uncounted() == ["person#p1.someone"]
    # It may be at work yet.
    assert world.deliver("750000001-abc") == ["0"]
    world.now += timedelta(minutes=6)
    assert world.deliver("750000001-abc") == []
    assert list(world.counts().values()) == [(1, 0, 0, 1)]
    assert world.uncounted() == []


def test_a_write_that_the_sdk_makes_again_is_counted(world: World) -> None:
    world.store()
    dynamodb = aws.dynamodb()
    put = dynamodb.put_item

    def twice(**request: Any) -> object:  # noqa: ANN401 - any request
        put(**request)
        return put(**request)

    with mock.patch.object(dynamodb, "put_item", twice):
        assert world.deliver("750000001-abc") == []
    assert list(world.counts().values()) == [(1, 0, 0, 1)]


def test_a_message_of_no_result_is_put_aside_with_its_reason(world: World) -> None:
    door = world.door()
    assert world.hand(door, "{}") == []
    assert drained(world.settings.dead_letters_url) == ["{}"]


@pytest.mark.parametrize("sample", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_each_sample_event_is_read(world: World, sample: Path) -> None:
    event = json.loads(sample.read_text())
    body = event["Records"][0]["body"]
    about = json.loads(body).get("result_id")
    if about:
        world.store(about, department="75")
    door = world.door()
    assert door(sqs_event([body]), None) == {"batchItemFailures": []}
    assert len(world.cells()) == bool(about)
    assert drained(world.settings.dead_letters_url) == []


def test_a_month_in_any_order_with_repeats_ends_in_a_plain_count(world: World) -> None:
    chance = Random("a month")  # noqa: S311 - the same month each time
    versions = _month(chance)
    events = [result for results in versions for result in (*results, *results)]
    chance.shuffle(events)
    stored: dict[str, int] = {}
    door = world.door()
    while events:
        size = chance.randrange(1, 12)
        batch, events = events[:size], events[size:]
        for event in batch:
            # A version is stored before its event is told; a later one may be by then.
            if event["version"] > stored.get(event["result_id"], 0):
                world.store(**event)
                stored[event["result_id"]] = event["version"]
        bodies = [event_about(event["result_id"], event["version"]) for event in batch]
        assert world.hand(door, *bodies) == []
    final = [world.store(**results[-1]) for results in versions]
    assert world.counts() == _plain(final)
    assert len(world.counts()) > 40


def _month(chance: Random) -> list[list[dict[str, Any]]]:
    """The versions of the results of fifteen people, within ninety days."""
    return [
        [
            {
                "result_id": f"result-{number:03}",
                "version": version,
                "person": f"p1.person-{chance.randrange(15)}",
                "outcome": chance.choice(OUTCOMES),
                "status": chance.choice([Status.FINAL] * 9 + [Status.WITHDRAWN]),
                "method": chance.choice([Method.NAAT, Method.ANTIGEN]),
                "department": chance.choice(["75", "13", "2A", None]),
                "age": chance.choice([4, 34, 95]),
                "sex": chance.choice(list(Sex)),
                "sampled_at": sampled(chance.randrange(90)),
            }
            for version in range(1, chance.choice([1, 1, 1, 2, 3]) + 1)
        ]
        for number in range(70)
    ]


def _plain(results: list[StoredResult]) -> Recounted:
    tests = [(result.person, counted_test(result, PARIS)) for result in results]
    return recounted([(person, test) for person, test in tests if test is not None])


def first_positives(world: World) -> int:
    return sum(row[2] for row in world.counts().values())


def two_cases(world: World) -> None:
    world.store("one", person=A, outcome=Outcome.DETECTED, sampled_at=sampled(0))
    world.store("other", person=B, outcome=Outcome.DETECTED, sampled_at=sampled(9))


def test_one_person_with_two_pseudonyms_is_one_case(world: World) -> None:
    two_cases(world)
    world.deliver("one", "other")
    assert first_positives(world) == 2
    assert world.deliver_bodies(linked(1, A, B)) == []
    assert first_positives(world) == 1
    assert sum(row[1] for row in world.counts().values()) == 2
    # A result that comes later is that person's too.
    world.store("third", person=B, outcome=Outcome.DETECTED, sampled_at=sampled(20))
    world.deliver("third")
    assert first_positives(world) == 1


def test_who_is_parted_is_counted_apart_again(world: World) -> None:
    two_cases(world)
    world.deliver("one", "other")
    before = world.counts()
    world.deliver_bodies(linked(1, A, B))
    world.deliver_bodies(linked(2, A), linked(2, B))
    assert world.counts() == before
    # What was told before does not hold any more.
    world.deliver_bodies(linked(1, A, B))
    assert world.counts() == before


@pytest.mark.parametrize("seed", range(4))
def test_who_is_one_person_counts_whatever_the_order(world: World, seed: int) -> None:
    two_cases(world)
    world.store("third", person=C, sampled_at=sampled(12))
    told = [linked(1, A, B), linked(2, A, B, C), linked(3, A, B), linked(3, C)]
    bodies = [*told, *map(event_about, ("one", "other", "third"))] * 2
    Random(seed).shuffle(bodies)  # noqa: S311 - the same order each time
    for body in bodies:
        assert world.deliver_bodies(body) == []
    assert first_positives(world) == 1
    # The negative test is of somebody who was not positive.
    assert world.counts()["2026-11-13", "unknown", "unknown", "U"] == (1, 0, 0, 1)


def test_a_link_that_comes_while_a_test_is_counted_holds_for_it(world: World) -> None:
    two_cases(world)
    world.deliver("one")
    with overtaken_by(world, linked(1, A, B)):
        assert world.deliver("other") == []
    assert first_positives(world) == 1


def test_a_parting_that_comes_while_a_test_is_counted_holds_for_it(world: World) -> None:
    two_cases(world)
    world.deliver_bodies(linked(1, A, B))
    world.deliver("one")
    with overtaken_by(world, linked(2, A), linked(2, B)):
        assert world.deliver("other") == []
    assert first_positives(world) == 2


@contextmanager
def overtaken_by(world: World, *bodies: str) -> Iterator[None]:
    """Have messages handled before the next account is written."""
    write, late = AccountStore.write, [bodies]

    def overtaken(*arguments: Any) -> bool:  # noqa: ANN401 - passed on
        if late:
            world.deliver_bodies(*late.pop())
        return write(*arguments)

    with mock.patch.object(AccountStore, "write", overtaken):
        yield
