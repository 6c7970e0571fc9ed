"""From a laboratory's file to the numbers that the public reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flows.laboratory import LABORATORY, file_of, invented, later
from vigie.results.codes import Outcome, Status

if TYPE_CHECKING:
    from tests.flows.wired import Wired


def test_the_numbers_follow_every_correction_whatever_the_order(wired: Wired) -> None:
    wired.disorderly = True
    tests = [invented(number) for number in range(6)]
    tests[0] = invented(0, outcome=Outcome.DETECTED, commune="2A004")
    wired.send(f"{LABORATORY}/first.csv", file_of(tests, "csv"))
    before = wired.publish_numbers().france
    assert sum(before.tests) == sum(before.T) == 6
    changes = [
        later(tests[1], status=Status.WITHDRAWN),
        later(tests[2], status=Status.CORRECTED, outcome=Outcome.DETECTED),
    ]
    wired.send(f"{LABORATORY}/second.csv", file_of(changes, "csv"))
    after = wired.publish_numbers()
    country = after.france
    assert (sum(country.tests), sum(country.positives), sum(country.P)) == (5, 2, 2)
    assert (after.version, after.disease) == (2, "covid-19")


def test_two_writings_of_one_person_are_one_case(wired: Wired) -> None:
    wired.disorderly = True
    first = invented(0, outcome=Outcome.DETECTED)
    identity = first.identity.model_copy(
        update={"given_names": (*first.identity.given_names, "Odile"), "ins": None}
    )
    second = invented(1, outcome=Outcome.DETECTED, identity=identity, sampled_at=first.sampled_at)
    for number, test in enumerate((first, second)):
        wired.send(f"{LABORATORY}/{number}.csv", file_of([test], "csv"))
    country = wired.publish_numbers().france
    assert (sum(country.tests), sum(country.positives), sum(country.P)) == (2, 2, 1)
