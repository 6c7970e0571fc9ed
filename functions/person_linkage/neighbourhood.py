"""Finding all whom evidence joins to a pseudonym, directly or by others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from person_linkage.token_store import places_of
from vigie.person.linkage import MAX_GROUP, Profile, evidence_of, profile_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Neighbourhood:
    """Pseudonyms, found from place to place.

    Args:
        together: the tokens of each pseudonym at a place; None if too many are there to compare.

    Attributes:
        crowded: how many places were passed over.
    """

    def __init__(self, together: Callable[[str], dict[str, set[str]] | None]) -> None:
        self._together = together
        self._known: dict[str, set[str]] = {}
        self._seen: set[str] = set()
        self.crowded = 0

    def of(self, start: Mapping[str, Iterable[str]]) -> dict[str, Profile]:
        """The profiles of all who are joined to some pseudonyms, themselves among them.

        No more than one above the largest group are followed: with so many, names join nobody.

        Args:
            start: the pseudonyms, each with tokens of its own: those of its places at the least.
        """
        found: set[str] = set()
        for person, tokens in start.items():
            self._known.setdefault(person, set()).update(tokens)
        waiting = list(start)
        while waiting and len(found) <= MAX_GROUP:
            person = waiting.pop()
            if person in found:
                continue
            found.add(person)
            self._visit(person)
            # What was read last may say more of somebody who was compared before.
            profiles = {each: profile_of(tokens) for each, tokens in self._known.items()}
            waiting += [
                other
                for other in sorted(self._known.keys() - found)
                if any(evidence_of(profiles[one], profiles[other]) for one in found)
            ]
        return {person: profile_of(self._known[person]) for person in sorted(found)}

    def _visit(self, person: str) -> None:
        """Read the places of a pseudonym, until all of its tokens are known."""
        while unseen := places_of(self._known[person]) - self._seen:
            for place in sorted(unseen):
                self._seen.add(place)
                there = self._together(place)
                if there is None:
                    self.crowded += 1
                    continue
                for other, tokens in there.items():
                    self._known.setdefault(other, set()).update(tokens)
