"""A few inputs for every reader at each run; `python -m tests.fuzz` tries more."""

import pytest
from hypothesis import strategies as st

from tests.fuzz.fuzzing import fuzz
from tests.fuzz.targets import Target, targets
from vigie.errors import Rejected

_INPUTS = 60


@pytest.mark.parametrize("name", sorted(targets()))
def test_a_reader_refuses_with_our_own_errors_alone(name: str) -> None:
    tally = fuzz(targets()[name], _INPUTS)

    assert tally.inputs >= _INPUTS // 2


def test_a_reader_that_breaks_is_found() -> None:
    def broken(value: bytes) -> None:
        if len(value) > 2:
            raise KeyError(value)
        raise Rejected("short", "too short")

    with pytest.raises(KeyError):
        fuzz(Target(st.binary(), broken), _INPUTS)
