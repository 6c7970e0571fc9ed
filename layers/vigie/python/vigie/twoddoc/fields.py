"""The fields of the 2D-DOC of tests (B2) and vaccinations (L1).

Source: ANTS, "Spécifications techniques des codes à barres 2D-Doc", version 3.1.3 (2021).
A field is its two characters and its value. One of variable length ends with GS, or with
RS if it was cut; one of fixed length ends by itself.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from vigie.dcc.errors import DecodingError, EncodingError

GROUP_SEPARATOR = "\x1d"
RECORD_SEPARATOR = "\x1e"

_ID_LENGTH = 2
_LETTERS = r"[A-Z\-./ ]*"
_ALPHANUMERIC = r"[0-9A-Z\-./ ]*"
_DIGITS = r"[0-9]*"


class Field(NamedTuple):
    """What a field holds.

    Attributes:
        name: what it is.
        shortest: characters.
        longest: characters; as `shortest` for a fixed length.
        form: a regular expression for the value.
        is_code: whether half of it would be another one: it is never cut.
    """

    name: str
    shortest: int
    longest: int
    form: str
    is_code: bool = False

    @property
    def fixed(self) -> bool:
        """Whether it ends by itself."""
        return self.shortest == self.longest

    def holds(self, value: str) -> bool:
        """Whether a value has its length and form."""
        fits = self.shortest <= len(value) <= self.longest
        return fits and re.fullmatch(self.form, value) is not None


TEST, VACCINATION = "B2", "L1"
# In the order in which they are written, which readers count on.
FIELDS: Mapping[str, Mapping[str, Field]] = {
    TEST: {
        "F0": Field("given names", 0, 60, _LETTERS),
        "F1": Field("family name", 0, 38, _LETTERS),
        "F2": Field("date of birth", 8, 8, _DIGITS),
        "F3": Field("sex", 1, 1, r"[FMU]"),
        "F4": Field("LOINC code", 3, 7, _ALPHANUMERIC, is_code=True),
        "F5": Field("result", 1, 1, r"[PNIX]"),
        "F6": Field("sampled at", 12, 12, _DIGITS),
    },
    VACCINATION: {
        "L0": Field("family name", 0, 80, _LETTERS),
        "L1": Field("given names", 0, 80, _LETTERS),
        "L2": Field("date of birth", 8, 8, _DIGITS),
        "L3": Field("disease", 0, 30, _ALPHANUMERIC),
        "L4": Field("prophylaxis (ATC)", 5, 15, _ALPHANUMERIC, is_code=True),
        "L5": Field("vaccine", 5, 30, _ALPHANUMERIC),
        "L6": Field("maker", 5, 30, _ALPHANUMERIC),
        "L7": Field("doses given", 1, 1, _DIGITS),
        "L8": Field("doses of the course", 1, 1, _DIGITS),
        "L9": Field("last dose on", 8, 8, _DIGITS),
        "LA": Field("state of the course", 2, 2, r"CO|TE"),
    },
}


def write(document_type: str, values: Mapping[str, str]) -> str:
    """Write all fields of a document; what is too long is cut where it may be.

    Raises:
        EncodingError: `2d-doc-field` if a value has no place in its field, naming it.
        KeyError: a field is missing.
    """
    return "".join(
        [_written(key, field, values[key]) for key, field in FIELDS[document_type].items()]
    )


def _written(key: str, field: Field, value: str) -> str:
    kept = value if field.fixed or field.is_code else value[: field.longest]
    if not field.holds(kept):
        raise EncodingError("2d-doc-field", f"{key}: not a value of the field")
    if field.fixed:
        return f"{key}{kept}"
    return f"{key}{kept}{GROUP_SEPARATOR if kept == value else RECORD_SEPARATOR}"


def read(document_type: str, text: str) -> dict[str, str]:
    """Read the fields of a document, in the order that they stand in.

    Raises:
        DecodingError: `2d-doc-type` if the type is none of those here, `2d-doc-field` if a
            field is unknown, stands twice, is missing, or holds no value of its kind.
    """
    known = FIELDS.get(document_type)
    if known is None:
        raise DecodingError("2d-doc-type", "the fields of this type of document are not known")
    values: dict[str, str] = {}
    for key, value in _read(known, text):
        if key in values:
            raise DecodingError("2d-doc-field", f"{key}: stands twice")
        values[key] = value
    missing = [key for key in known if key not in values]
    if missing:
        raise DecodingError("2d-doc-field", f"{missing[0]}: missing")
    return values


def _read(known: Mapping[str, Field], text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        key = text[place : place + _ID_LENGTH]
        field = known.get(key)
        if field is None:
            raise DecodingError("2d-doc-field", f"character {place}: no field of this document")
        value = _value(field, text[place + _ID_LENGTH :])
        if not field.holds(value):
            raise DecodingError("2d-doc-field", f"{key}: not a value of the field")
        yield key, value
        place += _ID_LENGTH + len(value)
        # A field that is as long as it may be can do without its separator.
        if not field.fixed and text[place : place + 1] in {GROUP_SEPARATOR, RECORD_SEPARATOR}:
            place += 1


def _value(field: Field, rest: str) -> str:
    if field.fixed:
        return rest[: field.longest]
    return re.split(f"[{GROUP_SEPARATOR}{RECORD_SEPARATOR}]", rest, maxsplit=1)[0][: field.longest]
