"""Who is taken for one person, and who is not."""

from itertools import permutations

import pytest
from hypothesis import given as invented
from hypothesis import strategies as st

from tests.bench.linkage import NATIONAL_DAYS, SEED, link, quality
from tests.bench.population import Population
from vigie.geography import Residence
from vigie.person.identity import Contact, Identity
from vigie.person.linkage import Evidence, Group, evidence_of, groups_of, profile_of
from vigie.person.linkage_tokens import Kind, Traits, linkage_tokens
from vigie.person.sound import sound_of
from vigie.results.codes import Sex

KEY = b"k" * 32
INS, OTHER_INS = "269054958815780", "269054958815877"


def traits(  # noqa: PLR0913 - what may be known of a person
    family: str = "Lefèvre",
    given: str = "Anne",
    born: str = "1969-05-14",
    *,
    other: str = "",
    sex: Sex = Sex.FEMALE,
    ins: str | None = None,
    home: str | None = None,
    phone: str | None = None,
) -> Traits:
    identity = Identity(
        family_name=family,
        given_names=tuple(given.split()),
        other_names=(other,) if other else (),
        birth_date=born,
        sex=sex,
        ins=ins,
    )
    return Traits(identity, Contact(phone=phone), Residence(home, None), None)


def evidence(one: Traits, other: Traits) -> Evidence | None:
    first, second = (profile_of(linkage_tokens(each, KEY)) for each in (one, other))
    found = evidence_of(first, second)
    assert evidence_of(second, first) is found
    return found


def test_the_same_with_and_without_ins() -> None:
    assert evidence(traits(ins=INS), traits()) is Evidence.NAME
    assert evidence(traits(given="Anne Odile", ins=INS), traits("LEFEVRE")) is Evidence.NAME


def test_a_name_that_is_used_or_of_birth() -> None:
    both = traits(other="Martin")
    assert evidence(both, traits("MARTIN")) is Evidence.NAME
    assert evidence(both, traits()) is Evidence.NAME
    assert evidence(traits(), traits("Martin")) is None
    assert evidence(traits(ins=INS), traits("Martin", ins=INS)) is Evidence.INS


def test_swapped_day_and_month_need_something_more() -> None:
    there, back = "1969-05-04", "1969-04-05"
    assert evidence(traits(born=there), traits(born=back)) is None
    for given, home, phone in (
        ("Anne", "2A004", None),
        ("Anne", None, "+33639981234"),
        ("Anne Odile", None, None),
    ):
        one, other = (
            traits(given=given, born=born, home=home, phone=phone) for born in (there, back)
        )
        assert evidence(one, other) is Evidence.SWAPPED
    assert evidence(traits(born=there, ins=INS), traits(born=back, ins=INS)) is Evidence.INS
    assert evidence(traits(born="1969-05-14"), traits(born="1969-05-15")) is None


def test_a_misspelt_name_needs_something_more() -> None:
    for written in ("Lefebvre", "Lefèvrre", "Lefevr"):
        assert evidence(traits(), traits(written)) is None
        assert evidence(traits(home="2A004"), traits(written, home="2A004")) is Evidence.SIMILAR
    assert evidence(traits(home="2A004"), traits("Moreau", home="2A004")) is None
    misspelt_and_swapped = traits("Lefebvre", born="1969-04-05", home="2A004")
    assert evidence(traits(born="1969-05-04", home="2A004"), misspelt_and_swapped) is None


def test_two_ins_are_two_people() -> None:
    assert evidence(traits(ins=INS), traits(ins=OTHER_INS)) is None


def test_twins_are_two_people() -> None:
    def child(given: str, sex: Sex = Sex.FEMALE) -> Traits:
        return traits(given=given, sex=sex, home="2A004", phone="+33639981234")

    pairs = (("Jean-Pierre", "Jean-Paul"), ("Léo", "Léa"), ("Anne Marie", "Anne Laure"))
    for one, other in pairs:
        assert evidence(child(one), child(other)) is None
    assert evidence(child("Camille", Sex.MALE), child("Camille")) is None


def test_a_childs_parents_ins_joins_nothing() -> None:
    first = traits(given="Léo", born="2012-03-04", ins=INS)
    assert evidence(first, traits(given="Tom", born="2012-03-04", ins=INS)) is None
    assert evidence(first, traits(ins=INS)) is None


def test_a_birth_date_without_its_day_joins_by_ins_only() -> None:
    assert evidence(traits(born="1969-05"), traits(born="1969-05")) is None
    assert evidence(traits(born="1969-05", ins=INS), traits(ins=INS)) is Evidence.INS
    assert evidence(traits(born="1969", ins=INS), traits(given="Zoé", ins=INS)) is None


