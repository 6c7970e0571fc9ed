"""The words of an answer, from the files beside this one: one for each language."""

import json
from functools import cache
from pathlib import Path

from result_access.answer import AdviceView
from vigie.certificates.kind import CertificateKind
from vigie.model import Frozen
from vigie.results.codes import Language, Method, Outcome
from vigie.results.shown_outcome import Standing

_FOLDER = Path(__file__).parent / "wording"
ANY_DISEASE = "any"


class Advice(Frozen):
    """What to do next, for one disease: by outcome, or by standing where there is no outcome."""

    detected: AdviceView
    not_detected: AdviceView
    inconclusive: AdviceView
    not_obtainable: AdviceView
    preliminary: AdviceView
    withdrawn: AdviceView

    def of(self, standing: Standing, outcome: Outcome | None) -> AdviceView:
        """The advice for a result."""
        chosen: AdviceView = getattr(self, standing if outcome is None else outcome)
        return chosen


class Wording(Frozen):
    """The words of one language.

    Attributes:
        methods: how a test was made.
        outcomes: what it says.
        standings: how settled it is.
        certificates: what a certificate is called, by kind.
        advice: what to do next, by key of the disease; `any` for those without a text.
    """

    methods: dict[Method, str]
    outcomes: dict[Outcome, str]
    standings: dict[Standing, str]
    certificates: dict[CertificateKind, str]
    advice: dict[str, Advice]

    def advice_for(self, disease: str) -> Advice:
        """The advice for a disease."""
        return self.advice.get(disease) or self.advice[ANY_DISEASE]


@cache
def wording(language: Language) -> Wording:
    """The words of a language."""
    text = (_FOLDER / f"{language}.json").read_text(encoding="utf-8")
    return Wording.model_validate(json.loads(text))
