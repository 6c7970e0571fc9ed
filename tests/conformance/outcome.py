"""What a conformance runner says of each case of a corpus of other people's data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CaseOutcome:
    """One case.

    Attributes:
        corpus: a short name.
        case: which one, as its corpus names it.
        as_expected: whether the code does what the corpus expects.
        reason: why not; empty if it does.
        known: whether the deviation is explained: a fault of the data, or a check that is
            reported apart. Such a case does not fail the run.
    """

    corpus: str
    case: str
    as_expected: bool
    reason: str
    known: bool = False
