"""Names as in a machine-readable zone: `A` to `Z` and `<`.

Source: ICAO Doc 9303 part 3, section 6 (Latin, Cyrillic and Arabic letters) and section
4.6 (apostrophes and other punctuation are left out; hyphens and spaces become `<`), and
ISO 843 for Greek; the tables, with their sources, are in `transliteration.json`. Of a
letter with more than one legal answer (Ä: AE or A) it is the first in its table.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from vigie.dcc.errors import EncodingError
from vigie.model import Frozen

NAME_LENGTH = 80

_FILLER = "<"
# What parts a name: spaces, and the hyphens and dashes that keyboards and files put between.
_SEPARATORS = re.compile(r"[\s<\-/\u2010-\u2014]+")
_DIAERESIS = "\N{COMBINING DIAERESIS}"


class _Alphabet(Frozen):
    letters: dict[str, str]


class _Arabic(_Alphabet):
    final: dict[str, str]
    doubling: str


class _Greek(_Alphabet):
    pairs: dict[str, str]
    at_the_edge: dict[str, str]
    before_voiced: dict[str, str]
    before_others: dict[str, str]
    voiced: str


class _Tables(Frozen):
    latin: _Alphabet
    cyrillic: _Alphabet
    arabic: _Arabic
    greek: _Greek

    @property
    def letters(self) -> dict[str, str]:
        """All letters, of whichever script."""
        scripts: tuple[_Alphabet, ...] = (self.latin, self.cyrillic, self.arabic, self.greek)
        return {key: answer for script in scripts for key, answer in script.letters.items()}


class _Letter(NamedTuple):
    """A letter without its marks, and the marks on it."""

    base: str
    marks: str


def transliterate(name: str) -> str:
    """Transliterate one part of a name (family or given names), cut to 80 characters.

    Raises:
        EncodingError: `name-script` if a letter is in no table.
    """
    words = _SEPARATORS.split(unicodedata.normalize("NFC", name).upper())
    parts = [part for part in map(_word, words) if part]
    return _FILLER.join(parts)[:NAME_LENGTH].rstrip(_FILLER)


def _word(word: str) -> str:
    letters = list(_letters(word))
    written = []
    place = 0
    while place < len(letters):
        pair = _greek_pair(letters, place)
        written.append(pair or _letter(letters[place], last=place == len(letters) - 1))
        place += 2 if pair else 1
    return "".join(written)


def _letters(word: str) -> Iterator[_Letter]:
    base, marks = "", ""
    for character in unicodedata.normalize("NFD", word):
        category = unicodedata.category(character)
        if category == "Mn":
            marks += character
        # Modifier letters stand for apostrophes and are left out as these are.
        elif character.isalpha() and category != "Lm":
            if base:
                yield _Letter(base, marks)
            base, marks = character, ""
    if base:
        yield _Letter(base, marks)


def _letter(letter: _Letter, *, last: bool) -> str:
    tables, known = _tables()
    composed = unicodedata.normalize("NFC", letter.base + letter.marks)[0]
    if last and composed in tables.arabic.final:
        return tables.arabic.final[composed]
    answer = known.get(composed)
    if answer is None:
        answer = _base(letter.base, known)
    return answer * 2 if tables.arabic.doubling in letter.marks else answer


def _base(base: str, known: dict[str, str]) -> str:
    if "A" <= base <= "Z":
        return base
    if base in known:
        return known[base]
    compatible = unicodedata.normalize("NFKD", base).upper()
    if compatible == base:
        raise EncodingError("name-script", "a letter of the name is in no table")
    return "".join([_letter(each, last=False) for each in _letters(compatible)])


def _greek_pair(letters: list[_Letter], place: int) -> str | None:
    """What two Greek letters give together; None if they are no such pair."""
    if place + 1 >= len(letters):
        return None
    first, second = letters[place], letters[place + 1]
    # An accent on the first letter or a diaeresis on the second parts them.
    if first.marks or _DIAERESIS in second.marks:
        return None
    greek = _tables()[0].greek
    pair = first.base + second.base
    if pair in greek.before_voiced:
        following = letters[place + 2].base if place + 2 < len(letters) else ""
        voiced = following != "" and following in greek.voiced
        return greek.before_voiced[pair] if voiced else greek.before_others[pair]
    if pair in greek.at_the_edge and (place == 0 or place + 2 == len(letters)):
        return greek.at_the_edge[pair]
    return greek.pairs.get(pair)


@cache
def _tables() -> tuple[_Tables, dict[str, str]]:
    text = (files(__package__) / "transliteration.json").read_text("utf-8")
    tables = _Tables.model_validate(json.loads(text))
    return tables, tables.letters
