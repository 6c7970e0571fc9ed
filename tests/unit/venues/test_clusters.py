"""Clusters and their files are as Cléa's batch makes them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_publication.cluster_files import index, slices
from cluster_publication.clusters import clusters
from vigie.venues.slot import SLOT_SECONDS, day_of, slot_of
from vigie.venues.stored_exposures import Exposures
from vigie.venues.venue_rules import Venue, in_force, releases

GOLDEN = Path(__file__).parents[4] / "shared" / "data" / "tracing" / "clea" / "one-cluster-file"
_RULES = in_force(releases(), date(2026, 11, 24))
_VENUE = Venue(type=4, category1=2, category2=2)
_NEEDED = {3.0: 3, 2.0: 1}


def _exposures(place: str, periods: list[dict[str, object]]) -> list[Exposures]:
    """Just as many visits as make the periods of a published file."""
    found = []
    for period in periods:
        first, risk = slot_of(int(str(period["s"]))), float(str(period["r"]))
        slots = range(first, first + int(str(period["d"])) // SLOT_SECONDS)
        counted = dict.fromkeys(slots, _NEEDED[risk])
        for day in {day_of(slot)[0] for slot in slots}:
            of_day = {slot: n for slot, n in counted.items() if day_of(slot)[0] == day}
            backward, forward = (of_day, {}) if risk == 3.0 else ({}, of_day)
            found.append(Exposures(place, _VENUE, backward, forward))
    return found


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the files of Cléa's batch are not there")
def test_the_files_of_cleas_batch_are_made_again() -> None:
    wanted_index = json.loads((GOLDEN / "clusterIndex.json").read_text())
    wanted = {
        prefix: json.loads((GOLDEN / str(wanted_index["i"]) / f"{prefix}.json").read_text())
        for prefix in wanted_index["c"]
    }
    exposures = [
        one
        for content in wanted.values()
        for place in content
        for one in _exposures(place["ltid"].replace("-", ""), place["exp"])
    ]
    files = slices(clusters(exposures, _RULES), len(wanted_index["c"][0]))
    assert json.loads(index(wanted_index["i"], files)) == wanted_index
    made = {prefix: json.loads(content) for prefix, content in files.items()}
    # Cléa's batch lists places in no order.
    assert {prefix: _by_place(content) for prefix, content in made.items()} == {
        prefix: _by_place(content) for prefix, content in wanted.items()
    }


def _by_place(content: list[dict[str, object]]) -> dict[object, object]:
    return {place["ltid"]: place["exp"] for place in content}


@given(
    st.dictionaries(st.integers(0, 60), st.integers(1, 4)),
    st.dictionaries(st.integers(0, 60), st.integers(1, 4)),
)
@settings(max_examples=60)
def test_periods_cover_the_slots_that_reach_the_threshold_and_no_others(
    backward: dict[int, int], forward: dict[int, int]
) -> None:
    found = clusters([Exposures("ab" * 16, _VENUE, backward, forward)], _RULES)
    told: dict[float, list[int]] = {3.0: [], 2.0: []}
    for cluster in found:
        for period in cluster.periods:
            first = slot_of(period.start)
            told[period.risk] += range(first, first + period.duration // SLOT_SECONDS)
            # Periods that touch would be one.
            assert first - 1 not in told[period.risk][: -(period.duration // SLOT_SECONDS)]
    assert sorted(told[3.0]) == sorted(slot for slot, n in backward.items() if n >= 3)
    assert sorted(told[2.0]) == sorted(forward)


@pytest.mark.parametrize("digits", [1, 2, 3])
def test_a_file_holds_the_places_of_its_prefix(digits: int) -> None:
    places = [f"{number:032x}" for number in range(0, 2**128, 2**121)]
    exposures = [Exposures(place, _VENUE, {}, {1: 1}) for place in places]
    files = slices(clusters(exposures, _RULES), digits)
    assert sum(len(json.loads(content)) for content in files.values()) == len(places)
    for prefix, content in files.items():
        assert len(prefix) == digits
        for place in json.loads(content):
            assert place["ltid"].replace("-", "").startswith(prefix)
