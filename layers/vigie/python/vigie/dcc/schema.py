"""The DCC schema 1.3.0 as a check of certificates that others issued.

Source: eu-dcc-schema 1.3.0, DCC.combined-schema.json. As in JSON Schema, `format`
(date, date-time) and the value sets are annotations and are not checked. From 1.3.2 on,
which a certificate says in `ver`, either name alone is enough.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from vigie.dcc.cwt import Plain

GROUPS = ("v", "t", "r")
_MAX_LENGTH = 80
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){2}")
# The first version in which `gnt` may stand without `fnt`.
_EITHER_NAME = (1, 3, 2)
_ABSENT = object()


class _Text(NamedTuple):
    """What a text must be like.

    Attributes:
        max_length: in code points.
        search: for what must be found in it, if anything.
    """

    max_length: int = sys.maxsize
    search: Callable[[str], object] | None = None


def faults(certificate: Mapping[str, Plain]) -> tuple[str, ...]:
    """The rules that a certificate breaks, each as `place: rule`; empty if it is valid."""
    return tuple(_certificate_faults(certificate))


def groups(certificate: Mapping[str, Plain]) -> tuple[str, ...]:
    """The groups of entries that a certificate has: `v`, `t`, `r`."""
    return tuple(group for group in GROUPS if certificate.get(group) is not None)


def _certificate_faults(certificate: Mapping[str, Plain]) -> Iterator[str]:
    yield from _object_faults(certificate, "", _TOP, _TOP_REQUIRED)
    name = certificate.get("nam")
    if isinstance(name, dict):
        yield from _object_faults(name, "nam/", _NAME, _required_names(certificate, name))
    else:
        yield "nam: required" if "nam" not in certificate else "nam: type"
    if len(_GROUP_KEYS & certificate.keys()) != 1:
        yield "v|t|r: exactly one"
    for group in GROUPS:
        if group in certificate:
            yield from _group_faults(certificate[group], group)


def _required_names(certificate: Mapping[str, Plain], name: Mapping[str, Plain]) -> frozenset[str]:
    if "fnt" in name or "gnt" not in name or _version(certificate.get("ver")) < _EITHER_NAME:
        return _NAME_REQUIRED
    return frozenset()


def _version(value: Plain) -> tuple[int, ...]:
    """The numbers of a version; none if it is none."""
    if not isinstance(value, str) or not _VERSION.fullmatch(value):
        return ()
    return tuple(int(number) for number in value.split("."))


def _group_faults(entries: Plain, group: str) -> Iterator[str]:
    if not isinstance(entries, list):
        yield f"{group}: type"
        return
    if len(entries) != 1:
        yield f"{group}: exactly one entry"
    for index, entry in enumerate(entries):
        place = f"{group}/{index}"
        if isinstance(entry, dict):
            yield from _object_faults(entry, f"{place}/", _ENTRIES[group], _REQUIRED[group])
        else:
            yield f"{place}: type"


def _object_faults(
    value: Mapping[str, Plain],
    prefix: str,
    fields: Mapping[str, _Text | None],
    required: frozenset[str],
) -> Iterator[str]:
    """Judge each field: a text, or where `fields` has None a count."""
    for key, text in fields.items():
        item = value.get(key, _ABSENT)
        if item is _ABSENT:
            fault = "required" if key in required else ""
        elif text is None:
            fault = _count_fault(item)
        elif not isinstance(item, str):
            fault = "type"
        elif len(item) > text.max_length:
            fault = "maxLength"
        else:
            fault = "" if text.search is None or text.search(item) else "pattern"
        if fault:
            yield f"{prefix}{key}: {fault}"


def _count_fault(value: object) -> str:
    # JSON Schema counts 1.0 as an integer.
    if isinstance(value, bool) or not (
        isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    ):
        return "type"
    return "" if value >= 1 else "minimum"


def _matching(pattern: str, max_length: int = sys.maxsize) -> _Text:
    return _Text(max_length, re.compile(pattern).search)


_GROUP_KEYS = frozenset(GROUPS)
_ANY = _Text()
_SHORT = _Text(_MAX_LENGTH)
_TRANSLITERATED = _matching(r"^[A-Z<]*$", _MAX_LENGTH)
_TOP = {"ver": _matching(r"^\d+.\d+.\d+$"), "dob": _matching(r"^((19|20)\d\d(-\d\d){0,2}){0,1}$")}
_TOP_REQUIRED = frozenset(_TOP)
_NAME = {"fn": _SHORT, "fnt": _TRANSLITERATED, "gn": _SHORT, "gnt": _TRANSLITERATED}
_NAME_REQUIRED = frozenset({"fnt"})
_SHARED = {"tg": _ANY, "co": _matching(r"[A-Z]{1,10}"), "is": _SHORT, "ci": _SHORT}
_ENTRIES: Mapping[str, Mapping[str, _Text | None]] = {
    "v": _SHARED | {"vp": _ANY, "mp": _ANY, "ma": _ANY, "dn": None, "sd": None, "dt": _ANY},
    "t": _SHARED | {"tt": _ANY, "nm": _SHORT, "ma": _ANY, "sc": _ANY, "tr": _ANY, "tc": _SHORT},
    "r": _SHARED | {"fr": _ANY, "df": _ANY, "du": _ANY},
}
_REQUIRED = {
    "v": frozenset(_ENTRIES["v"]),
    "t": frozenset(_ENTRIES["t"]) - {"nm", "ma", "tc"},
    "r": frozenset(_ENTRIES["r"]),
}
