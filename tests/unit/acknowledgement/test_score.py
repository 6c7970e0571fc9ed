"""A score is a full hundred only where nothing is rejected."""

import pytest

from vigie.acknowledgement.score import Score


@pytest.mark.parametrize(
    ("score", "percent"),
    [
        (Score(3, 0, 0), 100),
        (Score(1, 2, 0), 100),
        (Score(998, 1, 1), 99),
        (Score(0, 1, 2), 33),
        (Score(0, 0, 4), 0),
        (Score(0, 0, 0), 0),
    ],
)
def test_percent_of_what_would_be_taken_rounded_down(score: Score, percent: int) -> None:
    assert score.percent == percent
    assert score.as_json()["percent"] == percent
