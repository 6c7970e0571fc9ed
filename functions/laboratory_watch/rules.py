"""When a laboratory behaves unlike itself: pure rules over its own figures.

Four reasons, each of them judged anew every hour. A laboratory is compared with itself only: what
is much for one is nothing for another.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field

from laboratory_watch.rhythm import Rhythm, weekday
from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from vigie.inbox import FileSummary, LaboratoryDay


class Reason(StrEnum):
    """Why a laboratory needs a call."""

    SILENT = "silent"
    REJECTS = "rejects"
    REPEATS = "repeats"
    SURGE = "surge"


class Verdict(StrEnum):
    """Whether a reason holds; `UNKNOWN` where the figures show neither."""

    HOLDS = "holds"
    CLEAR = "clear"
    UNKNOWN = "unknown"


class Limits(Frozen):
    """When a reason holds.

    Attributes:
        history_days: of how many days something must be known before silence or a surge can be
            told: two of each weekday, so that one day off is not taken for a habit.
        silence_gaps: how many of its usual hours a laboratory must have missed. Three: of those
            that send once a day, one missed day is a broken machine and two are a bridge
            between holidays; the third is nobody looking.
        first_file_days: how long a laboratory of which no file is known may be let in. Seven: each
            of its weekdays came by.
        silence_hours: how long it must be silent at least. Those that send each hour miss three
            in a lunch break; six are longer than what most mend themselves.
        window_hours: how far back files are looked at for rejects and repetitions: a day, so
            that what comes once a day is in it.
        rejects_share: share of rejected items, or of unreadable files. Half: careful laboratories
            stay below 0.05, and a field that is wrong throughout costs all.
        rejects_items: fewer items than this are chance.
        rejects_files: fewer unreadable files than this are chance.
        repeats_hours: in how many different hours the same data must have come again. One
            repetition is someone who was not sure, two someone who was not sure twice.
        surge_factor: how many times the median of its same weekdays. The steepest wave doubles
            in less than a week, and a day after a holiday brings twice a day's tests: five is
            beyond both together.
        surge_items: a median below this counts as this: small laboratories vary by chance.
        surge_days: how many days of the same weekday the median needs.
    """

    history_days: int = Field(default=14, ge=7)
    silence_gaps: float = Field(default=3.0, gt=0)
    first_file_days: int = Field(default=7, ge=1)
    silence_hours: float = Field(default=6.0, ge=1)
    window_hours: int = Field(default=24, ge=1, le=24)
    rejects_share: float = Field(default=0.5, gt=0, le=1)
    rejects_items: int = Field(default=20, ge=1)
    rejects_files: int = Field(default=3, ge=1)
    repeats_hours: int = Field(default=3, ge=1)
    surge_factor: float = Field(default=5.0, gt=1)
    surge_items: int = Field(default=100, ge=1)
    surge_days: int = Field(default=2, ge=2)


class Arrival(NamedTuple):
    """A file that arrived.

    Attributes:
        at: when, in the country's time.
        summary: what it held; None while it is not answered.
    """

    at: datetime
    summary: FileSummary | None


class Figures(NamedTuple):
    """What is known of a laboratory at a moment.

    Attributes:
        now: the moment, in the country's time.
        days: on which files arrived, in order, today included.
        arrivals: of the last day at least, in order.
        added_at: when it was last let in, if the register still knows.
    """

    now: datetime
    days: tuple[LaboratoryDay, ...]
    arrivals: tuple[Arrival, ...]
    added_at: datetime | None = None

    @property
    def last_at(self) -> datetime | None:
        """When the last file arrived; None if none is known."""
        return self.days[-1].last_at.astimezone(self.now.tzinfo) if self.days else None


class Finding(NamedTuple):
    """What a rule says.

    Attributes:
        reason: of the rule.
        verdict: whether it holds.
        told: the figures that it rests on, by their name; no personal value.
    """

    reason: Reason
    verdict: Verdict
    told: Mapping[str, str]


def judge(figures: Figures, limits: Limits) -> tuple[Finding, ...]:
    """What every rule says of a laboratory."""
    return (
        silence(figures, limits),
        rejects(figures, limits),
        repeats(figures, limits),
        surge(figures, limits),
    )


def silence(figures: Figures, limits: Limits) -> Finding:
    """Whether no file arrives although it is high time by the laboratory's own rhythm.

    One of which no file is known is judged by the time since it was let in.
    """
    last_at = figures.last_at
    if last_at is None:
        return _no_file(figures, limits)
    hours = (figures.now - last_at) / timedelta(hours=1)
    rhythm = Rhythm(figures.days)
    missed = rhythm.missed(last_at, figures.now)
    told = {
        "last file": last_at.isoformat(sep=" ", timespec="minutes"),
        "silent for": f"{hours:.0f} hours",
        "usual hours missed": f"{missed:.1f}",
    }
    if hours >= limits.silence_hours and rhythm.length < limits.history_days:
        return Finding(Reason.SILENT, Verdict.UNKNOWN, told)
    holds = hours >= limits.silence_hours and missed >= limits.silence_gaps
    return Finding(Reason.SILENT, _verdict(holds=holds), told)


def _no_file(figures: Figures, limits: Limits) -> Finding:
    if figures.added_at is None:
        return Finding(Reason.SILENT, Verdict.UNKNOWN, {})
    added_at = figures.added_at.astimezone(figures.now.tzinfo)
    days = (figures.now - added_at) // timedelta(days=1)
    told = {
        "last file": "none known",
        "let in": added_at.isoformat(sep=" ", timespec="minutes"),
        "silent for": f"{days} days",
    }
    verdict = Verdict.HOLDS if days >= limits.first_file_days else Verdict.UNKNOWN
    return Finding(Reason.SILENT, verdict, told)


def rejects(figures: Figures, limits: Limits) -> Finding:
    """Whether most of what arrived lately was refused."""
    seen = _answered(figures, limits)
    items = sum(summary.items for _, summary in seen)
    rejected = sum(summary.rejected for _, summary in seen)
    unreadable = sum(bool(summary.unreadable) for _, summary in seen)
    told = {
        "items": str(items),
        "rejected": str(rejected),
        "files": str(len(seen)),
        "unreadable files": str(unreadable),
        **_most_refused(seen),
    }
    if not items and not unreadable:
        return Finding(Reason.REJECTS, Verdict.UNKNOWN, told)
    share = limits.rejects_share
    holds = (items >= limits.rejects_items and rejected >= share * items) or (
        unreadable >= limits.rejects_files and unreadable >= share * len(seen)
    )
    return Finding(Reason.REJECTS, _verdict(holds=holds), told)


def repeats(figures: Figures, limits: Limits) -> Finding:
    """Whether the same data arrives hour after hour.

    A file repeats if its items are those of an earlier file of the window, whatever their
    order, or if the results of all of them were known. One that has something new, such as the
    whole day so far, does not.
    """
    known: set[str] = set()
    hours: set[tuple[date, int]] = set()
    files = 0
    for at, summary in _answered(figures, limits):
        if summary.content is None or not summary.items:
            continue
        if summary.content in known or summary.duplicates == summary.items:
            hours.add((at.date(), at.hour))
            files += 1
        known.add(summary.content)
    told = {"files that repeat": str(files), "in different hours": str(len(hours))}
    if not known:
        return Finding(Reason.REPEATS, Verdict.UNKNOWN, told)
    return Finding(Reason.REPEATS, _verdict(holds=len(hours) >= limits.repeats_hours), told)


def surge(figures: Figures, limits: Limits) -> Finding:
    """Whether today, or yesterday, brings far more than the laboratory's same weekdays did."""
    today = figures.now.date()
    found = [_surge_of(day, figures, limits) for day in (today, today - timedelta(days=1))]
    for finding in found:
        if finding.verdict is Verdict.HOLDS:
            return finding
    return found[0]


