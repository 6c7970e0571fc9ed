"""Which tests are counted, and as what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.model import Frozen
from vigie.results.codes import Method, Outcome, Sex
from vigie.statistics.age_class import age_class
from vigie.statistics.cell import LAST_DELAY, UNKNOWN_PLACE, counted_sex

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from vigie.results.stored_result import ResultDocument
    from vigie.results.test_result import VariantScreening

_METHODS = frozenset({Method.NAAT, Method.ANTIGEN})
_OUTCOMES = frozenset({Outcome.DETECTED, Outcome.NOT_DETECTED})
# The year of a date is mistyped for the one before: such a test would begin every curve.
LONGEST_DELAY = timedelta(days=300)
_ABSENT, _PRESENT = "0", "1"


class CountedTest(Frozen):
    """A test as it is counted.

    Attributes:
        result_id: the result.
        version: of the result.
        person: its pseudonym.
        disease: key of the disease catalogue.
        day: of sampling, ISO 8601; it sorts.
        positive: whether it detected the agent.
        place: département of the person, or `unknown`.
        age: class of the person's age.
        sex: female, male or unknown.
        delay: days from sampling until the result came, at most 14.
        screened: whether a positive test was screened for mutations.
        readable: the letters that were looked for and found or not found.
        found: the letters that were found.
        lineage: of a positive test that was sequenced.
    """

    result_id: str
    version: int = 1
    person: str
    disease: str
    day: str
    positive: bool = False
    place: str = UNKNOWN_PLACE
    age: str
    sex: Sex = Sex.UNKNOWN
    delay: int = 0
    screened: bool = False
    readable: str = ""
    found: str = ""
    lineage: str | None = None


def counted_test(result: ResultDocument, zone: ZoneInfo) -> CountedTest | None:
    """The test of a result; None if it does not count.

    Molecular and antigen tests count that say whether the agent is there; not what was withdrawn
    or could not be obtained, inconclusive tests, and serology; nor what was sampled so long before
    it came that its year must be wrong.

    Args:
        result: its current version.
        zone: whose calendar counts.
    """
    if result.withdrawn or result.method not in _METHODS or result.outcome not in _OUTCOMES:
        return None
    positive = result.outcome is Outcome.DETECTED
    day = result.sampled_at.astimezone(zone).date()
    came = result.received_at.astimezone(zone).date()
    if came - day > LONGEST_DELAY:
        return None
    variant = result.variant if positive else None
    return CountedTest(
        result_id=result.result_id,
        version=result.version,
        person=result.person,
        disease=result.disease,
        day=day.isoformat(),
        positive=positive,
        place=result.department or UNKNOWN_PLACE,
        age=age_class(result.age),
        sex=counted_sex(result.sex),
        delay=min(max((came - day).days, 0), LAST_DELAY),
        screened=bool(variant and variant.findings),
        readable=_letters(variant, _ABSENT, _PRESENT),
        found=_letters(variant, _PRESENT),
        lineage=result.lineage if positive else None,
    )


def _letters(variant: VariantScreening | None, *figures: str) -> str:
    findings = variant.findings if variant else ()
    return "".join(sorted({letter for letter, figure in findings if figure in figures}))
