"""The questions that phones of people who agreed answer, by randomised response.

A question is answered by exactly one of its options: a phone makes one bit for each option, of
which one is set, and turns each bit over with the probability that the app's configuration says.
What leaves the phone tells little of its answer; what many phones send tells the shares.
"""

from typing import Final, Literal, get_args

# With what probability a phone may turn a bit over. Few, for the sums are kept apart by them.
FlipPercent = Literal[10, 15, 20, 25, 30, 35, 40]
FLIP_PERCENTS: Final[tuple[int, ...]] = get_args(FlipPercent)

Question = Literal["alert-shown", "test-after-alert", "days-to-test", "keys-after-result"]

QUESTIONS: Final[dict[Question, tuple[str, ...]]] = {
    # The highest class of risk that the app showed within the last 7 days.
    "alert-shown": ("none", "low", "high"),
    # What followed an alert of the last 14 days.
    "test-after-alert": ("no-alert", "no-test", "negative", "positive"),
    # Whole days from the first alert of the last 14 days to the test.
    "days-to-test": ("no-test", "0-1", "2-3", "4-7", "8-14"),
    # What became of a positive result of the last 14 days.
    "keys-after-result": ("no-result", "uploaded", "not-uploaded"),
}