def _surge_of(day: date, figures: Figures, limits: Limits) -> Finding:
    items = {each.day: each.items for each in figures.days}
    usual = _same_weekdays(day, items)
    if (day - min(items, default=day)).days < limits.history_days or len(usual) < limits.surge_days:
        return Finding(Reason.SURGE, Verdict.UNKNOWN, {})
    middle = median(usual)
    arrived = items.get(day, 0)
    told = {"day": day.isoformat(), "items": str(arrived), "usual items": f"{middle:.0f}"}
    holds = arrived > limits.surge_factor * max(middle, limits.surge_items)
    return Finding(Reason.SURGE, _verdict(holds=holds), told)


def _same_weekdays(day: date, items: Mapping[date, int]) -> list[int]:
    """The items of the days of the same kind since the first one known, with or without files."""
    first = min(items, default=day)
    before = (first + timedelta(days=after) for after in range((day - first).days))
    return [items.get(each, 0) for each in before if weekday(each) == weekday(day)]


def _answered(figures: Figures, limits: Limits) -> list[tuple[datetime, FileSummary]]:
    since = figures.now - timedelta(hours=limits.window_hours)
    return [
        (at, summary)
        for at, summary in figures.arrivals
        if summary is not None and since < at <= figures.now
    ]


def _most_refused(seen: list[tuple[datetime, FileSummary]]) -> dict[str, str]:
    codes: dict[str, int] = {}
    for _, summary in seen:
        for code, number in summary.refusals.items():
            codes[code] = codes.get(code, 0) + number
        for code in summary.unreadable:
            codes[code] = codes.get(code, 0) + 1
    if not codes:
        return {}
    return {"rule that refused most": max(sorted(codes), key=lambda code: codes[code])}


def _verdict(*, holds: bool) -> Verdict:
    return Verdict.HOLDS if holds else Verdict.CLEAR
