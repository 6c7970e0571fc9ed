"""How the European gateway codes the days since the onset of symptoms.

| code | what is said |
|---|---|
| -14 to 21 | the day of the onset is known |
| 100 n - 14 to 100 n + 21, n 1 to 19 | the onset was within a range of n days, counted from it |
| 1986 to 2000 | symptoms, of an unknown day; 2000 less the days from the key to its upload |
| 2986 to 3000 | no symptoms; likewise |
| 3986 to 4000 | nobody knows whether there were symptoms; likewise |

Source: eHealth Network, "European Proximity Tracing: interoperability architecture", as the
reference of the German Corona-Warn-App reads it.
"""

from datetime import datetime
from typing import NamedTuple

from vigie.tracing.diagnosis_key import MOST_ONSET_DAYS
from vigie.tracing.interval import interval_start

_EARLIEST, _LATEST = -14, 21
_RANGE = 100
_MOST_RANGES = 19
_UNKNOWN = (2000, 3000, 4000)
NOTHING_KNOWN = 4000
_LONGEST_AGO = 14


class Onset(NamedTuple):
    """What a code says.

    Attributes:
        days: from the onset to the key, -14 to 21; None if nobody knows.
    """

    days: int | None


def onset_of(code: int) -> Onset | None:
    """What a code says; None if there is no such code."""
    if any(unknown - _LONGEST_AGO <= code <= unknown for unknown in _UNKNOWN):
        return Onset(None)
    ranges = (code - _EARLIEST) // _RANGE
    days = code - ranges * _RANGE
    if 0 <= ranges <= _MOST_RANGES and days <= _LATEST:
        return Onset(days)
    return None


def code_of(days: int | None, start_interval: int, released: datetime) -> int:
    """The code of what we know of a key.

    Args:
        days: from the onset to the key; None if nobody knows.
        start_interval: the first interval of the key.
        released: when it was released, aware.
    """
    if days is not None:
        return max(-MOST_ONSET_DAYS, min(days, MOST_ONSET_DAYS))
    ago = (released.date() - interval_start(start_interval).date()).days
    return NOTHING_KNOWN - max(0, min(ago, _LONGEST_AGO))
