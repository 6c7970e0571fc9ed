"""How exposures of a venue stand in the exposures table: a counter for each slot of a day.

Table `exposures`: partition key `shard`, sort key `entry`, both text.

- `shard` = the first hexadecimal digit of the temporary id, so that there are 16 whatever is kept;
  `entry` = `<day, YYYY-MM-DD>#<temporary id, 32 hexadecimal digits>`.
- `b00` to `b47` and `f00` to `f47`: how many visits backward and forward touch that slot of the
  day (UTC); absent for none. `type`, `category1`, `category2`: of the venue.

No item says who was there, how many visits a person made, or in what order they came.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from vigie.errors import Rejected
from vigie.venues.slot import RETENTION, SLOTS_OF_DAY, day_of, slot_on
from vigie.venues.venue_rules import Venue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SCHEMA_VERSION = 1
SHARDS = "0123456789abcdef"

_BACKWARD, _FORWARD = "b", "f"
_DAY = timedelta(days=1)


class Exposures(NamedTuple):
    """The counters of a venue on a day.

    Attributes:
        id: the temporary id, 32 hexadecimal digits.
        venue: what kind of place it is.
        backward: visits by slot.
        forward: visits by slot.
    """

    id: str
    venue: Venue
    backward: Mapping[int, int]
    forward: Mapping[int, int]


def shard_of(identity: str) -> str:
    """The partition of a venue, by its temporary id in hexadecimal."""
    return identity[0]


def entry_of(day: date, identity: str) -> str:
    """The sort key of a venue on a day."""
    return f"{first_entry(day)}{identity}"


def first_entry(day: date) -> str:
    """What the sort keys of a day begin with; less than each of them, more than all before."""
    return f"{day.isoformat()}#"


def deleted_on(day: date) -> date:
    """When what was counted on a day is to be gone at the latest."""
    return day + RETENTION + 2 * _DAY


def counters(slots: Iterable[int], *, backward: bool) -> dict[date, list[str]]:
    """The names of the counters that a visit adds to, by day."""
    named: dict[date, list[str]] = {}
    for slot in slots:
        day, place = day_of(slot)
        named.setdefault(day, []).append(f"{_BACKWARD if backward else _FORWARD}{place:02}")
    return named


def read_exposures(item: Mapping[str, Any]) -> Exposures:
    """Read an item of this schema version or an older one.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("exposures-schema-unknown", "the item has a newer schema version")
    day, _, identity = item["entry"]["S"].partition("#")
    return Exposures(
        id=identity,
        venue=Venue(
            type=int(item["type"]["N"]),
            category1=int(item["category1"]["N"]),
            category2=int(item["category2"]["N"]),
        ),
        backward=dict(_counted(item, _BACKWARD, date.fromisoformat(day))),
        forward=dict(_counted(item, _FORWARD, date.fromisoformat(day))),
    )


def _counted(item: Mapping[str, Any], kind: str, day: date) -> Iterator[tuple[int, int]]:
    for place in range(SLOTS_OF_DAY):
        counted = item.get(f"{kind}{place:02}")
        if counted is not None:
            yield slot_on(day, place), int(counted["N"])
