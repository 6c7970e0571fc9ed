"""People who are linked and parted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.faults.account import events, messages
from tests.faults.scenario import Scenario
from tests.functions.person_linkage.world import INS, RECEIVED, World, identity, persons_by
from tests.functions.resources import items
from vigie.events.event import parse_persons_event
from vigie.person.standing import from_item
from vigie.person.unlinking import UnlinkRequested

if TYPE_CHECKING:
    from collections.abc import Sequence

_ONE, _OTHER, _MARRIED = (
    identity(ins=INS),
    identity(given="Anne Odile"),
    identity("Martin", ins=INS),
)


class Linked(Scenario):
    """Three writings of one person, and something that is no message."""

    def __init__(self) -> None:
        self._world = World()

    def prepare(self) -> list[str]:
        people = (_ONE, _OTHER, _MARRIED)
        return ["no message", *(self._world.result(n, each) for n, each in enumerate(people))]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        return [bodies[int(place)] for place in self._world.deliver(*bodies)]

    def everything(self) -> dict[str, object]:
        # A group that grows in other steps is told in other steps, and its versions count them.
        told = [parse_persons_event(body) for body in events("events-seen")]
        return {
            "persons": [_comparable(item) for item in items("persons")],
            "told": persons_by(told),
            "dead": set(messages("dead")),
        }


class Parted(Linked):
    """Two who were linked, and are not one person."""

    def prepare(self) -> list[str]:
        self._world.deliver(self._world.result(1, _ONE), self._world.result(2, _OTHER))
        persons = (self._world.pseudonym(_ONE), self._world.pseudonym(_OTHER))
        request = UnlinkRequested(persons=persons, reason="two sisters", requested_at=RECEIVED)
        return [request.model_dump_json()]


def _comparable(item: dict[str, Any]) -> dict[str, Any]:
    """What an item comes to: tokens, whose order is chance, or the person and whom it is not."""
    if "tokens" in item:
        return {**item, "tokens": sorted(item["tokens"]["SS"])}
    standing, _ = from_item(item)
    return standing.model_dump(include={"person", "group", "apart", "expires_at"})
