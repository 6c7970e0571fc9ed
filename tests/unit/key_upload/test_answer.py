"""How long an answer is tells nothing of what is in it."""

import json
from collections.abc import Callable

import pytest

from key_upload.answer import Published, decoy_body, published_body, refused_body
from key_upload.refusal import ErrorCode

_LONGEST_FAULT = "key 29 cannot be imported: rollingStartNumber is more than 15 days ago"
BODIES: dict[str, Callable[[], str]] = {
    "decoy": decoy_body,
    "small": lambda: published_body(Published(inserted=1), "A" * 800),
    # Sixty keys in the token, and something to say of every one that was sent.
    "largest": lambda: published_body(
        Published(
            inserted=0,
            code=ErrorCode.PARTIAL_FAILURE,
            error="; ".join([_LONGEST_FAULT] * 30),
        ),
        "A" * 1720,
    ),
    "refused": lambda: refused_body(ErrorCode.BAD_REQUEST, "; ".join([_LONGEST_FAULT] * 30)),
}


@pytest.mark.parametrize("name", BODIES)
def test_every_answer_has_a_length_of_the_same_range(name: str) -> None:
    lengths = [len(BODIES[name]().encode()) for _ in range(300)]
    assert min(lengths) >= 5120
    assert max(lengths) < 6144
    # Spread over the whole range, not gathered where the content ends.
    assert min(lengths) < 5250
    assert max(lengths) > 6000


def test_a_decoy_answers_nothing_but_padding() -> None:
    assert set(json.loads(decoy_body())) == {"padding"}


def test_what_is_empty_is_not_there() -> None:
    body = json.loads(published_body(Published(inserted=0), None))
    assert set(body) == {"padding"}
