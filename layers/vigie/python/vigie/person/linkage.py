"""Whether pseudonyms stand for one person: rules over sets of tokens, and nothing else.

Two pseudonyms are compared by the tokens of `vigie.person.linkage_tokens`. A group is what the
comparisons join; who is in it depends on the tokens only, not on the order in which they came.
Linkage serves statistics and the follow-up of cases. It opens nothing and sends nothing: what a
person is shown, and who gets a message, goes by the pseudonym of the result alone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from vigie.person.linkage_tokens import Kind

MAX_GROUP = 16

Profile = Mapping[Kind, frozenset[str]]
Pair = frozenset[str]


class Evidence(StrEnum):
    """Why two pseudonyms are one person's.

    `INS`: one INS, with the birth date or the given name. `NAME`: first given name, birth date,
    and a family name of either. `SWAPPED`: the same with day and month in each other's place.
    `SIMILAR`: a family name that differs by a typing or hearing error. The last two need one
    thing more: another given name, the home, or the contact.
    """

    INS = "ins"
    NAME = "name"
    SWAPPED = "swapped-date"
    SIMILAR = "similar-name"


class Group(NamedTuple):
    """Pseudonyms of one person.

    Attributes:
        persons: the pseudonyms, in order; one alone is a group too.
        evidence: why, in order.
    """

    persons: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def profile_of(tokens: Iterable[str]) -> Profile:
    """Tokens by their kinds; those of kinds that this version does not know are left out."""
    known = {kind.value: kind for kind in Kind}
    found: dict[Kind, set[str]] = {}
    for token in tokens:
        if kind := known.get(token[:1]):
            found.setdefault(kind, set()).add(token)
    return {kind: frozenset(each) for kind, each in found.items()}


def evidence_of(one: Profile, other: Profile) -> Evidence | None:
    """Why two profiles are one person's; None if nothing says so, or something says no."""
    if _different_ins(one, other):
        return None
    if _shared(Kind.INS, one, other) and (
        _shared(Kind.INS_DATE, one, other) or _shared(Kind.INS_NAME, one, other)
    ):
        return Evidence.INS
    if not _shared(Kind.BLOCK, one, other) or contradict(one, other):
        return None
    same_day = _shared(Kind.DATE, one, other)
    same_name = _shared(Kind.NAME, one, other)
    if same_day and same_name:
        return Evidence.NAME
    more = any(_shared(kind, one, other) for kind in (Kind.GIVEN, Kind.HOME, Kind.CONTACT))
    if same_name and more:
        return Evidence.SWAPPED
    similar = any(_shared(kind, one, other) for kind in (Kind.SOUND, Kind.EDGE))
    return Evidence.SIMILAR if same_day and similar and more else None


def contradict(one: Profile, other: Profile) -> bool:
    """Whether two profiles are of two persons: INS, sex, or all further given names differ."""
    if _different_ins(one, other) or _differ(Kind.SEX, one, other):
        return True
    # Given names are told apart within a block; twins share the first word of theirs at times.
    return bool(_shared(Kind.BLOCK, one, other)) and _differ(Kind.GIVEN, one, other)


def groups_of(profiles: Mapping[str, Profile], apart: Collection[Pair]) -> list[Group]:
    """The persons behind pseudonyms.

    What the evidence joins is a group, unless two of it contradict each other, or were parted by
    hand: then only what an INS joins is, and if that is contradictory too, nothing.

    Args:
        profiles: by pseudonym, all that evidence joins.
        apart: pairs that are not one person, whatever the evidence.
    """
    found: dict[Pair, Evidence] = {}
    for one, other in combinations(sorted(profiles), 2):
        pair = frozenset((one, other))
        if pair not in apart and (evidence := evidence_of(profiles[one], profiles[other])):
            found[pair] = evidence
    by_ins = {pair: why for pair, why in found.items() if why is Evidence.INS}
    groups: list[Group] = []
    for joined in _components(profiles, found):
        if _one_person(joined, profiles, apart):
            groups.append(_group(joined, found))
            continue
        for certain in _components(joined, by_ins):
            if _one_person(certain, profiles, apart, by_ins=True):
                groups.append(_group(certain, by_ins))
            else:
                groups += [Group((person,), ()) for person in sorted(certain)]
    return groups


def _one_person(
    persons: Collection[str],
    profiles: Mapping[str, Profile],
    apart: Collection[Pair],
    *,
    by_ins: bool = False,
) -> bool:
    if len(persons) > MAX_GROUP:
        return False
    if len(persons) > 1 and any(len(_ins(profiles[person])) > 1 for person in persons):
        # Two people who are written alike share a pseudonym: nobody can tell which one it is.
        return False
    says_no = _different_ins if by_ins else contradict
    return not any(
        frozenset(pair) in apart or says_no(profiles[pair[0]], profiles[pair[1]])
        for pair in combinations(persons, 2)
    )


def _components(persons: Iterable[str], edges: Iterable[Pair]) -> Iterator[set[str]]:
    """What edges join, each once."""
    neighbours: dict[str, set[str]] = {person: set() for person in persons}
    for one, other in map(tuple, edges):
        if one in neighbours and other in neighbours:
            neighbours[one].add(other)
            neighbours[other].add(one)
    while neighbours:
        component, waiting = set[str](), [next(iter(neighbours))]
        while waiting:
            person = waiting.pop()
            if person not in component:
                component.add(person)
                waiting += neighbours.pop(person)
        yield component


def _group(persons: Collection[str], edges: Mapping[Pair, Evidence]) -> Group:
    why = {evidence for pair, evidence in edges.items() if pair <= set(persons)}
    return Group(tuple(sorted(persons)), tuple(sorted(why)))


def _ins(profile: Profile) -> frozenset[str]:
    return profile.get(Kind.INS, frozenset())


def _different_ins(one: Profile, other: Profile) -> bool:
    return _differ(Kind.INS, one, other)


def _shared(kind: Kind, one: Profile, other: Profile) -> frozenset[str]:
    return one.get(kind, frozenset()) & other.get(kind, frozenset())


def _differ(kind: Kind, one: Profile, other: Profile) -> bool:
    """Both say something of a kind, and nothing in common."""
    mine, theirs = one.get(kind), other.get(kind)
    return bool(mine and theirs and not mine & theirs)
