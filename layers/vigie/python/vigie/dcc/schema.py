"""The DCC schema 1.3.0 as a check of certificates that others issued.

Source: eu-dcc-schema 1.3.0, DCC.combined-schema.json. As in JSON Schema, `format`
(date, date-time) and the value sets are annotations and are not checked.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from vigie.dcc.cwt import Plain

Check: TypeAlias = Callable[[Plain], str]

GROUPS = ("v", "t", "r")
_MAX_LENGTH = 80


def faults(certificate: Mapping[str, Plain]) -> tuple[str, ...]:
    """The rules that a certificate breaks, each as `place: rule`; empty if it is valid."""
    return tuple(_certificate_faults(certificate))


def groups(certificate: Mapping[str, Plain]) -> tuple[str, ...]:
    """The groups of entries that a certificate has: `v`, `t`, `r`."""
    return tuple(group for group in GROUPS if certificate.get(group) is not None)


def _certificate_faults(certificate: Mapping[str, Plain]) -> Iterator[str]:
    for key, check in (("ver", _text(r"^\d+.\d+.\d+$")), ("dob", _text(_BIRTH_DATE))):
        yield from _value_faults(certificate, key, key, check)
    name = certificate.get("nam")
    if isinstance(name, dict):
        yield from _object_faults(name, "nam", _NAME, frozenset({"fnt"}))
    else:
        yield "nam: required" if "nam" not in certificate else "nam: type"
    if sum(group in certificate for group in GROUPS) != 1:
        yield "v|t|r: exactly one"
    for group in GROUPS:
        if group in certificate:
            yield from _group_faults(certificate[group], group)


def _group_faults(entries: Plain, group: str) -> Iterator[str]:
    if not isinstance(entries, list):
        yield f"{group}: type"
        return
    if len(entries) != 1:
        yield f"{group}: exactly one entry"
    for index, entry in enumerate(entries):
        place = f"{group}/{index}"
        if isinstance(entry, dict):
            required = frozenset(_ENTRIES[group]) - _OPTIONAL[group]
            yield from _object_faults(entry, place, _ENTRIES[group], required)
        else:
            yield f"{place}: type"


def _object_faults(
    value: Mapping[str, Plain], place: str, checks: Mapping[str, Check], required: frozenset[str]
) -> Iterator[str]:
    for key, check in checks.items():
        if key in value or key in required:
            yield from _value_faults(value, key, f"{place}/{key}", check)


def _value_faults(value: Mapping[str, Plain], key: str, place: str, check: Check) -> Iterator[str]:
    fault = check(value[key]) if key in value else "required"
    if fault:
        yield f"{place}: {fault}"


def _text(pattern: str = "", max_length: int | None = None) -> Check:
    expression = re.compile(pattern)

    def check(value: Plain) -> str:
        if not isinstance(value, str):
            return "type"
        if max_length is not None and len(value) > max_length:
            return "maxLength"
        return "" if expression.search(value) else "pattern"

    return check


def _positive(value: Plain) -> str:
    # JSON Schema counts 1.0 as an integer.
    if isinstance(value, bool) or not (
        isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    ):
        return "type"
    return "" if value >= 1 else "minimum"


_BIRTH_DATE = r"^((19|20)\d\d(-\d\d){0,2}){0,1}$"
_ANY = _text()
_SHORT = _text(max_length=_MAX_LENGTH)
_TRANSLITERATED = _text(r"^[A-Z<]*$", _MAX_LENGTH)
_NAME = {"fn": _SHORT, "fnt": _TRANSLITERATED, "gn": _SHORT, "gnt": _TRANSLITERATED}
_SHARED = {"tg": _ANY, "co": _text(r"[A-Z]{1,10}"), "is": _SHORT, "ci": _SHORT}
_ENTRIES: Mapping[str, Mapping[str, Check]] = {
    "v": _SHARED
    | {"vp": _ANY, "mp": _ANY, "ma": _ANY, "dn": _positive, "sd": _positive, "dt": _ANY},
    "t": _SHARED | {"tt": _ANY, "nm": _SHORT, "ma": _ANY, "sc": _ANY, "tr": _ANY, "tc": _SHORT},
    "r": _SHARED | {"fr": _ANY, "df": _ANY, "du": _ANY},
}
_OPTIONAL = {"v": frozenset[str](), "t": frozenset({"nm", "ma", "tc"}), "r": frozenset[str]()}
