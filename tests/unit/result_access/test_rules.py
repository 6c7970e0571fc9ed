"""Words for every case, the language of an answer, and what opens a link."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from result_access.wording import ANY_DISEASE, wording
from vigie.access.birth_date import birth_date_opens
from vigie.access.language import preferred_language
from vigie.certificates.kind import CertificateKind
from vigie.results.codes import Language, Method, Outcome
from vigie.results.shown_outcome import Standing

DATES = st.dates().map(lambda date: f"{date:%Y-%m-%d}".rjust(10, "0"))


@given(DATES, DATES)
def test_only_the_same_day_opens(entered: str, kept: str) -> None:
    assert birth_date_opens(entered, kept) is (entered == kept)


@given(DATES, st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10]))
def test_the_known_part_must_be_entered(day: str, entered: int, kept: int) -> None:
    assert birth_date_opens(day[:entered], day[:kept]) is (entered >= kept)


def test_an_unknown_part_may_be_written_as_zeros() -> None:
    assert birth_date_opens("1980-05-12", "1980-05-00")
    assert birth_date_opens("1980", "1980-00-00")
    assert not birth_date_opens("1981", "1980-00-00")


@pytest.mark.parametrize(
    ("header", "written_in", "expected"),
    [
        ("en-GB,en;q=0.9,fr;q=0.8", None, "en"),
        ("fr;q=0.3, en;q=0.7", None, "en"),
        ("de-DE, FR-be;q=0.1", Language.ENGLISH, "fr"),
        ("en;q=0, fr;q=0", Language.ENGLISH, "en"),
        ("en;q=x", None, "fr"),
        ("*", Language.ENGLISH, "en"),
        ("", None, "fr"),
        (None, Language.ENGLISH, "en"),
        ("x" * 10000, None, "fr"),
    ],
)
def test_the_language_of_an_answer(
    header: str | None, written_in: Language | None, expected: str
) -> None:
    assert preferred_language(header, written_in) == expected


@given(st.text())
def test_any_header_gives_a_language(header: str) -> None:
    assert preferred_language(header, None) in Language


@pytest.mark.parametrize("language", list(Language))
def test_there_are_words_for_everything(language: Language) -> None:
    words = wording(language)
    assert set(words.methods) == set(Method)
    assert set(words.outcomes) == set(Outcome)
    assert set(words.standings) == set(Standing)
    assert set(words.certificates) == set(get_args(CertificateKind))
    for disease in words.advice:
        for outcome in Outcome:
            assert words.advice_for(disease).of(Standing.FINAL, outcome).steps
        for standing in (Standing.PRELIMINARY, Standing.WITHDRAWN):
            assert words.advice_for(disease).of(standing, None).steps
    assert words.advice_for("a disease to come") == words.advice[ANY_DISEASE]


def test_the_languages_say_the_same_things() -> None:
    french, english = (wording(language).model_dump() for language in Language)
    assert shape(french) == shape(english)


def shape(value: object) -> object:
    """The structure of a text file, without its texts."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list | tuple) else None
