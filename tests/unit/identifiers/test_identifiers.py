"""Identifiers of the French health system, from both sides of each rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.identifiers.finess import finess, has_finess_check_digit
from vigie.identifiers.ins import InsKind, kind_of_ins, matricule_ins
from vigie.identifiers.rpps import has_rpps_check_digit, rpps


def with_key(number: str) -> str:
    digits = number.replace("2A", "19").replace("2B", "18")
    return f"{number}{97 - int(digits) % 97:02}"


@pytest.mark.parametrize(
    ("number", "kind", "sound"),
    [
        ("2690549588157", None, True),
        ("269052A588157", InsKind.NIR, True),
        ("169052B588157", InsKind.NIR, True),
        ("2692049588157", InsKind.NIR, True),  # the month of birth is not known
        ("2693549588157", InsKind.NIR, True),
        ("2694249588157", InsKind.NIR, True),
        ("2695049588157", InsKind.NIR, True),
        ("2699949588157", InsKind.NIR, True),
        ("2691349588157", InsKind.NIR, False),
        ("2692149588157", InsKind.NIR, False),
        ("2694349588157", InsKind.NIR, False),
        ("2690049588157", InsKind.NIR, False),
        ("2690599109157", InsKind.NIR, True),  # born abroad
        ("2690500588157", InsKind.NIR, False),
        ("2690549588000", InsKind.NIR, False),
        ("7690549588157", InsKind.NIR, False),
        ("7690549588157", InsKind.NIA, True),
        ("7690549588157", None, True),
        ("1690549588157", InsKind.NIA, True),
        ("5690549588157", InsKind.NIA, False),
    ],
)
def test_the_form_of_an_ins(number: str, kind: InsKind | None, sound: bool) -> None:  # noqa: FBT001 - a table
    written = with_key(number)
    assert matricule_ins(written, kind) == (written if sound else None)


@given(st.integers(0, 14), st.integers(1, 9))
def test_the_key_finds_a_wrong_digit(place: int, more: int) -> None:
    digits = list(with_key("2690549588157"))
    digits[place] = str((int(digits[place]) + more) % 10)
    assert matricule_ins("".join(digits)) is None


@given(st.integers(0, 11))
def test_the_key_finds_two_digits_that_changed_places(place: int) -> None:
    digits = list(with_key("2690549588157"))
    if digits[place] != digits[place + 1]:
        digits[place], digits[place + 1] = digits[place + 1], digits[place]
        assert matricule_ins("".join(digits)) is None


@pytest.mark.parametrize(
    ("authority", "type_code", "kind"),
    [
        ("1.2.250.1.213.1.4.8", "", InsKind.NIR),
        ("urn:oid:1.2.250.1.213.1.4.9", "INS-NIR", InsKind.NIA),
        ("1.2.250.1.213.1.4.10", "INS-NIR", InsKind.TEST),
        ("1.2.250.1.213.1.4.11", "INS-NIR", InsKind.DEMONSTRATION),
        ("", "INS-NIA", InsKind.NIA),
        ("", "PI", None),
        ("1.2.3", "INS-NIR", None),
    ],
)
def test_the_authority_says_what_it_is(
    authority: str, type_code: str, kind: InsKind | None
) -> None:
    assert kind_of_ins(authority, type_code) is kind


def test_only_nir_and_nia_are_of_a_person() -> None:
    assert {kind for kind in InsKind if kind.of_a_person} == {InsKind.NIR, InsKind.NIA}


def test_rpps() -> None:
    assert rpps(" 10001234565 ") == "10001234565"
    assert has_rpps_check_digit("10001234565")
    assert not has_rpps_check_digit("10001234566")
    assert rpps("1000123456") is None
    assert rpps("1000123456X") is None


def test_finess() -> None:
    assert finess("750712184") == "750712184"
    assert has_finess_check_digit("750712184")
    assert not has_finess_check_digit("750712185")
    assert finess("2a0000154") == "2A0000154"
    assert has_finess_check_digit("2A0000154")
    assert finess("75071218") is None
