"""Values of a report that are written alike in every format: text, outcome, language, Ct, …."""

import re
import unicodedata

from result_intake.draft import Draft
from result_intake.moment import FRANCE
from vigie.catalogue import disease_of_loinc
from vigie.catalogue.result_codes import outcome_of_code
from vigie.catalogue.screening import ScreeningPeriod
from vigie.results.codes import Language, Outcome
from vigie.results.test_result import VariantScreening

MAX_NAME = 80
_CT = re.compile(r"\d{1,2}(?:[.,]\d{1,4})?", re.ASCII)
_CT_RANGE = (1.0, 50.0)
# ISO 639-1, 639-2/T and 639-2/B; the region of a BCP 47 tag does not matter.
_LANGUAGES = {
    "fr": Language.FRENCH,
    "fra": Language.FRENCH,
    "fre": Language.FRENCH,
    "en": Language.ENGLISH,
    "eng": Language.ENGLISH,
}
_LETTERS = frozenset("ABCDE")
_FIGURES = frozenset("0189")


def tidy(text: str) -> str:
    """One form for what looks the same, whatever the sender's system: NFC, single spaces."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    return " ".join(composed.split())


def other_names(draft: Draft) -> tuple[str, ...]:
    """The further family names that can be kept: with a letter, and not too long."""
    tidied = map(tidy, draft.other_names)
    return tuple(name for name in tidied if len(name) <= MAX_NAME and any(map(str.isalpha, name)))


def outcomes_of(draft: Draft) -> set[Outcome]:
    """What the known ones of the outcome codes say."""
    said = (outcome_of_code(code, system) for code, system in draft.outcomes)
    return {outcome for outcome in said if outcome is not None}


def language_of(text: str) -> Language | None:
    """The language of messages that a code stands for; None if there are none in it."""
    code = text.strip().lower()
    return _LANGUAGES.get(code) or _LANGUAGES.get(re.split("[-_]", code, maxsplit=1)[0])


def ct_value(text: str) -> float | None:
    """A cycle threshold from 1 to 50; None if it is none."""
    if not _CT.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    low, high = _CT_RANGE
    return value if low <= value <= high else None


def lineage_name(draft: Draft) -> str | None:
    """The lineage that was told, if the disease has lineages and it has the form of one."""
    disease = disease_of_loinc(draft.loinc or "")
    if disease is None or disease.lineage is None or not draft.lineage:
        return None
    return disease.lineage.name_of(draft.lineage)


def screening_period(draft: Draft) -> ScreeningPeriod | None:
    """What was to be screened for on the day of the sampling; None if nothing was."""
    disease = disease_of_loinc(draft.loinc or "")
    if disease is None or disease.screening is None or draft.sampled_at is None:
        return None
    return disease.screening.asked_on(draft.sampled_at.at.astimezone(FRANCE).date())


def screening(pairs: tuple[tuple[str, str], ...]) -> VariantScreening | None:
    """Variant screening in the order of its letters; None if a pair is not in the notation."""
    letters = [letter for letter, _ in pairs]
    known = _LETTERS.issuperset(letters) and all(figure in _FIGURES for _, figure in pairs)
    if not known or len(set(letters)) < len(letters):
        return None
    return VariantScreening(findings=tuple(sorted(pairs)))
