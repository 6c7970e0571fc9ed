"""Asking the register, without asking the table for each file."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.laboratories.laboratory import Laboratory
    from vigie.laboratories.laboratory_store import LaboratoryStore

# So long a suspension, or another change, may go unnoticed by an instance.
HELD_SECONDS = 60
# More than a country has.
_MOST_HELD = 10_000

REFUSALS = {
    "laboratory-unknown": "The laboratory is not registered.",
    "laboratory-suspended": "The laboratory is suspended.",
    "laboratory-removed": "The laboratory is registered no more.",
}


class LaboratoryRegister:
    """Who may send results.

    Only a laboratory that may is remembered, and for a minute: a refusal is always decided by
    what the table has, so that nobody is refused who was let in before.

    Args:
        laboratories: the laboratories table.
        clock: seconds that never go back.
    """

    def __init__(
        self, laboratories: LaboratoryStore, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._laboratories = laboratories
        self._clock = clock
        self._held: dict[str, tuple[float, Laboratory]] = {}

    def active(self, finess: str) -> Laboratory:
        """The entry of a laboratory whose files are read.

        Raises:
            Rejected: `laboratory-unknown`, `laboratory-suspended` or `laboratory-removed`.
            Unavailable: the table did not answer.
        """
        found = self.known(finess)
        if not found.active:
            raise _refused(f"laboratory-{found.state}")
        return found

    def known(self, finess: str) -> Laboratory:
        """The entry of a laboratory, whatever its state.

        Raises:
            Rejected: `laboratory-unknown`.
            Unavailable: the table did not answer.
        """
        now = self._clock()
        until, held = self._held.get(finess, (now, None))
        if held is not None and now < until:
            return held
        found = self._laboratories.get(finess)
        if found is None:
            raise _refused("laboratory-unknown")
        if found.active:
            self._hold(found, now + HELD_SECONDS)
        return found

    def _hold(self, laboratory: Laboratory, until: float) -> None:
        if len(self._held) >= _MOST_HELD:
            self._held.clear()
        self._held[laboratory.finess] = (until, laboratory)


def _refused(code: str) -> Rejected:
    return Rejected(code, REFUSALS[code])
