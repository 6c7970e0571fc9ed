"""The fingerprint of what a file says."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from vigie.inbox.content import fingerprint

SAID = st.lists(st.text(max_size=3), max_size=8)


def of(said: list[str]) -> str:
    return fingerprint(hashlib.sha256(each.encode()).hexdigest() for each in said)


@given(SAID, SAID)
def test_it_is_equal_for_equal_items_in_any_order_only(one: list[str], other: list[str]) -> None:
    assert (of(one) == of(other)) is (sorted(one) == sorted(other))


@given(SAID, st.integers(0, 8))
def test_parts_add_up_to_the_whole(said: list[str], cut: int) -> None:
    assert fingerprint((of(said[:cut]), of(said[cut:]))) == of(said)
