"""Sums of answers that chance turned over say what the answers were, within their interval."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from vigie.tracing.randomised_response import Sums, answered, epsilon, estimated
from vigie.tracing.survey import FLIP_PERCENTS

_PHONES = 400


def summed(answers: list[int], options: int, flip_percent: int, random: Random) -> Sums:
    """What phones send, added up."""
    sent = [answered(answer, options, flip_percent, random) for answer in answers]
    return Sums(flip_percent, len(sent), tuple(sum(bits) for bits in zip(*sent, strict=True)))


@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate])
@given(
    seed=st.integers(0, 2**32),
    flips=st.lists(st.sampled_from(FLIP_PERCENTS), min_size=1, max_size=2),
    shares=st.lists(st.integers(0, 9), min_size=3, max_size=5).filter(any),
)
def test_the_truth_is_within_the_interval_in_95_of_100_cases(
    seed: int, flips: list[int], shares: list[int]
) -> None:
    random = Random(seed)  # noqa: S311 - the same phones at each run
    options = len(shares)
    within = 0
    for _ in range(60):
        groups = [random.choices(range(options), shares, k=_PHONES) for _ in flips]
        sums = [
            summed(group, options, flip, random) for group, flip in zip(groups, flips, strict=True)
        ]
        truth = sum(group.count(0) for group in groups)
        estimate = estimated(sums)[0]
        within += abs(estimate.number - truth) <= estimate.margin
    # 57 are expected, with a deviation of 1.7.
    assert within >= 50


def test_the_probabilities_are_worth_what_is_said_of_them() -> None:
    assert epsilon(25) == pytest.approx(2 * math.log(3))
    # The ratio of the probabilities of a report after one answer and after another.
    assert math.exp(epsilon(10)) == pytest.approx((0.9 * 0.9) / (0.1 * 0.1))


def test_no_reports_say_nothing() -> None:
    assert estimated([]) == ()
    assert [one.margin for one in estimated([Sums(25, 0, (0, 0))])] == [0, 0]
