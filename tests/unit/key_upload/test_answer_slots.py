"""When answers leave tells nothing of what was asked."""

import itertools
from collections.abc import Callable

import pytest

from vigie.http.answer_slots import AnswerSlots


class Clock:
    """A clock that moves by work and by sleep only."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slots = AnswerSlots(lambda: self.now, self._sleep)

    def _sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds

    def took(self, work: float, wait: Callable[[AnswerSlots, float], None]) -> float:
        """How long an answer takes that is so much work."""
        began = self.slots.began()
        self.now += work
        wait(self.slots, began)
        return self.now - began

    def real(self, work: float) -> float:
        return self.took(work, AnswerSlots.wait)

    def decoy(self, work: float = 0.0) -> float:
        return self.took(work, AnswerSlots.wait_as_decoy)


@pytest.mark.parametrize("work", [0.0, 0.001, 0.3, 0.999, 1.0])
def test_whatever_fits_in_a_slot_takes_one(work: float) -> None:
    assert Clock().real(work) == pytest.approx(1.0)


@pytest.mark.parametrize(("work", "slots"), [(1.001, 2), (2.5, 3), (7.0, 7)])
def test_whatever_takes_longer_leaves_at_a_whole_slot(work: float, slots: int) -> None:
    assert Clock().real(work) == pytest.approx(slots)


def test_the_first_decoy_of_an_instance_takes_one_slot() -> None:
    assert Clock().decoy() == pytest.approx(1.0)


def test_decoys_take_as_long_as_real_answers_take_lately() -> None:
    clock = Clock()
    for work in itertools.islice(itertools.cycle((1.5, 0.1)), 200):
        clock.real(work)
    took = [round(clock.decoy()) for _ in range(400)]
    assert set(took) == {1, 2}
    assert 100 < took.count(2) < 300

    for _ in range(64):
        clock.real(2.5)
    assert {round(clock.decoy()) for _ in range(50)} == {3}


def test_a_decoy_that_is_late_itself_leaves_at_a_whole_slot() -> None:
    assert Clock().decoy(1.2) == pytest.approx(2.0)
