"""The register is asked once a minute, and never remembers a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.functions.laboratories import laboratory, register, suspend
from tests.functions.resources import create_table
from vigie import aws
from vigie.errors import Rejected
from vigie.laboratories import LaboratoryRegister, LaboratoryState, LaboratoryStore
from vigie.laboratories.register import HELD_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

FINESS = "750712184"


class Asked:
    """The register at a time that a test turns."""

    def __init__(self) -> None:
        create_table("laboratories", "finess")
        self.seconds = 0.0
        store = LaboratoryStore(aws.dynamodb(), "laboratories")
        self.register = LaboratoryRegister(store, lambda: self.seconds)

    def answer(self, ask: Callable[[str], object] | None = None) -> str:
        """`active`, or the code of the refusal."""
        try:
            (ask or self.register.active)(FINESS)
        except Rejected as refused:
            return refused.code
        return "active"


@pytest.fixture
def asked(mocked_aws: None) -> Asked:  # noqa: ARG001 - the account
    return Asked()


def test_a_suspension_is_noticed_within_a_minute(asked: Asked) -> None:
    register(FINESS)
    assert asked.answer() == "active"
    suspend(FINESS)
    asked.seconds += HELD_SECONDS - 1
    assert asked.answer() == "active"
    asked.seconds += 1
    assert asked.answer() == "laboratory-suspended"


def test_whoever_was_refused_is_let_in_at_once(asked: Asked) -> None:
    assert asked.answer() == "laboratory-unknown"
    suspend(FINESS)
    assert asked.answer() == "laboratory-suspended"
    register(FINESS)
    assert asked.answer() == "active"


def test_a_removed_laboratory_is_refused_and_still_known(asked: Asked) -> None:
    register(FINESS, state=LaboratoryState.REMOVED)
    assert asked.answer() == "laboratory-removed"
    assert asked.answer(asked.register.known) == "active"


def test_two_who_change_an_entry_at_once_are_told(asked: Asked) -> None:  # noqa: ARG001 - the table
    store = LaboratoryStore(aws.dynamodb(), "laboratories")
    register(FINESS)
    later = laboratory(FINESS, revision=2)
    store.put(later)
    for stale in (laboratory(FINESS), later):
        with pytest.raises(Rejected) as caught:
            store.put(stale)
        assert caught.value.code == "laboratory-changed-meanwhile"
