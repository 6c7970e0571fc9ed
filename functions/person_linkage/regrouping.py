"""What changes when people are grouped anew, and what is told of it: rules without AWS."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.events.event import PersonsEvent, PersonsLinked, PersonsUnlinked, event_id
from vigie.person.linkage import Group, Profile, groups_of
from vigie.person.linkage_tokens import Kind
from vigie.person.standing import Parting, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from vigie.person.unlinking import UnlinkRequested

# What is kept of a person lives on with the results, but is not written again for each.
PROLONGED_BY = int(timedelta(days=30).total_seconds())


def parted(
    request: UnlinkRequested, before: Mapping[str, Standing], expires_at: int
) -> list[Standing]:
    """The standings that are to be written so that two pseudonyms stay apart; none if they do."""
    after = []
    for person, other in (request.persons, request.persons[::-1]):
        standing = before.get(person) or Standing(
            person=person, group=(person,), changed_at=request.requested_at, expires_at=expires_at
        )
        if all(parting.person != other for parting in standing.apart):
            parting = Parting(
                person=other, reason=request.reason, requested_at=request.requested_at
            )
            after.append(standing.model_copy(update={"apart": (*standing.apart, parting)}))
    return after


def changes(
    profiles: Mapping[str, Profile],
    before: Mapping[str, Standing],
    at: datetime,
    expires_at: int,
) -> list[Standing]:
    """The standings that are to be written, given all whom evidence joins.

    Args:
        profiles: by pseudonym.
        before: the standings of those that have one.
        at: aware time of what causes the change.
        expires_at: of what is written, at the least.
    """
    apart = {
        frozenset((standing.person, parting.person))
        for standing in before.values()
        for parting in standing.apart
    }
    after: list[Standing] = []
    for group in groups_of(profiles, apart):
        if all(_group_of(person, before) == group.persons for person in group.persons):
            after += _prolonged(group, before, expires_at)
        else:
            after += _changed(group, profiles, before, at, expires_at)
    return after


def events_of(standings: Iterable[Standing]) -> list[PersonsLinked | PersonsUnlinked]:
    """What is to be told of standings: the same of each, however often, until it is noted."""
    told: dict[str, PersonsLinked | PersonsUnlinked] = {}
    for standing in standings:
        if standing.told == standing.version:
            continue
        model = PersonsLinked if len(standing.group) > 1 else PersonsUnlinked
        name = model.model_fields["type"].default
        event = PersonsEvent(
            id=event_id(name, "|".join(standing.group), standing.version),
            occurred_at=standing.changed_at,
            persons=standing.group,
            version=standing.version,
        )
        told[event.id] = model(**event.model_dump())
    return list(told.values())


def _group_of(person: str, before: Mapping[str, Standing]) -> tuple[str, ...]:
    standing = before.get(person)
    return standing.group if standing else (person,)


def _prolonged(group: Group, before: Mapping[str, Standing], expires_at: int) -> list[Standing]:
    known = (before[person] for person in group.persons if person in before)
    return [
        standing.model_copy(update={"expires_at": expires_at})
        for standing in known
        if standing.expires_at + PROLONGED_BY < expires_at
    ]


def _changed(
    group: Group,
    profiles: Mapping[str, Profile],
    before: Mapping[str, Standing],
    at: datetime,
    expires_at: int,
) -> list[Standing]:
    known = {person: before[person] for person in group.persons if person in before}
    version = 1 + max((standing.version for standing in known.values()), default=0)
    # Who had a standing that has expired must not begin below what others have noted of it.
    version = max(version, int(at.timestamp()))
    return [
        Standing(
            person=person,
            group=group.persons,
            evidence=group.evidence,
            version=version,
            changed_at=at,
            apart=known[person].apart if person in known else (),
            places=_places(profiles[person]),
            told=known[person].told if person in known else 0,
            expires_at=max(expires_at, known[person].expires_at if person in known else 0),
        )
        for person in group.persons
    ]


def _places(profile: Profile) -> tuple[str, ...]:
    places = profile.get(Kind.BLOCK, frozenset()) | profile.get(Kind.INS, frozenset())
    return tuple(sorted(places))
