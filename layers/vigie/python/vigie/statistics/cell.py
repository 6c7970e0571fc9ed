"""Where counts are kept: the counts table.

Partition key `list`, sort key `entry`, both text. Its lists:

- `cells#<disease>#<day>#<shard>`: cells of the tests that were sampled on a day, in entries
  `<place>#<age class>` and `<place>#variants`; each counter is an attribute. The shard is that of
  the place, so that the writes of a day spread over 16 partition keys.
- `changed#<disease>`: entries `<hour>#<day>`: counts of a day of sampling may have changed in an
  hour or the one after (UTC). They are written before the counts.
- `days#<disease>`: by day, its counts as they were last read for a publication; and `progress`,
  when days were last read.
"""

import zlib
from datetime import UTC, date, datetime
from typing import NamedTuple

from vigie.results.codes import Sex

SHARDS = 16
VARIANTS = "variants"
UNKNOWN_PLACE = "unknown"
# Tests that come later than this stand with those that come so late.
LAST_DELAY = 14

TESTS, POSITIVES, FIRST_POSITIVES, ELIGIBLE_TESTS = "tests", "positives", "P", "T"
MEASURES = (TESTS, POSITIVES, FIRST_POSITIVES, ELIGIBLE_TESTS)
DELAY, READABLE, FOUND, LINEAGE = "delay", "readable", "found", "lineage"
SCREENED, SEQUENCED = "screened", "sequenced"


class CellKey(NamedTuple):
    """A cell.

    Attributes:
        disease: key of the disease catalogue.
        day: of sampling.
        place: code of a département, or `unknown`.
        kind: an age class, or `variants`.
    """

    disease: str
    day: date
    place: str
    kind: str

    @property
    def entry(self) -> str:
        """Its sort key."""
        return f"{self.place}#{self.kind}"

    @property
    def list(self) -> str:
        """Its partition key."""
        return cells_list(self.disease, self.day, zlib.crc32(self.place.encode()) % SHARDS)


def cells_list(disease: str, day: date, shard: int) -> str:
    """The partition key of the cells of a day in a shard."""
    return f"cells#{disease}#{day}#{shard:02}"


def days_list(disease: str) -> str:
    """The partition key of the days as they were last read."""
    return f"days#{disease}"


def changed_list(disease: str) -> str:
    """The partition key of the days that have changed."""
    return f"changed#{disease}"


def changed_entry(now: datetime, day: date) -> str:
    """The sort key of a day that changes now."""
    return f"{hour(now)}#{day}"


def hour(now: datetime) -> str:
    """An hour, in UTC: `2026-11-24T06`."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H")


def counter(name: str, what: str) -> str:
    """The attribute that counts something: `tests_F`, `delay_3`, `found_A`."""
    return f"{name}_{what}"


def counted_sex(sex: Sex | None) -> Sex:
    """The sex that a test is counted under: what is neither female nor male is unknown."""
    return sex if sex in {Sex.FEMALE, Sex.MALE} else Sex.UNKNOWN
