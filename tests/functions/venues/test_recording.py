"""Visits are counted in the slots that they exposed others in, once, and only genuine ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.functions.resources import drained, items
from tests.functions.venues.world import NOW, RESTAURANT, World, visit
from vigie import aws
from vigie.venues import ecies
from vigie.venues.ntp import ntp_seconds
from vigie.venues.slot import slot_of
from vigie.venues.stored_exposures import read_exposures
from vigie.venues.venue_code import code_bytes, code_text
from vigie.venues.venue_keys import VenueKey
from vigie.venues.visit_to_count import VisitToCount

if TYPE_CHECKING:
    from vigie.venues.stored_exposures import Exposures


def _counted() -> list[Exposures]:
    return [read_exposures(item) for item in items("exposures")]


def _message(qr_code: str, at: datetime, *, backward: bool = False) -> str:
    return VisitToCount(
        visit="0" * 32, qr_code=qr_code, scanned_at=ntp_seconds(at), is_backward=backward
    ).model_dump_json()


def test_a_visit_counts_two_slots_before_and_after_it(world: World) -> None:
    at = datetime(2026, 11, 23, 12, 10, tzinfo=UTC)
    world.report("A", visit(world.poster(), at))
    assert world.record() == []
    (day,) = _counted()
    scanned = slot_of(ntp_seconds(at))
    assert day.forward == dict.fromkeys(range(scanned - 2, scanned + 3), 1)
    assert day.backward == {}
    assert day.venue == RESTAURANT


def test_a_visit_about_midnight_counts_on_both_days(world: World) -> None:
    world.record([_message(world.poster(), datetime(2026, 11, 23, 0, 10, tzinfo=UTC))])
    assert sorted(len(day.forward) for day in _counted()) == [2, 3]


def test_staff_expose_a_day_around_but_never_more_than_the_period(world: World) -> None:
    at = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
    (_, code), *_ = world.venue(staff=True).series(at, at + timedelta(hours=1), period_hours=3)
    world.record([_message(code, at, backward=True)])
    (day,) = _counted()
    first = slot_of(ntp_seconds(at.replace(minute=0)))
    assert day.backward == dict.fromkeys(range(first, first + 6), 1)


def test_a_message_that_comes_again_counts_once(world: World) -> None:
    poster = world.poster()
    for person in "ABC":
        world.report(person, visit(poster))
    sent = world.sent()
    world.record(sent + sent[:1])
    world.new_instances()
    world.record(sent)
    (day,) = _counted()
    assert set(day.forward.values()) == {3}
    assert world.codes().count("visit-counted") == 3
    assert len(items("counted-visits")) == 3
    for item in items("counted-visits"):
        assert set(item) == {"visit", "expires_at"}


@pytest.mark.parametrize("staff", [False, True])
def test_nobody_is_a_cluster_alone_however_often_they_scan(world: World, *, staff: bool) -> None:
    poster, first = world.poster(staff=staff), NOW - timedelta(days=3)
    scans = [first + timedelta(minutes=31 * number) for number in range(4)]
    world.report("A", *(visit(poster, at) for at in scans), pivotDate=ntp_seconds(scans[2]))
    # In whatever order they come.
    world.record(world.sent())
    counted = _counted()
    slots = [slot for day in counted for slot in (*day.backward, *day.forward)]
    assert len(slots) == len(set(slots))
    assert {
        count for day in counted for kind in (day.backward, day.forward) for count in kind.values()
    } == {1}
    assert {slot_of(ntp_seconds(at)) for at in scans} <= set(slots)


def test_codes_of_the_key_before_are_opened_too(world: World) -> None:
    world.record([_message(world.poster(version="1"), NOW)])
    assert len(_counted()) == 1


@pytest.mark.parametrize(
    ("reason", "minutes"),
    [
        ("", 5),
        ("", -9),
        ("visit-drifts", 28),
        ("visit-out-of-period", -11),
        ("visit-too-old", -30_000),
    ],
)
def test_a_code_of_a_screen_is_good_while_it_is_shown(
    world: World, reason: str, minutes: int
) -> None:
    at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    (_, code), *_ = world.venue().series(at, at + timedelta(minutes=5), period_hours=2)
    assert world.record([_message(code, at + timedelta(minutes=minutes))]) == []
    assert world.reasons() == ({reason} if reason else set())
    assert len(_counted()) == (0 if reason else 1)


def test_codes_that_are_not_ours_are_left_out_and_not_kept(world: World) -> None:
    poster = world.poster()
    content = bytearray(code_bytes(poster) or b"")
    content[1] ^= 1
    others = world.poster(version="3")
    bad = [code_text(bytes(content)), others, poster[:-3], "A"]
    assert world.record([_message(one, NOW) for one in bad]) == []
    assert world.reasons() == {"ecies", "location-length", "visit-not-base64"}
    assert items("exposures") == items("counted-visits") == []
    assert drained(world.dead_letters) == []
    for one in bad[:3]:
        assert one[20:40] not in world.log.getvalue()


def test_a_code_under_the_name_of_another_place_is_left_out(world: World) -> None:
    """Everybody has the public key and can read an id: only the place has what it follows from."""
    private = VenueKey(aws.kms(), world.venue_key, "2").private_key()
    named, mine = (code_bytes(world.poster()) or b"" for _ in range(2))
    header, own_header = named[:17], mine[:17]
    message = ecies.decrypt(mine[17:], private, own_header)
    forged = header + ecies.encrypt(message, private.public_key(), header)
    world.record([_message(code_text(forged), NOW - timedelta(days=1))])
    assert _counted() == []
    assert world.reasons() == {"visit-not-genuine"}
    assert drained(world.dead_letters) == []


def test_a_message_that_is_none_is_put_aside(world: World) -> None:
    assert world.record(["{}"]) == []
    assert drained(world.dead_letters) == ["{}"]
