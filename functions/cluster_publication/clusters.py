"""Where and when there were clusters.

Source: the batch of Cléa's server: periods of consecutive slots, backward and forward apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from vigie.venues.slot import SLOT_SECONDS, start_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from vigie.venues.stored_exposures import Exposures
    from vigie.venues.venue_rules import VenueRules


class ClusterPeriod(NamedTuple):
    """A time that there was a cluster.

    Attributes:
        start: NTP seconds.
        risk: what phones are told.
        duration: seconds.
    """

    start: int
    risk: float
    duration: int


class Cluster(NamedTuple):
    """A venue with clusters.

    Attributes:
        id: the temporary id, 32 hexadecimal digits.
        periods: by start.
    """

    id: str
    periods: tuple[ClusterPeriod, ...]


def clusters(exposures: Iterable[Exposures], rules: VenueRules) -> list[Cluster]:
    """The venues that have a cluster, by their id.

    Args:
        exposures: of whole days, in any order.
        rules: in force.
    """
    by_place: dict[str, list[Exposures]] = {}
    for one in exposures:
        by_place.setdefault(one.id, []).append(one)
    found = (Cluster(place, _periods(by_place[place], rules)) for place in sorted(by_place))
    return [cluster for cluster in found if cluster.periods]


def _periods(days: list[Exposures], rules: VenueRules) -> tuple[ClusterPeriod, ...]:
    rule = rules.cluster_of(days[-1].venue)
    backward: dict[int, int] = {}
    forward: dict[int, int] = {}
    for day in days:
        backward |= day.backward
        forward |= day.forward
    return tuple(
        sorted(
            [
                *_reached(backward, rule.backward, rule.backward_risk),
                *_reached(forward, rule.forward, rule.forward_risk),
            ]
        )
    )


def _reached(counted: Mapping[int, int], threshold: int, risk: float) -> Iterator[ClusterPeriod]:
    slots = sorted(slot for slot, visits in counted.items() if visits >= threshold)
    for first in slots:
        if first - 1 in counted and counted[first - 1] >= threshold:
            continue
        end = first
        while counted.get(end, 0) >= threshold:
            end += 1
        yield ClusterPeriod(start_of(first), risk, (end - first) * SLOT_SECONDS)
