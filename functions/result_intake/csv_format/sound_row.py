"""Rows that break no rule of level error, concluded without asking each rule of each cell.

Most rows of a file differ in the person, the number and the times only: the other cells are judged
once for each combination (`SharedCells`). Of the person's cells only what is plain is taken: names
of letters, whole dates of birth, numbers of ASCII. Any other row is left to the table of rules,
which all of this has to agree with: tests hold the two together, row by row and rule by rule.
"""

import re
from datetime import datetime
from operator import itemgetter
from typing import Final, NamedTuple

from result_intake.checks import AHEAD, EARLIEST, MAX_GIVEN_NAMES
from result_intake.contact_details import email_address
from result_intake.csv_format.header import Header
from result_intake.csv_format.row import RowReader
from result_intake.csv_format.shared_cells import GROUPS, SharedCells
from result_intake.reporting_values import ct_value
from result_intake.rule_table import RULES
from vigie.identifiers.ins import matricule_ins
from vigie.model import trusted
from vigie.person.identity import Contact, Identity
from vigie.person.phone import e164
from vigie.results.reading import Breach, Item, Level
from vigie.results.test_result import LocalId, TestResult

# What is looked at row by row, and every rule that is asked of it.
RULES_OF_ROWS: Final = {
    "accession": {"accession-missing", "accession-too-long"},
    "sub_id": {"sub-id-too-long"},
    "sampled_at": {
        "sampled-at-missing", "sampled-at-future", "sampled-at-too-early", "sampled-at-day-only",
        "sampled-at-without-zone", "sampled-after-reported", "sampled-just-after-reported",
    },
    "reported_at": {
        "reported-at-missing", "reported-at-future", "reported-at-without-zone",
        "reported-at-day-only",
    },
    "family_name": {
        "family-name-missing", "family-name-too-long", "family-name-without-letter",
        "family-name-with-digit",
    },
    "given_names": {
        "given-name-missing", "given-name-too-long", "given-name-without-letter",
        "given-name-with-digit",
    },
    "birth_date": {
        "birth-date-missing", "birth-date-out-of-range", "birth-date-after-sampling",
        "birth-date-partial",
    },
    "ins": {"ins-malformed", "ins-of-trial"},
    "email": {"email-malformed"},
    "phone": {"contact-missing", "phone-malformed"},
    "cycle_threshold": {"ct-malformed"},
    "variant": {
        "variant-malformed", "variant-letter-not-asked", "variant-letter-missing",
        "variant-despite-ct",
    },
    "lineage": {"lineage-malformed"},
    "other_names": {"other-name-malformed"},
    "order_token": {"order-token-malformed"},
}  # fmt: skip
# Fields that two columns may fill.
_PAIRS = ("sampled_at", "reported_at", "given_names")
_SINGLE = ("accession", "sub_id", "family_name", "birth_date", "ins", "email", "phone",
           "cycle_threshold")  # fmt: skip
# Rows where one of these is filled are left to the table of rules.
_RARE = ("variant", "lineage", "other_names", "order_token")
_LONGEST_ID, _LONGEST_NAME = 64, 80
# Letters of Latin-1 and Latin Extended-A, which are composed as they stand.
_LETTERS = "[A-Za-zÀ-ÖØ-öø-\u017f]+"
_PLAIN_NAME = re.compile(rf"{_LETTERS}(?:[ '-]{_LETTERS})*")
_FIRST_BIRTH, _WHOLE_DATE = "1800", len("2000-01-01")
# No sampling is before it: nobody born before is born after the sampling.
_LAST_BIRTH = f"{EARLIEST:%Y}"
# Of a file; they name nobody.
_REMEMBERED: Final = 32_768
_ORDER = {code: place for place, code in enumerate(RULES)}


class _Time(NamedTuple):
    """A time with its time of day: aware, UTC, and whether the sender told its zone."""

    at: datetime
    zoned: bool


class _Told(NamedTuple):
    """A broken rule, but for the line."""

    code: str
    level: Level
    message: str
    suffix: str


