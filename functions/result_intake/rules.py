"""From a draft to an item: what the table of rules makes of it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from result_intake.conclusion import result_of
from result_intake.draft import Draft
from result_intake.rule_table import RULES, Question, Rule
from vigie.model import trusted
from vigie.results.reading import Breach, Envelope, Item, Level
from vigie.results.test_result import TestResult


class _Asked(NamedTuple):
    """What is asked of one field: code and question of each rule, in the order of the table."""

    field: str
    of_absent: tuple[tuple[str, Question], ...]
    of_present: tuple[tuple[str, Question], ...]


def _asked(field: str, rules: Iterable[Rule]) -> _Asked:
    absent: dict[bool, list[tuple[str, Question]]] = {True: [], False: []}
    for rule in rules:
        if rule.breaks:
            absent[rule.of_absent].append((rule.code, rule.breaks))
    return _Asked(field, tuple(absent[True]), tuple(absent[False]))


_ASKED = tuple(_asked(*each) for each in groupby(RULES.values(), attrgetter("field")) if each[0])
_VALUES = attrgetter(*(asked.field for asked in _ASKED))


def conclude(draft: Draft, *, now: datetime) -> tuple[TestResult | None, tuple[Breach, ...]]:
    """What a draft comes to: the test if no error forbids it, and every rule it breaks.

    Args:
        draft: as its format read it.
        now: the present, aware.
    """
    at_fault = {fault.field for fault in draft.faults}
    breaches = [breach(fault.code, fault.place) for fault in draft.faults]
    for value, (field, of_absent, of_present) in zip(_VALUES(draft), _ASKED, strict=True):
        for code, breaks in of_present if value else of_absent:
            if breaks(draft, now) and field not in at_fault:
                breaches.append(breach(code, draft.place_of(field)))
    if any(each.level is Level.ERROR for each in breaches):
        return None, tuple(breaches)
    return result_of(draft), tuple(breaches)


def broken(draft: Draft, fields: Collection[str], *, now: datetime) -> list[Rule]:
    """The rules of some fields that a draft breaks, in the order of the table.

    Args:
        draft: without faults.
        fields: of the draft.
        now: the present, aware.
    """
    return [
        RULES[code]
        for value, (field, of_absent, of_present) in zip(_VALUES(draft), _ASKED, strict=True)
        if field in fields
        for code, breaks in (of_present if value else of_absent)
        if breaks(draft, now)
    ]


def conclude_item(draft: Draft, *, now: datetime, envelope: Envelope | None = None) -> Item:
    """The item that a draft comes to."""
    result, breaches = conclude(draft, now=now)
    return trusted(
        Item,
        {
            "ordinal": draft.ordinal,
            "place": draft.place,
            "result": result,
            "breaches": breaches,
            "test_mode": draft.test_mode,
            "envelope": envelope,
        },
    )


def rejected_item(
    code: str,
    *,
    ordinal: str,
    place: str,
    test_mode: bool = False,
    envelope: Envelope | None = None,
) -> Item:
    """An item of which nothing could be read, with the rule that says why."""
    return Item(
        ordinal=ordinal,
        place=place,
        result=None,
        breaches=(breach(code, place),),
        test_mode=test_mode,
        envelope=envelope,
    )


def breach(code: str, place: str) -> Breach:
    """A rule of the table, broken at a place."""
    rule = RULES[code]
    return trusted(
        Breach, {"code": rule.code, "level": rule.level, "place": place, "message": rule.message}
    )
