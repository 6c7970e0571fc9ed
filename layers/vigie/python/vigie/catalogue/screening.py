"""Mutation screening and lineages: what is asked of a laboratory, by date, as data."""

import re
from datetime import date

from pydantic import Field

from vigie.model import Frozen


class ScreeningPeriod(Frozen):
    """What is screened for in tests sampled within some days.

    Attributes:
        sampled_from: first sampling date, of the issuer's calendar; None if there is no first.
        sampled_until: last sampling date; None if there is no last.
        letters: what each letter that is asked for stands for.
        also_taken: letters that may still be told.
    """

    sampled_from: date | None = None
    sampled_until: date | None = None
    letters: dict[str, str]
    also_taken: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether a test sampled on a day falls into it."""
        if self.sampled_from and day < self.sampled_from:
            return False
        return not self.sampled_until or day <= self.sampled_until

    def takes(self, letter: str) -> bool:
        """Whether a letter may be told."""
        return letter in self.letters or letter in self.also_taken


class Screening(Frozen):
    """How tests that detect the agent are screened for mutations.

    Attributes:
        max_cycle_threshold: above this Ct a specimen has too little of the agent to be screened.
        periods: one after the other, without a gap.
    """

    max_cycle_threshold: float
    periods: tuple[ScreeningPeriod, ...]

    def asked_on(self, day: date) -> ScreeningPeriod | None:
        """What is asked of a test sampled on a day."""
        return next((period for period in self.periods if period.holds_on(day)), None)


class Lineages(Frozen):
    """How sequencing names what it finds.

    Attributes:
        loinc: codes of observations that tell a lineage.
        form: regular expression of a name, such as `BA.2.86`.
        answers: names by the codes of an answer list.
    """

    loinc: tuple[str, ...]
    form: str
    answers: dict[str, str] = Field(default_factory=dict)

    def name_of(self, text: str) -> str | None:
        """The lineage that a text or answer code names; None if it has not the form of one."""
        name = self.answers.get(text.strip(), text).strip()
        return name if re.fullmatch(self.form, name, re.ASCII) else None