class SoundRows:
    """Concludes those rows of a file that it can.

    Args:
        header: of the file, not refused.
        rows: makes drafts of its lines.
        now: the present, aware.
    """

    def __init__(self, header: Header, rows: RowReader, now: datetime) -> None:
        self._rows = rows
        self._latest = now + AHEAD
        self._suffixes = header.suffixes
        self._usable = _usable(header)
        main, *others = (SharedCells(header, rows, fields, now) for fields in GROUPS)
        self._main, self._others = main, [each for each in others if each.present]
        at = header.fields
        # The cell after the last one is empty, and stands for every column that is not there.
        self._rare = [at[field][0] for field in _RARE if field in at]
        self._row = itemgetter(
            *(at.get(field, (-1,))[0] for field in _SINGLE),
            *(position for field in _PAIRS for position in (*at.get(field, ()), -1, -1)[:2]),
        )
        self._times: dict[str, _Time | None] = {}
        self._births: dict[str, str | None] = {}
        self._told: dict[tuple[str, ...], list[_Told]] = {}

    def conclude(  # noqa: C901, PLR0911 - each return is a reason to ask the table of rules
        self, cells: list[str], *, ordinal: str, place: str
    ) -> Item | None:
        """The item of a row; None where the table of rules has to be asked.

        Args:
            cells: as many as the header has.
            ordinal: of the item.
            place: of the item.
        """
        verdict = self._main.verdict(cells) if self._usable else None
        if verdict is None or any(cells[at].strip() for at in self._rare):
            return None
        values, codes = verdict.values.copy(), verdict.codes
        for group in self._others:
            other = group.verdict(cells)
            if other is None:
                return None
            values.update(other.values)
            codes += other.codes
        (
            accession, sub_id, family, birth, ins, email, phone, ct,
            sampled, or_sampled, reported, or_reported, given, more_given,
        ) = map(str.strip, self._row([*cells, ""]))  # fmt: skip
        if more_given:
            given = f"{given} {more_given}"
        sampled_at = self._time(sampled or or_sampled)
        reported_at = self._time(reported or or_reported)
        if sampled_at is None or reported_at is None or sampled_at.at > reported_at.at:
            return None
        birth_date = self._birth(birth)
        if birth_date is None or not (
            birth_date < _LAST_BIRTH or _was_born(birth_date, sampled_at)
        ):
            return None
        if not (
            accession
            and _is_id(accession)
            and _is_id(sub_id)
            and _is_name(family)
            and _is_name(given)
        ):
            return None
        matricule = matricule_ins(ins) if ins else None
        threshold = ct_value(ct) if ct else None
        given_names = tuple(given.split(" "))
        if (ins and not matricule) or (ct and not threshold) or len(given_names) > MAX_GIVEN_NAMES:
            return None
        address = email_address(email) if email else None
        number = e164(phone) if phone else None
        if not sampled_at.zoned:
            codes += ("sampled-at-without-zone",)
        if not reported_at.zoned:
            codes += ("reported-at-without-zone",)
        if address is None or number is None:
            codes += _of_contact(email, address, phone, number)
        values["local_id"] = trusted(
            LocalId,
            {
                "accession": accession,
                "loinc": values["local_id"].loinc,
                "sub_id": "" if sub_id == "1" else sub_id,
            },
        )
        values["sampled_at"] = sampled_at.at
        values["reported_at"] = reported_at.at
        values["cycle_threshold"] = threshold
        values["contact"] = trusted(Contact, {"email": address, "phone": number})
        values["identity"] = trusted(
            Identity,
            {
                "family_name": family,
                "given_names": given_names,
                "birth_date": birth_date,
                "other_names": (),
                "sex": verdict.sex,
                "ins": matricule,
            },
        )
        return trusted(
            Item,
            {
                "ordinal": ordinal,
                "place": place,
                "result": trusted(TestResult, values),
                "breaches": self._breaches(codes, place) if codes else (),
                "test_mode": verdict.test_mode,
                "envelope": None,
            },
        )

    def _time(self, text: str) -> _Time | None:
        """A time that breaks no rule but that it may lack a zone; None for any other."""
        try:
            return self._times[text]
        except KeyError:
            if len(self._times) >= _REMEMBERED:
                self._times.clear()
            moment = self._rows.time(text)
            sound = moment and moment.timed and EARLIEST <= moment.at <= self._latest
            found = self._times[text] = _Time(moment.at, moment.zoned) if moment and sound else None
            return found

    def _birth(self, text: str) -> str | None:
        """A whole date of birth that breaks no rule; None for any other."""
        try:
            return self._births[text]
        except KeyError:
            if len(self._births) >= _REMEMBERED:
                self._births.clear()
            day = self._rows.date(text) or ""
            sound = len(day) == _WHOLE_DATE and day >= _FIRST_BIRTH
            found = self._births[text] = day if sound else None
            return found

    def _breaches(self, codes: tuple[str, ...], place: str) -> tuple[Breach, ...]:
        told = self._told.get(codes)
        if told is None:
            told = self._told[codes] = [
                _Told(rule.code, rule.level, rule.message, self._suffixes.get(rule.field, ""))
                for rule in (RULES[code] for code in sorted(codes, key=_ORDER.__getitem__))
            ]
        return tuple(
            trusted(
                Breach, {"code": code, "level": level, "place": place + suffix, "message": message}
            )
            for code, level, message, suffix in told
        )


def _usable(header: Header) -> bool:
    """Whether every field is filled as is taken for granted here."""
    layout, shared = header.layout, {field for group in GROUPS for field in group}
    several = {field for field, at in header.fields.items() if len(at) > 1} - shared
    return (
        several <= set(_PAIRS)
        and all(len(at) <= 2 for at in header.fields.values())  # noqa: PLR2004 - pairs
        and {*layout.values, *layout.defaults} <= shared
        and header.fields.keys() <= shared | RULES_OF_ROWS.keys()
    )


def _is_id(text: str) -> bool:
    return len(text) <= _LONGEST_ID and text.isascii()


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and _PLAIN_NAME.fullmatch(text) is not None


def _was_born(birth_date: str, sampled_at: _Time) -> bool:
    """Whether a person was born on the day of the sampling (UTC), or before."""
    return birth_date <= sampled_at.at.date().isoformat()


def _of_contact(email: str, address: str | None, phone: str, number: str | None) -> tuple[str, ...]:
    """The rules that what was given, and what could be read of it, break."""
    if not email and not phone:
        return ("contact-missing",)
    email_codes = ("email-malformed",) if email and not address else ()
    return (*email_codes, "phone-malformed") if phone and not number else email_codes
