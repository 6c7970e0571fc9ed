"""Text that the fonts of the page have letters for."""

import re
import unicodedata

# What Noto Sans and Noto Sans Arabic hold of Latin, Greek, Cyrillic and Arabic, with combining
# marks, punctuation and currencies. No control characters, nor those that turn the direction.
_UNKNOWN = re.compile(
    "[^ -~\u00a1-\u00ac\u00ae-\u024f\u0300-\u036f\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c"
    "\u038e-\u03a1\u03a3-\u03e1\u03f0-\u03ff\u0400-\u052f\u060c\u061b\u061f\u0621-\u065f\u0660-\u06d3"
    "\u06d5\u06e5-\u06e9\u06ee-\u06ff\u1e00-\u1eff\u2010-\u2014\u2018-\u201a\u201c-\u201e"
    "\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac]"
)
_BLANK = re.compile(r"\s+")
_ZERO_WIDTH_SPACE = "\u200b"


def printable(text: str) -> str:
    """A text in NFC on one line, with `?` for each character that there is no letter for."""
    normalised = _BLANK.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return _UNKNOWN.sub("?", normalised)


def wrapped(text: str, longest: int) -> str:
    """A printable text that may break within words of more than `longest` characters.

    Pieces are a quarter shorter than that, since wide letters take more room.
    """
    length = longest * 3 // 4

    def pieces(word: re.Match[str]) -> str:
        starts = range(0, len(word[0]), length)
        return _ZERO_WIDTH_SPACE.join(word[0][start : start + length] for start in starts)

    return re.sub(rf"\S{{{longest + 1},}}", pieces, text)
