"""One written form for each identity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.person.identity import Contact, Identity
from vigie.person.normalisation import normalise_identity, normalise_name
from vigie.person.pseudonym import Pseudonymiser
from vigie.results.codes import Sex


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Lefèvre", "LEFEVRE"),
        ("LEFEVRE", "LEFEVRE"),
        ("Le Goff", "LE GOFF"),
        ("le-goff", "LE GOFF"),
        ("  Le   Goff ", "LE GOFF"),
        ("N'Diaye", "NDIAYE"),
        ("N\N{RIGHT SINGLE QUOTATION MARK}Diaye", "NDIAYE"),
        ("NDIAYE", "NDIAYE"),
        ("d'Aubigné", "DAUBIGNE"),
        ("Bœuf", "BOEUF"),
        ("BOEUF", "BOEUF"),
        ("Gonçalves", "GONCALVES"),
        ("Müller", "MULLER"),
        ("Mu\u0308ller", "MULLER"),
        ("Weiß", "WEISS"),
        ("Łukasz", "LUKASZ"),
        ("Ærøskøbing", "AEROSKOBING"),
        ("Saint-Martin", "SAINT MARTIN"),
        ("Дмитрий", "ДМИТРИИ"),
    ],
)
def test_a_name_is_written_one_way(written: str, normal: str) -> None:
    assert normalise_name(written) == normal


def _identity(family: str, *given_names: str, **other: object) -> Identity:
    return Identity.model_validate(
        {
            "family_name": family,
            "given_names": given_names,
            "birth_date": "1980-02-29",
            **other,
        }
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_identity("Lefèvre", "Zoé"), _identity("LEFEVRE", "ZOE")),
        (_identity("Martin", "Jean", "Paul"), _identity("Martin", "Paul", "Jean")),
        (_identity("Martin", "Jean Paul"), _identity("Martin", "Jean-Paul")),
        (_identity("Martin", "Jean", "Paul"), _identity("Martin", "Jean-Paul")),
        (_identity("Martin", "Zoé", sex=Sex.FEMALE), _identity("Martin", "Zoé")),
        (_identity("Martin", "Zoé", ins="280027511300197"), _identity("Martin", "Zoé")),
    ],
)
def test_spelling_does_not_make_two_persons(one: Identity, other: Identity) -> None:
    assert normalise_identity(one) == normalise_identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_identity("Martin", "Marie-Anne"), _identity("Martin", "Marie-Claire")),
        (_identity("Martin", "Jean"), _identity("Martin", "Jeanne")),
        (_identity("Jean", "Martin"), _identity("Martin", "Jean")),
        (_identity("Martin", "Zoé"), _identity("Martin", "Zoé", birth_date="1980-02")),
    ],
)
def test_two_persons_stay_two(one: Identity, other: Identity) -> None:
    assert normalise_identity(one) != normalise_identity(other)


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing(name: str) -> None:
    once = normalise_name(name)
    assert normalise_name(once) == once


def test_a_pseudonym_is_golden() -> None:
    # A change here would split every person in two: it needs a new version of the key.
    pseudonymiser = Pseudonymiser(bytes(32), version=1)
    assert (
        pseudonymiser.person(_identity("Lefèvre", "Zoé")) == "p1.p7uhwznc7cnuv3ciry46qmtff3qno7cm"
    )
    assert (
        pseudonymiser.contact(Contact(email="Zoe@example.fr"))
        == "c1.qnym4ylu7oqlwhow6tesrhpf3vp6c26f"
    )


def test_a_pseudonym_depends_on_the_key_and_tells_its_version() -> None:
    identity = _identity("Lefèvre", "Zoé")
    one = Pseudonymiser(bytes(32), version=1).person(identity)
    other = Pseudonymiser(b"\x01" * 32, version=2).person(identity)
    assert other.startswith("p2.")
    assert one[3:] != other[3:]


def test_no_contact_has_no_tag() -> None:
    assert Pseudonymiser(bytes(32), version=1).contact(Contact()) is None
