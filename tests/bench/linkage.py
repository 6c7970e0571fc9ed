"""`python -m tests.bench.linkage`: precision and recall of linkage where the truth is known.

Pairs of records are counted: of one person, and joined. The first row is what the pseudonym
alone joins. "National" has as many people to a day of birth as France, which is what makes
namesakes; the other is a hundred thousand people of all ages.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.table import Table

from tests.bench.population import Population, Record
from vigie.geography import Residence
from vigie.person.identity import Contact, Identity
from vigie.person.linkage import Profile, evidence_of, groups_of, profile_of
from vigie.person.linkage_tokens import Kind, Traits, linkage_tokens
from vigie.person.pseudonym import Pseudonymiser
from vigie.results.codes import Sex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KEY = b"\x07" * 32
SEED = 20261124
NATIONAL_DAYS = 50


class Linked(NamedTuple):
    """What became of records.

    Attributes:
        records: all.
        pseudonyms: of each record.
        persons: the group of each record.
    """

    records: list[Record]
    pseudonyms: list[str]
    persons: list[str]


class Quality(NamedTuple):
    """How good a partition of records is, counted in pairs.

    Attributes:
        right: pairs that are one person's, and joined.
        wrong: joined, of two persons.
        missed: of one person, not joined.
    """

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of the joined pairs, those of one person."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of the pairs of one person, those that are joined."""
        return self.right / max(1, self.right + self.missed)


def link(records: Iterable[Record]) -> Linked:
    """Give each record its pseudonym, and each pseudonym its group."""
    written = list(records)
    pseudonymiser = Pseudonymiser(_KEY, 1)
    tokens: defaultdict[str, set[str]] = defaultdict(set)
    pseudonyms: list[str] = []
    for record in written:
        traits = traits_of(record)
        pseudonym = pseudonymiser.person(traits.identity)
        pseudonyms.append(pseudonym)
        tokens[pseudonym].update(linkage_tokens(traits, _KEY))
    profiles = {pseudonym: profile_of(each) for pseudonym, each in tokens.items()}
    persons = {
        person: group.persons[0]
        for joined in _joined(profiles)
        for group in groups_of({each: profiles[each] for each in joined}, ())
        for person in group.persons
    }
    return Linked(written, pseudonyms, [persons[each] for each in pseudonyms])


def traits_of(record: Record) -> Traits:
    """What intake would know."""
    identity = Identity(
        family_name=record.family_name,
        given_names=record.given_names,
        other_names=(record.other_name,) if record.other_name else (),
        birth_date=record.birth_date,
        sex=Sex.FEMALE if record.female else Sex.MALE,
        ins=record.ins,
    )
    contact = Contact(phone=record.phone)
    return Traits(identity, contact, Residence(None, None), record.home)


def _joined(profiles: Mapping[str, Profile]) -> list[list[str]]:
    """What evidence joins, directly or by others."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for pseudonym, profile in profiles.items():
        for kind in (Kind.BLOCK, Kind.INS):
            for token in profile.get(kind, ()):
                places[token].append(pseudonym)
    root = {pseudonym: pseudonym for pseudonym in profiles}

    def find(pseudonym: str) -> str:
        while root[pseudonym] != pseudonym:
            root[pseudonym] = root[root[pseudonym]]
            pseudonym = root[pseudonym]
        return pseudonym

    for together in places.values():
        for one, other in combinations(together, 2):
            if find(one) != find(other) and evidence_of(profiles[one], profiles[other]):
                root[find(one)] = find(other)
    components: defaultdict[str, list[str]] = defaultdict(list)
    for pseudonym in profiles:
        components[find(pseudonym)].append(pseudonym)
    return list(components.values())


def quality(records: list[Record], parts: list[str], kind: str | None = None) -> Quality:
    """Compare a partition with the truth.

    Args:
        records: with the truth.
        parts: where each record is.
        kind: only pairs of one person of which one departs so; precision then says nothing.
    """
    right = wrong = missed = 0
    for together in _by(parts, range(len(records))).values():
        for one, other in combinations(together, 2):
            if records[one].person != records[other].person:
                wrong += 1
    truth = [str(record.person) for record in records]
    for together in _by(truth, range(len(records))).values():
        for one, other in combinations(together, 2):
            if kind and kind not in records[one].departures ^ records[other].departures:
                continue
            if parts[one] == parts[other]:
                right += 1
            else:
                missed += 1
    return Quality(right, wrong, missed)


def _by(parts: list[str], records: Iterable[int]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for record in records:
        found[parts[record]].append(record)
    return found


def false_merges(linked: Linked, population: Population) -> Counter[str]:
    """Why two people were joined: pairs of people, by what they have in common."""
    people = {person.number: person for person in population.people}
    found: dict[frozenset[int], str] = {}
    for together in _by(linked.persons, range(len(linked.records))).values():
        for one, other in combinations(together, 2):
            first, second = (people[linked.records[each].person] for each in (one, other))
            if first.number != second.number:
                twins = first.phone == second.phone
                alike = linked.pseudonyms[one] == linked.pseudonyms[other]
                why = "twins" if twins else "one pseudonym" if alike else "namesakes"
                found.setdefault(frozenset((first.number, second.number)), why)
    return Counter(found.values())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    for title, days in (("all ages", None), ("national", NATIONAL_DAYS)):
        _print(title, Population(chosen.people, seed=chosen.seed, days=days))


def _print(title: str, population: Population) -> None:
    began = time.process_time()
    linked = link(population.records())
    seconds = time.process_time() - began
    table = Table(
        "joined by", "precision", "recall", "right", "wrong", "missed", title=f"Pairs, {title}"
    )
    for name, parts in (("pseudonym", linked.pseudonyms), ("linkage", linked.persons)):
        table.add_row(name, *_cells(quality(linked.records, parts)))
    table.add_section()
    for kind in sorted(set().union(*(record.departures for record in linked.records))):
        found = quality(linked.records, linked.persons, kind)
        table.add_row(
            f"… {kind}", "", f"{found.recall:.2%}", str(found.right), "", str(found.missed)
        )
    console = Console(width=100)
    console.print(table)
    wrong = ", ".join(f"{why} {n}" for why, n in false_merges(linked, population).items())
    console.print(
        f"{len(population.people):,} people, {len(linked.records):,} records, "
        f"{len(set(linked.pseudonyms)):,} pseudonyms, {len(set(linked.persons)):,} persons, "
        f"{seconds:.0f} s. Pairs of people joined wrongly: {wrong or 'none'}."
    )


def _cells(found: Quality) -> tuple[str, ...]:
    numbers = (found.right, found.wrong, found.missed)
    return (f"{found.precision:.3%}", f"{found.recall:.2%}", *map("{:,}".format, numbers))


if __name__ == "__main__":
    main()
