"""Randomised response: what phones do to their answers, and what sums of such answers say.

Source: Warner, Randomized Response (1965); Wang et al., Locally Differentially Private Protocols
for Frequency Estimation (2017), symmetric unary encoding. One bit for each option, each turned over
with the probability p. Whatever the answers are, a sum of n such bits has the variance np(1-p), so
that the interval needs no guess of them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

# Of a normal distribution, so that an interval holds the truth in 95 of 100 cases.
_DEVIATIONS = 1.959964


class Sums(NamedTuple):
    """Reports that were added up.

    Attributes:
        flip_percent: with what probability their bits were turned over.
        reports: how many there were.
        bits: by option, in how many of them the bit was set.
    """

    flip_percent: int
    reports: int
    bits: tuple[int, ...]


class Estimate(NamedTuple):
    """How many of the reports truly have an option.

    Attributes:
        number: without bias; it may be below 0 or above the number of reports.
        margin: the truth is within this of `number`, in 95 of 100 cases.
    """

    number: float
    margin: float


def answered(option: int, options: int, flip_percent: int, random: Random) -> tuple[int, ...]:
    """The bits that a phone sends.

    Args:
        option: the true answer, from 0.
        options: how many there are.
        flip_percent: with what probability each bit is turned over.
        random: where chance comes from; on a phone, the system's own source.
    """
    return tuple(
        int((place == option) != (random.randrange(100) < flip_percent)) for place in range(options)
    )


def estimated(sums: Iterable[Sums]) -> tuple[Estimate, ...]:
    """What sums say of each option, sums of different probabilities taken together.

    Args:
        sums: of one question, with as many options each.
    """
    counts: list[float] = []
    variance = 0.0
    for one in sums:
        flip = one.flip_percent / 100
        kept = 1 - 2 * flip
        variance += one.reports * flip * (1 - flip) / kept**2
        unbiased = [(bits - one.reports * flip) / kept for bits in one.bits]
        counts = [a + b for a, b in zip(counts, unbiased, strict=True)] if counts else unbiased
    return tuple(Estimate(count, _DEVIATIONS * math.sqrt(variance)) for count in counts)


def epsilon(flip_percent: int) -> float:
    """How much one report tells of its answer at most: two answers differ in two bits.

    A report is at most e to this times as likely after one answer as after another.
    """
    return 2 * math.log((100 - flip_percent) / flip_percent)
