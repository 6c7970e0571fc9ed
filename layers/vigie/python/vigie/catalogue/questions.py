"""Questions asked at order entry, which laboratories send as observations: they are no tests."""

import json
from functools import cache
from importlib.resources import files

from vigie.model import Frozen


class Questions(Frozen):
    """The questions that are known.

    Attributes:
        notice: where the codes come from.
        loinc: their codes.
    """

    notice: str
    loinc: frozenset[str]


@cache
def questions() -> Questions:
    """The questions as the catalogue's file has them."""
    entry = files(__package__) / "questions.json"
    return Questions.model_validate(json.loads(entry.read_text(encoding="utf-8")))


def is_question(loinc: str) -> bool:
    """Whether a LOINC code asks about the person or the order, and is no test."""
    return loinc in questions().loinc
