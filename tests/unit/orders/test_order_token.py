"""Tokens of orders: the check character, and how they are read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.orders.damm32 import BASE, damm32
from vigie.orders.order_token import LENGTH, hashed_token, new_order_token, order_token

DIGITS = st.lists(st.integers(0, BASE - 1), min_size=LENGTH - 1, max_size=LENGTH - 1)


@settings(max_examples=20)
@given(DIGITS)
def test_a_wrong_character_and_two_that_changed_places_are_always_found(digits: list[int]) -> None:
    whole = [*digits, damm32(digits)]
    assert damm32(whole) == 0
    for place in range(LENGTH):
        for other in range(BASE):
            wrong = [*whole[:place], other, *whole[place + 1 :]]
            assert (damm32(wrong) == 0) == (other == whole[place])
    for place in range(LENGTH - 1):
        swapped = [*whole[:place], whole[place + 1], whole[place], *whole[place + 2 :]]
        assert (damm32(swapped) == 0) == (whole[place] == whole[place + 1])


def test_the_operation_is_a_quasigroup_with_a_diagonal_of_zeros() -> None:
    # The check digit of one digit runs through all of them, so the first is any interim digit.
    first = {damm32((digit,)): digit for digit in range(BASE)}
    table = [[damm32((first[row], column)) for column in range(BASE)] for row in range(BASE)]
    assert all(sorted(line) == list(range(BASE)) for line in table)
    assert all(sorted(line) == list(range(BASE)) for line in zip(*table, strict=True))
    assert [table[each][each] for each in range(BASE)] == [0] * BASE


@pytest.mark.parametrize("published", ["tbdfjaj0", "f3dzcfdt"])
def test_tokens_of_the_nhs_are_tokens(published: str) -> None:
    assert order_token(published) == published


@settings(max_examples=30)
@given(st.lists(st.sampled_from([*"0oO"]), min_size=4, max_size=4), st.sampled_from("1iIlL"))
def test_a_token_is_read_as_people_write_it(zeros: list[str], one: str) -> None:
    written = f" {zeros[0]}{zeros[1]}{zeros[2]}{zeros[3]}-00{one}2 "
    assert order_token(written) == order_token("00000012") == "00000012"
    assert order_token("V00000 0F") == order_token("u000000f")


def test_a_new_token_is_one() -> None:
    tokens = {new_order_token() for _ in range(50)}
    assert len(tokens) > 40
    assert all(order_token(token) == token for token in tokens)


@pytest.mark.parametrize("text", ["", "q7k2m9x", "q7k2m9x88", "q7k2m9xé", "q" * 99, "q7k2 m9x9"])
def test_what_is_no_token_is_refused(text: str) -> None:
    assert order_token(text) is None


def test_the_hash_of_a_token_needs_its_key() -> None:
    assert hashed_token(b"k" * 32, "q7k2m9x8") != hashed_token(b"l" * 32, "q7k2m9x8")
    assert len(hashed_token(b"k" * 32, "q7k2m9x8")) == 64
