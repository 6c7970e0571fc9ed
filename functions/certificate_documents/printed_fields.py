"""What the page says of a certificate: fields with their official labels, in words.

Labels are those of Regulation (EU) 2021/953, annex, in French and in English. Codes are called as
the value sets in force call them, in English, and in French where the list is closed.
"""

from __future__ import annotations

import json
import re
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.dcc.value_sets import SetId
from vigie.model import Frozen
from vigie.printing.printed_text import printable, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.dcc.cwt import Claims, Plain
    from vigie.dcc.value_sets import ValueSets

# How long a word may be in either place and not be broken.
_LONGEST_OF_HOLDER = 32
_LONGEST_OF_ENTRY = 16
_OTHER_SCRIPTS = re.compile("[\u0370-\u1dff]")
_WORDS = Path(__file__).parent / "printed" / "words.json"
_SETS = {
    "tg": SetId.DISEASE,
    "vp": SetId.PROPHYLAXIS,
    "mp": SetId.PRODUCT,
    "v.ma": SetId.HOLDER,
    "tt": SetId.TEST_KIND,
    "t.ma": SetId.DEVICE,
    "tr": SetId.TEST_RESULT,
    "v.co": SetId.COUNTRY,
    "t.co": SetId.COUNTRY,
    "r.co": SetId.COUNTRY,
}
# The order of the regulation; a key with a dot is the field of that group.
_ORDER = {
    "v": ("tg", "vp", "mp", "v.ma", "dn", "dt", "v.co", "is", "exp"),
    "t": ("tg", "tt", "nm", "t.ma", "sc", "tr", "tc", "t.co", "is", "exp"),
    "r": ("tg", "fr", "r.co", "df", "du", "is", "exp"),
}


class Words(Frozen):
    """The same in French and in English."""

    fr: str
    en: str


class Notice(Frozen):
    """A paragraph with its heading."""

    heading: Words
    text: Words


class PrintedWords(Frozen):
    """All words of the page; see `printed/words.json`.

    Attributes:
        heading: of every certificate.
        kinds: what a certificate is called, by its group (`v`, `t`, `r`).
        entry_headings: above the fields, by group.
        columns: of the table of fields.
        code: what the QR code is, for who cannot see it.
        holder: labels of the fields beside the code.
        fields: labels of the others.
        values: codes of closed lists, in French.
        unknown_birth_date: in place of one that is not known at all.
        notices: what the regulation wants said.
        advice: how to use the page.
    """

    heading: Words
    kinds: dict[str, Words]
    entry_headings: dict[str, Words]
    columns: tuple[Words, Words]
    code: Words
    holder: dict[str, Words]
    fields: dict[str, Words]
    values: dict[str, str]
    unknown_birth_date: str
    notices: tuple[Notice, ...]
    advice: tuple[Notice, ...]


class PrintedField(Frozen):
    """A label and what stands beside it."""

    label: Words
    value: str


@cache
def words() -> PrintedWords:
    """The words of the page."""
    return PrintedWords.model_validate(json.loads(_WORDS.read_text(encoding="utf-8")))


def group_of(certificate: Mapping[str, Plain]) -> str:
    """`v`, `t` or `r`: which kind of entry a certificate holds."""
    return next(group for group in _ORDER if certificate.get(group))


def entry_of(certificate: Mapping[str, Plain]) -> Mapping[str, Plain]:
    """The entry of a certificate."""
    entries = certificate[group_of(certificate)]
    entry = entries[0] if isinstance(entries, list) else None
    return entry if isinstance(entry, dict) else {}


def holder_fields(certificate: Mapping[str, Plain]) -> tuple[PrintedField, ...]:
    """Name, also in Latin letters if it has others, birth date as far as known, and UVCI."""
    texts = words()
    name = _name(certificate, "fn", "gn")
    latin = _name(certificate, "fnt", "gnt").replace("<", " ")
    values = {
        "name": name or latin,
        "latin_name": latin if _OTHER_SCRIPTS.search(name) else "",
        "birth_date": str(certificate.get("dob") or texts.unknown_birth_date),
        "uvci": str(entry_of(certificate).get("ci", "")),
    }
    return tuple(
        PrintedField(label=texts.holder[key], value=wrapped(printable(value), _LONGEST_OF_HOLDER))
        for key, value in values.items()
        if value
    )


def _name(certificate: Mapping[str, Plain], family: str, given: str) -> str:
    name = certificate.get("nam")
    parts = (name.get(family), name.get(given)) if isinstance(name, dict) else ()
    return " ".join(str(part) for part in parts if part)


def entry_fields(claims: Claims, value_sets: ValueSets) -> tuple[PrintedField, ...]:
    """The fields of the entry, in the order of the regulation; those that it lacks are left out."""
    group, entry, texts = group_of(claims.certificate), entry_of(claims.certificate), words()
    said = {key: _value(key, entry, claims, value_sets) for key in _ORDER[group]}
    return tuple(
        PrintedField(label=texts.fields[key], value=wrapped(printable(value), _LONGEST_OF_ENTRY))
        for key, value in said.items()
        if value
    )


def _value(
    key: str, entry: Mapping[str, Plain], claims: Claims, value_sets: ValueSets
) -> str | None:
    if key == "exp":
        until = claims.expires_at
        return None if until is None else until.astimezone(UTC).date().isoformat()
    given = entry.get(key.rpartition(".")[2])
    if given is None:
        return None
    if key == "dn":
        return f"{given!s} / {entry.get('sd')!s}"
    if key == "sc":
        return _moment(str(given))
    return _called(key, str(given), value_sets)


def _called(key: str, code: str, value_sets: ValueSets) -> str:
    """What a code is called; a text or a code that no list has is given as it is."""
    if key not in _SETS:
        return code
    display = value_sets[_SETS[key]].display(code) or code
    french = words().values.get(code)
    return display if french is None else f"{french} / {display}"


def _moment(instant: str) -> str:
    """ISO 8601 as people read it: `2026-11-22 12:00 UTC`."""
    day, _, time = instant.partition("T")
    return f"{day} {time[:5]} UTC" if instant.endswith("Z") else f"{day} {time}"
