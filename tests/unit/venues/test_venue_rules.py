"""The rule that names most of a venue decides, whatever the order of the rules."""

from __future__ import annotations

import random
from datetime import date

import pytest
from pydantic import ValidationError

from vigie.errors import Rejected
from vigie.venues.venue_rules import Venue, VenueRules, in_force, releases

_RULES = ["*,*,*,3,1,3.0,2.0", "*,2,1,9,9,9,9", "4,*,*,5,2,2.5,1.5", "4,2,*,7,3,2.0,1.0"]


def _rules(clusters: list[str], since: str = "2026-01-01") -> VenueRules:
    return VenueRules.model_validate(
        {"from": since, "exposure": ["*,*,*,2,2,48,48"], "clusters": clusters}
    )


@pytest.mark.parametrize(
    ("venue", "backward"),
    [((1, 0, 0), 3), ((4, 0, 0), 5), ((4, 2, 9), 7), ((1, 2, 1), 9), ((4, 2, 1), 7)],
)
def test_the_most_specific_rule_decides(venue: tuple[int, int, int], backward: int) -> None:
    rules = _rules(random.sample(_RULES, len(_RULES)))
    kind = Venue(type=venue[0], category1=venue[1], category2=venue[2])
    assert rules.cluster_of(kind).backward == backward


def test_staff_are_exposed_longer_than_guests() -> None:
    (rule,) = _rules(_RULES).exposure
    assert rule.slots(backward=True, staff=False) == 2
    assert rule.slots(backward=False, staff=True) == 48


@pytest.mark.parametrize(
    "clusters",
    [["1,*,*,3,1,3.0,2.0"], ["*,*,*,3,1,3.0"], ["*,*,*,0,1,3.0,2.0"], ["32,*,*,3,1,1,1"], []],
)
def test_rules_that_leave_a_venue_out_or_make_no_sense_are_refused(clusters: list[str]) -> None:
    with pytest.raises(ValidationError):
        _rules(clusters)


def test_rules_are_in_force_from_their_day() -> None:
    old, new = _rules(_RULES), _rules(["*,*,*,8,8,1,1"], "2026-06-01")
    assert in_force((new, old), date(2026, 5, 31)) is old
    assert in_force((new, old), date(2026, 6, 1)) is new
    with pytest.raises(Rejected):
        in_force((new, old), date(2025, 12, 31))


def test_the_rules_that_come_with_vigie_are_cleas() -> None:
    rules = in_force(releases(), date(2026, 11, 24))
    assert rules.cluster_of(Venue(type=0, category1=0, category2=0)).backward_risk == 3.0
