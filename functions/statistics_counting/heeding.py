"""The events of a batch of messages: who is one person first, and then results, all together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statistics_counting.messages import Told, read_message
from vigie.errors import Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from statistics_counting.counting import Counting
    from statistics_counting.linking import Linking
    from vigie.consumer import Failure


class Heeding:
    """Heeds events.

    Args:
        counting: counts results.
        linking: heeds who is one person.
        now: the present, aware.
    """

    def __init__(self, counting: Counting, linking: Linking, now: Callable[[], datetime]) -> None:
        self._counting = counting
        self._linking = linking
        self._now = now

    def __call__(self, bodies: Sequence[str]) -> list[Failure | None]:
        """Heed the events with some bodies; why each failed, or None."""
        read = [self._read(body) for body in bodies]
        told: dict[str, int] = {}
        for one in read:
            if isinstance(one, Told):
                told[one.result_id] = max(one.version, told.get(one.result_id, 0))
        failures = self._counting.count(told, self._now())
        return [failures.get(one.result_id) if isinstance(one, Told) else one for one in read]

    def _read(self, body: str) -> Told | Failure | None:
        """The result that an event is about; of any other, why it failed."""
        try:
            message = read_message(body)
            if isinstance(message, Told):
                return message
            self._linking.regroup(message, self._now())
        except (Rejected, Unavailable) as failure:
            return failure
        return None
