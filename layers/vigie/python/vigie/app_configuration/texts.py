"""What the app says, by language."""

import re
from string import Formatter
from typing import Annotated

from pydantic import Field, model_validator

from vigie.app_configuration.part import Part

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
TextName = Annotated[
    str, Field(pattern=r"^[a-z][A-Za-z0-9-]*(\.[a-z][A-Za-z0-9-]*)*$", max_length=80)
]
Text = Annotated[str, Field(min_length=1, max_length=1000)]

# What the app fills in.
FIELDS = frozenset({"date", "days", "phone"})
# What whoever wrote a text meant to come back to.
_UNFINISHED = re.compile(
    r"\b(todo|tbd|tbc|fixme|xxx+|lorem ipsum|à (compléter|traduire|définir))\b"
    r"|\?\?\?|\.\.\.\.|<[^>]*>|\[[^\]]*\]|\$\{",
    re.IGNORECASE,
)


class Texts(Part):
    """The texts of the app.

    Attributes:
        fallback: the language of whatever another language does not have; it has all.
        languages: texts by name, by language.
    """

    fallback: Language
    languages: dict[Language, dict[TextName, Text]] = Field(min_length=1, max_length=60)

    @model_validator(mode="after")
    def _consistent(self) -> "Texts":
        whole = self.languages.get(self.fallback)
        if whole is None:
            raise ValueError("the fallback language has no texts")
        for language, texts in self.languages.items():
            for name, text in texts.items():
                if name not in whole:
                    raise ValueError(f"{language}: {name} is not in the fallback language")
                if fault := _fault(text):
                    raise ValueError(f"{language}: {name} {fault}")
                if fields(text) != fields(whole[name]):
                    raise ValueError(f"{language}: {name} has other fields than the fallback")
        return self

    def falling_back(self) -> dict[str, list[str]]:
        """The names of the texts that a language does not have, by language."""
        whole = set(self.languages[self.fallback])
        missing = {one: sorted(whole - set(texts)) for one, texts in self.languages.items()}
        return {language: names for language, names in missing.items() if names}


def fields(text: str) -> set[str]:
    """The names in braces that the app fills in.

    Raises:
        ValueError: a brace stands alone.
    """
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _fault(text: str) -> str:
    """What is wrong with a text; empty if nothing is."""
    if text != text.strip() or not text.replace("\n", "").isprintable():
        return "has blanks at an end, or characters that cannot be shown"
    if _UNFINISHED.search(text):
        return "is not finished"
    try:
        return "" if fields(text) <= FIELDS else "has a field that the app does not fill"
    except ValueError:
        return "has a brace that stands alone"
