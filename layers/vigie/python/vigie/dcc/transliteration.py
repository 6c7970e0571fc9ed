"""Names as in a machine-readable zone: `A` to `Z` and `<`.

Source: ICAO Doc 9303 part 3, section 6.A (Latin letters) and part 3, section 4.6
(apostrophes and other punctuation are left out; hyphens and spaces become `<`).
For letters with more than one legal answer (Ä: AE or A) it is the first in that table.
"""

import unicodedata

from vigie.dcc.errors import EncodingError

NAME_LENGTH = 80

# Only what decomposition does not give; É, Ç, Ñ, Š and their kind lose their mark.
_LETTERS = {
    "Ä": "AE",
    "Å": "AA",
    "Æ": "AE",
    "Ð": "D",
    "Ö": "OE",
    "Ø": "OE",
    "Ü": "UE",
    "Þ": "TH",
    "ẞ": "SS",
    "Đ": "D",
    "Ħ": "H",
    "Ł": "L",
    "Ŋ": "N",
    "Œ": "OE",
    "Ŧ": "T",
}
_FILLER = "<"
_SEPARATORS = frozenset("-/‐‑‒–—")  # noqa: RUF001 - the dashes that keyboards and files put between names


def transliterate(name: str) -> str:
    """Transliterate one part of a name (family or given names), cut to 80 characters.

    Raises:
        EncodingError: `name-script` if a letter is not Latin.
    """
    folded = unicodedata.normalize("NFC", name).upper()
    text = "".join([_transliterated(character) for character in folded])
    parts = [part for part in text.split(_FILLER) if part]
    return _FILLER.join(parts)[:NAME_LENGTH].rstrip(_FILLER)


def _transliterated(character: str) -> str:
    if "A" <= character <= "Z":
        return character
    if character in _LETTERS:
        return _LETTERS[character]
    if character.isspace() or character in _SEPARATORS:
        return _FILLER
    letters = [part for part in unicodedata.normalize("NFKD", character) if part.isalpha()]
    # Modifier letters stand for apostrophes and are left out as these are.
    letters = [part for part in letters if unicodedata.category(part) != "Lm"]
    return "".join([_base_letter(part.upper()) for part in letters])


def _base_letter(letter: str) -> str:
    if letter in _LETTERS:
        return _LETTERS[letter]
    if len(letter) != 1 or not "A" <= letter <= "Z":
        raise EncodingError("name-script", "a letter of the name is not Latin")
    return letter
