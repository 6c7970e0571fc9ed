"""When answers leave: at whole seconds after their request came, decoys like the others.

How long an upload takes would tell it from a decoy, which takes no time at all. So an answer
leaves at the first whole slot that it is ready for, and a decoy's in a slot drawn from those
that the last real answers of this instance left in: when the tables are slow and real answers
take two slots, decoys take two as often.
"""

from __future__ import annotations

import math
import secrets
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Event = dict[str, Any]
    Response = dict[str, Any]

SLOT_SECONDS = 1.0
DECOY_HEADER = "x-chaff"

_REMEMBERED = 64


class AnswerSlots:
    """Holds answers back until their slot.

    Args:
        clock: seconds that never go back.
        sleep: waits for so many seconds.
    """

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._recent: deque[int] = deque((1,), maxlen=_REMEMBERED)

    def answer(
        self, event: Event, answered: Callable[[Event], Response], decoy: Callable[[], Response]
    ) -> Response:
        """The response to an event, in its slot.

        A request with the header `X-Chaff` is a decoy, of which nothing else is read.

        Args:
            event: of an HTTP API.
            answered: answers a real request.
            decoy: answers a decoy.
        """
        began = self.began()
        if DECOY_HEADER in event.get("headers", {}):
            response = decoy()
            self.wait_as_decoy(began)
            return response
        response = answered(event)
        self.wait(began)
        return response

    def began(self) -> float:
        """The time, to be given back when the answer is ready."""
        return self._clock()

    def wait(self, began: float) -> None:
        """Hold a real answer back until its slot."""
        slots = self._ready_in(began)
        self._recent.append(slots)
        self._until(began, slots)

    def wait_as_decoy(self, began: float) -> None:
        """Hold a decoy's answer back as long as a recent real one."""
        self._until(began, max(secrets.choice(self._recent), self._ready_in(began)))

    def _ready_in(self, began: float) -> int:
        return max(1, math.ceil((self._clock() - began) / SLOT_SECONDS))

    def _until(self, began: float, slots: int) -> None:
        self._sleep(max(0.0, began + slots * SLOT_SECONDS - self._clock()))
