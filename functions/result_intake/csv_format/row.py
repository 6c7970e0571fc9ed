"""One line of Vigie's CSV into a draft."""

import re
from datetime import date

from result_intake.csv_format.header import Layout
from result_intake.draft import Coded, Draft
from result_intake.moment import Moment, iso_moment, moment, partial_date
from result_intake.screening_notation import pairs_of
from vigie.results.codes import Sex, Status

_SNOMED = "http://snomed.info/sct"
# HL7 tables 0085 and 0123, as in OBX-11.
_STATUS = {
    "P": Status.PRELIMINARY,
    "F": Status.FINAL,
    "C": Status.CORRECTED,
    "A": Status.AMENDED,
    "W": Status.WITHDRAWN,
    "D": Status.WITHDRAWN,
    "X": Status.NOT_OBTAINABLE,
}
# The letters of the French test certificate (2D-DOC, type B2, field F5), told as the codes of the
# ANS value set jdv-resultat-qualitatif-cisis.
_LETTERS = {
    "P": Coded("10828004", _SNOMED),
    "N": Coded("260385009", _SNOMED),
    "I": Coded("419984006", _SNOMED),
    "X": Coded("125154007", _SNOMED),
}
_SEX = {"F": Sex.FEMALE, "M": Sex.MALE, "O": Sex.OTHER, "U": Sex.UNKNOWN, "I": Sex.UNKNOWN}
_PRODUCTION, _TRIALS = "P", frozenset("TD")
_TEXTS = (
    "accession", "loinc", "family_name", "ins", "email", "phone", "language", "device",
    "cycle_threshold", "prescriber", "commune", "postcode", "testing_centre",
)  # fmt: skip
_FRENCH_TIME = re.compile(r"(\d\d)/(\d\d)/(\d{4})(?: (\d\d):(\d\d)(?::(\d\d))?)?", re.ASCII)
_FRENCH_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})", re.ASCII)


def read_row(cells: list[str], layout: Layout, *, ordinal: str, place: str) -> Draft:
    """The draft of a line that has as many fields as its header."""
    draft = Draft(ordinal, place)
    draft.places = {field: place + suffix for field, suffix in layout.suffixes}
    given = {field: cells[position] for field, position in layout.fields.items()}
    for field in _TEXTS:
        if value := given.get(field):
            setattr(draft, field, value)
    draft.sub_id = given.get("sub_id", "")
    draft.given_names = tuple(given["given_names"].split())
    draft.variant = pairs_of(given.get("variant", ""))
    if result := given["outcomes"]:
        draft.outcomes = (_LETTERS.get(result) or Coded(result),)
    _read_codes(draft, given)
    draft.sampled_at = _read_time(draft, "sampled_at", given["sampled_at"])
    draft.reported_at = _read_time(draft, "reported_at", given["reported_at"])
    _read_birth_date(draft, given["birth_date"])
    _read_mode(draft, given.get("test_mode", ""))
    return draft


def _read_codes(draft: Draft, given: dict[str, str]) -> None:
    if status := given["status"]:
        draft.status = _STATUS.get(status)
        if draft.status is None:
            draft.fault("status-unknown", "status")
    if sex := given.get("sex"):
        draft.sex = _SEX.get(sex)
        if draft.sex is None:
            draft.fault("sex-unknown", "sex")


def _read_mode(draft: Draft, mode: str) -> None:
    draft.test_mode = mode in _TRIALS
    if mode and mode != _PRODUCTION and not draft.test_mode:
        # Stored by mistake, a trial would reach a person.
        draft.fault("mode-unknown", "test_mode")


def _read_time(draft: Draft, field: str, written: str) -> Moment | None:
    if not written:
        return None
    found = french_moment(written) if "/" in written else iso_moment(written)
    if found is None:
        draft.fault(f"{field.replace('_', '-')}-malformed", field)
    return found


def french_moment(written: str) -> Moment | None:
    """Read `dd/mm/yyyy[ hh:mm[:ss]]` in French time; None if it is none."""
    found = _FRENCH_TIME.fullmatch(written)
    if not found:
        return None
    day, month, year, hour, minute, second = found.groups()
    clock = (int(hour), int(minute), int(second or 0)) if hour else None
    try:
        read = moment(date(int(year), int(month), int(day)), clock)
    except ValueError:
        return None
    # The notation is defined as French time: nothing is assumed.
    return read._replace(zoned=read.timed)


def _read_birth_date(draft: Draft, written: str) -> None:
    if not written:
        return
    draft.birth_date = _birth_date(written)
    if draft.birth_date is None:
        draft.fault("birth-date-malformed", "birth_date")


def _birth_date(written: str) -> str | None:
    if found := _FRENCH_DATE.fullmatch(written):
        day, month, year = found.groups()
        written = f"{year}-{month}-{day}"
    return partial_date(written)
