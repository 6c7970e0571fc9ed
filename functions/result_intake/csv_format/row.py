"""One line of CSV into a draft, as its header and layout say."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from result_intake.csv_format.header import Header
from result_intake.csv_format.layout import JOINED, PRODUCTION, TEXTS, TRIAL, Layout
from result_intake.csv_format.time_pattern import (
    DateReader,
    TimeNotation,
    TimeReader,
    date_reader,
    minutes_of,
    time_reader,
)
from result_intake.draft import Coded, Draft
from result_intake.screening_notation import pairs_of
from vigie.results.codes import Sex, Status

_SNOMED = "http://snomed.info/sct"

Fill: TypeAlias = Callable[[Draft, str], None]


class RowReader:
    """Reads lines that have as many fields as their header.

    Args:
        header: of the file, not refused.

    Attributes:
        time: reads a time as the layout writes it; None if it is none.
        date: the same for a date of birth.
    """

    def __init__(self, header: Header) -> None:
        self._suffixes = header.suffixes
        layout = header.layout
        self.time, self.date = _time_reader(layout), date_reader(layout.dates)
        self._columns = [
            (positions[0], positions[1:], field in JOINED, self._fill(field, layout))
            for field, positions in header.fields.items()
        ]
        self._absent = [
            self._fill(field, layout) for field in layout.defaults if field not in header.fields
        ]

    def read(self, cells: list[str], *, ordinal: str, place: str) -> Draft:
        """The draft of a line."""
        draft = Draft(ordinal, place, suffixes=self._suffixes)
        for first, others, joined, fill in self._columns:
            text = cells[first].strip()
            if joined:
                text = " ".join((text, *(cells[other].strip() for other in others)))
            elif others and not text:
                text = next(filter(None, (cells[other].strip() for other in others)), "")
            fill(draft, text)
        for fill in self._absent:
            fill(draft, "")
        return draft

    def _fill(self, field: str, layout: Layout) -> Fill:
        """What puts a cell into a field of a draft."""
        if field in TEXTS:
            return _text(field, _value(field, layout))
        if field in _CLOSED:
            return _CLOSED[field](_value(field, layout))
        if field == "birth_date":
            return _birth_date(self.date)
        if field in {"sampled_at", "reported_at"}:
            return _time(field, self.time)
        return _NAMES.get(field, _variant)


def _time_reader(layout: Layout) -> TimeReader:
    zones = {name: minutes_of(offset) for name, offset in layout.zones.items()}
    return time_reader(TimeNotation(layout.times, layout.time_zone, zones))


def _value(field: str, layout: Layout) -> Callable[[str], str | None]:
    """What a cell stands for; None if the layout has no word for it."""
    values: Mapping[str, str] = layout.values.get(field, {})
    default = layout.defaults.get(field)
    exact = layout.exact

    def value(text: str) -> str | None:
        if not text:
            return default
        return values.get(text if exact else text.casefold())

    return value


def _text(field: str, value: Callable[[str], str | None]) -> Fill:
    def fill(draft: Draft, text: str) -> None:
        if kept := value(text) or text:
            setattr(draft, field, kept)

    return fill


def _status(value: Callable[[str], str | None]) -> Fill:
    def fill(draft: Draft, text: str) -> None:
        said = value(text)
        if said:
            draft.status = Status(said)
        elif text:
            draft.fault("status-unknown", "status")

    return fill


def _sex(value: Callable[[str], str | None]) -> Fill:
    def fill(draft: Draft, text: str) -> None:
        said = value(text)
        if said:
            draft.sex = Sex(said)
        elif text:
            draft.fault("sex-unknown", "sex")

    return fill


def _mode(value: Callable[[str], str | None]) -> Fill:
    def fill(draft: Draft, text: str) -> None:
        said = value(text)
        draft.test_mode = said == TRIAL
        if text and said not in {PRODUCTION, TRIAL}:
            # Stored by mistake, a trial would reach a person.
            draft.fault("mode-unknown", "test_mode")

    return fill


def _outcomes(value: Callable[[str], str | None]) -> Fill:
    def fill(draft: Draft, text: str) -> None:
        said = value(text)
        if said:
            draft.outcomes = (Coded(said, _SNOMED),)
        elif text:
            draft.outcomes = (Coded(text),)

    return fill


_CLOSED: dict[str, Callable[[Callable[[str], str | None]], Fill]] = {
    "status": _status,
    "sex": _sex,
    "test_mode": _mode,
    "outcomes": _outcomes,
}


def _time(field: str, read: TimeReader) -> Fill:
    code = f"{field.replace('_', '-')}-malformed"

    def fill(draft: Draft, text: str) -> None:
        if not text:
            return
        found = read(text)
        if found is None:
            draft.fault(code, field)
        setattr(draft, field, found)

    return fill


def _birth_date(read: DateReader) -> Fill:
    def fill(draft: Draft, text: str) -> None:
        if not text:
            return
        draft.birth_date = read(text)
        if draft.birth_date is None:
            draft.fault("birth-date-malformed", "birth_date")

    return fill


def _given_names(draft: Draft, text: str) -> None:
    draft.given_names = tuple(text.split())


def _other_name(draft: Draft, text: str) -> None:
    draft.other_names = (text,) if text else ()


_NAMES: dict[str, Fill] = {"given_names": _given_names, "other_names": _other_name}


def _variant(draft: Draft, text: str) -> None:
    draft.variant = pairs_of(text)