def groups(**people: Traits) -> set[tuple[str, ...]]:
    profiles = {name: profile_of(linkage_tokens(each, KEY)) for name, each in people.items()}
    return {group.persons for group in groups_of(profiles, ())}


def test_what_joins_two_ins_joins_nothing() -> None:
    people = {"a": traits(ins=INS), "b": traits("LEFEVRE", given="Anne Odile")}
    assert groups(**people) == {("a", "b")}
    people["c"] = traits(given="Anne Odile", ins=OTHER_INS)
    assert groups(**people) == {("a",), ("b",), ("c",)}
    people["d"] = traits("Martin", ins=INS)
    assert groups(**people) == {("a", "d"), ("b",), ("c",)}


def test_a_pseudonym_of_two_ins_joins_nothing() -> None:
    tokens = {*linkage_tokens(traits(ins=INS), KEY), *linkage_tokens(traits(ins=OTHER_INS), KEY)}
    profiles = {
        "a": profile_of(tokens),
        "b": profile_of(linkage_tokens(traits(given="Anne Odile"), KEY)),
    }
    assert {group.persons for group in groups_of(profiles, ())} == {("a",), ("b",)}


def test_what_was_parted_by_hand_stays_apart() -> None:
    people = {"a": traits(ins=INS), "b": traits("Martin", ins=INS), "c": traits(given="Anne Odile")}
    profiles = {name: profile_of(linkage_tokens(each, KEY)) for name, each in people.items()}
    assert groups_of(profiles, ()) == [
        Group(("a", "b", "c"), (Evidence.INS, Evidence.NAME)),
    ]
    parted = groups_of(profiles, (frozenset(("a", "b")),))
    assert ("a", "b", "c") not in {group.persons for group in parted}
    assert not any({"a", "b"} <= set(group.persons) for group in parted)


def test_groups_do_not_depend_on_order() -> None:
    people = {
        "a": traits(ins=INS),
        "b": traits("Martin", other="Lefèvre"),
        "c": traits("Martin", given="Anne Odile"),
        "d": traits("Moreau"),
    }
    profiles = {name: profile_of(linkage_tokens(each, KEY)) for name, each in people.items()}
    found = {
        frozenset(
            group.persons for group in groups_of({name: profiles[name] for name in order}, ())
        )
        for order in permutations(profiles)
    }
    assert found == {frozenset({("a", "b", "c"), ("d",)})}


def test_tokens_say_nothing_without_the_key() -> None:
    known = traits(given="Anne Odile", other="Martin", ins=INS, home="2A004", phone="+33639981234")
    tokens = linkage_tokens(known, KEY)
    assert {token[:1] for token in tokens} == set(Kind)
    shared = set(tokens) & set(linkage_tokens(known, b"other" + KEY))
    assert shared == {"xF"}
    text = " ".join(tokens).casefold()
    assert not any(value in text for value in ("lefevre", "anne", "1969", "269054", "2a004"))


def test_tokens_of_two_blocks_cannot_be_compared() -> None:
    one = set(linkage_tokens(traits(home="2A004"), KEY))
    assert one & set(linkage_tokens(traits(given="Zoé", home="2A004"), KEY)) == {"xF"}


@invented(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=20))
def test_every_name_has_a_sound(name: str) -> None:
    assert sound_of(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LEFEBVRE", "LEFEVRE"),
        ("DUPONT", "DUPOND"),
        ("THIBAULT", "THIBAUT"),
        ("MEYER", "MEIER"),
        ("PHILIPPE", "FILIP"),
        ("BOURGEOIS", "BOURJOIS"),
    ],
)
def test_names_that_sound_alike(one: str, other: str) -> None:
    assert sound_of(one) == sound_of(other)


def test_names_that_do_not_sound_alike() -> None:
    names = ("MARTIN", "MOREAU", "PETIT", "DURAND", "DUBOIS", "ROUX", "ROY", "BLANC", "BRUN")
    assert len({sound_of(name) for name in names}) == len(names)


@pytest.mark.parametrize(("days", "precision"), [(None, 0.995), (NATIONAL_DAYS // 20, 0.985)])
def test_few_people_are_joined_wrongly(days: int | None, precision: float) -> None:
    linked = link(Population(4_000, seed=SEED, days=days).records())
    found = quality(linked.records, linked.persons)
    alone = quality(linked.records, linked.pseudonyms)
    assert found.precision > precision
    assert found.recall > 0.96
    assert alone.recall < 0.6
