"""A file of a laboratory as large as one asks for, written in a stream, the same for a seed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from demo.people import invent_person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COLUMNS = (
    "vigie_csv_1;result_id;status;loinc;result;device;sampled_at;reported_at;ins;family_name;"
    "given_names;birth_date;sex;email;phone;language;commune;testing_centre\r\n"
)
_CENTRE = "Centre de prélèvement du laboratoire des Lilas, 12 rue de la Santé, 75013 Paris"
_BEGIN = datetime(2026, 11, 20, tzinfo=UTC)
_PEOPLE = 2000
_BUFFER = 1024 * 1024


def write(path: Path, size: int, seed: int = 1) -> Counter[str]:
    """Write as many rows as fit, and count what is to become of them.

    Of a thousand rows ten have an impossible birth date, twenty an e-mail address that is none,
    and one repeats the row before it.

    Args:
        path: of the file.
        size: in bytes; the file has no more.
        seed: of the people in it.

    Returns:
        Number of rows by outcome of the acknowledgement.
    """
    expected: Counter[str] = Counter()
    with path.open("wb", buffering=_BUFFER) as out:
        left = size - out.write(_COLUMNS.encode())
        for outcome, row in _rows(seed):
            written = row.encode()
            left -= len(written)
            if left < 0:
                return expected
            out.write(written)
            expected[outcome] += 1
    raise AssertionError("rows never end")


def _rows(seed: int) -> Iterator[tuple[str, str]]:
    people = [_person(seed, number) for number in range(_PEOPLE)]
    number = 0
    row = ""
    while True:
        number += 1
        if number % 1000 == 500:
            yield "duplicate", row
            continue
        outcome = "accepted"
        ins, names, born, rest = people[number % _PEOPLE]
        email = f"{number}.personne.de.la.population@example.fr"
        if number % 100 == 17:
            outcome, born = "rejected", "1969-14-14"
        elif number % 50 == 3:
            outcome, email = "accepted_with_warnings", "sans adresse"
        sampled = _BEGIN + timedelta(seconds=number % 80_000)
        reported = sampled + timedelta(hours=3)
        row = (
            f";L{number:010d};F;94500-6;{'P' if number % 12 == 0 else 'N'};;"
            f"{sampled.isoformat()};{reported.isoformat()};{ins};{names};{born};{rest[0]};{email};"
            f"+3363998{number % 10_000:04d};{rest[1]}\r\n"
        )
        yield outcome, row


def _person(seed: int, number: int) -> tuple[str, str, str, tuple[str, str]]:
    person = invent_person(Random(seed * _PEOPLE + number), number)  # noqa: S311 - the same people
    identity = person.identity
    names = f"{identity.family_name};{' '.join(identity.given_names)}"
    language = person.language.value if person.language else ""
    end = f"{language};{person.commune};{_CENTRE}"
    return identity.ins or "", names, identity.birth_date, (identity.sex.value, end)
