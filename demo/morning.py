"""The plan of the morning: which file arrives when, and what must come of each item."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING

from demo.csv_file import write_csv
from demo.fhir_bundles import write_ndjson
from demo.hl7_batch import write_batch
from demo.people import Person, invent_person
from vigie.model import Frozen
from vigie.results.codes import Method, Outcome, SourceFormat, Status
from vigie.results.test_result import LocalId, TestResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Laboratory(Frozen):
    """An invented laboratory.

    Attributes:
        finess: 9 characters, of no establishment.
        name: what certificates call it.
        format: how it sends its results.
        size: how many tests it reports this morning.
    """

    finess: str
    name: str
    format: SourceFormat
    size: int


LABORATORIES = (
    Laboratory(
        finess="759990013", name="Laboratoire des Lilas, Paris", format=SourceFormat.HL7V2, size=200
    ),
    Laboratory(finess="699990016", name="BioConfluence, Lyon", format=SourceFormat.FHIR, size=140),
    Laboratory(
        finess="139990014", name="Analyses du Vieux-Port", format=SourceFormat.CSV, size=120
    ),
)
_WRITERS: dict[SourceFormat, Callable[[Iterable[TestResult], str, str], bytes]] = {
    SourceFormat.HL7V2: write_batch,
    SourceFormat.FHIR: write_ndjson,
    SourceFormat.CSV: write_csv,
}
_EXTENSION = {SourceFormat.HL7V2: "hl7", SourceFormat.FHIR: "ndjson", SourceFormat.CSV: "csv"}
# From here on the tests of a laboratory are neither corrected, withdrawn nor sent again.
_UNTOUCHED = 50
_CORRECTED = slice(10, 16)
_WITHDRAWN = slice(20, 23)
_LISTED_DEVICE = "1232"
_RECOVERED_AFTER = timedelta(days=12)


class Fate(StrEnum):
    """What the acknowledgement must say of an item."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


class Upload(Frozen):
    """One file of the morning.

    Attributes:
        laboratory: FINESS, the prefix.
        path: below the prefix.
        content: the bytes.
        wave: files of one wave arrive together, those of the next when these are dealt with.
        fates: how many items end how.
    """

    laboratory: str
    path: str
    content: bytes
    wave: int
    fates: dict[Fate, int]


class Expected(Frozen):
    """What the morning must end in, counted from the plan and not from the system.

    Attributes:
        certificates: issued, revoked ones included.
        revoked: certificates revoked.
        messages: sent by e-mail or SMS.
        tests: tests in the numbers.
        positives: positive ones among them.
    """

    certificates: int
    revoked: int
    messages: int
    tests: int
    positives: int


class Morning(Frozen):
    """The whole plan.

    Attributes:
        uploads: every file.
        expected: what must come of them.
        certified: birth date of some who keep a certificate, by their e-mail address.
        positive: birth date of those whose last word is a positive result, by the address or
            number that they are told at.
    """

    uploads: tuple[Upload, ...]
    expected: Expected
    certified: dict[str, str]
    positive: dict[str, str]


def plan_morning(seed: int, now: datetime) -> Morning:
    """The morning of a seed, its samples taken in the hours before `now`."""
    random = Random(seed)  # noqa: S311 - the same morning for the same seed
    uploads: list[Upload] = []
    expected = dict.fromkeys(Expected.model_fields, 0)
    certified: dict[str, str] = {}
    positive: dict[str, str] = {}
    first_person = 0
    for laboratory in LABORATORIES:
        tests = [
            invent_test(random, laboratory, first_person + number, now)
            for number in range(laboratory.size)
        ]
        first_person += laboratory.size
        uploads += _laboratory_files(laboratory, tests, expected)
        certified |= _certified(tests[_UNTOUCHED:])
        positive |= _positive(tests)
    uploads.append(_broken_file(LABORATORIES[2], now, expected))
    return Morning(
        uploads=tuple(uploads),
        expected=Expected(**expected),
        certified=certified,
        positive=positive,
    )


def _certified(tests: list[TestResult]) -> dict[str, str]:
    return {
        test.contact.email: test.identity.birth_date
        for test in tests
        if test.contact.email and _certificate(test) == "test"
    }


def _positive(tests: list[TestResult]) -> dict[str, str]:
    """Those who are positive in the end, by what no other of them shares."""
    corrected = [_corrected(test) for test in tests[_CORRECTED]]
    last = [*tests[:10], *corrected, *tests[16:20], *tests[23:]]
    told = [
        (test.contact.email or test.contact.phone, test.identity.birth_date)
        for test in last
        if test.outcome is Outcome.DETECTED
    ]
    return {address: born for address, born in told if address}


def _laboratory_files(
    laboratory: Laboratory, tests: list[TestResult], expected: dict[str, int]
) -> list[Upload]:
    """The files of one laboratory; `expected` grows by what must come of them."""
    for test in tests:
        _count(expected, None, test)
    corrections = [_corrected(test) for test in tests[_CORRECTED]]
    withdrawals = [_withdrawn(test) for test in tests[_WITHDRAWN]]
    for before, after in zip(
        tests[_CORRECTED] + tests[_WITHDRAWN], corrections + withdrawals, strict=True
    ):
        _count(expected, before, after)
    other_format = next(kind for kind in _WRITERS if kind is not laboratory.format)
    return [
        _upload(laboratory, "matin", tests, fate=Fate.ACCEPTED),
        _upload(laboratory, "matin-renvoi", tests[30:38], fate=Fate.DUPLICATE),
        _upload(
            laboratory,
            "autre-format",
            tests[40:43],
            fate=Fate.DUPLICATE,
            written_as=other_format,
        ),
        _upload(laboratory, "corrections", corrections, fate=Fate.CORRECTED),
        _upload(laboratory, "annulations", withdrawals, fate=Fate.WITHDRAWN),
    ]


def _upload(
    laboratory: Laboratory,
    name: str,
    tests: list[TestResult],
    *,
    fate: Fate,
    written_as: SourceFormat | None = None,
) -> Upload:
    form = written_as or laboratory.format
    return Upload(
        laboratory=laboratory.finess,
        path=f"resultats/{name}.{_EXTENSION[form]}",
        content=_WRITERS[form](tests, laboratory.finess, laboratory.name),
        # What speaks of an earlier result is sent once that is dealt with.
        wave=1 if fate is Fate.ACCEPTED else 2,
        fates={fate: len(tests)},
    )


def invent_test(random: Random, laboratory: Laboratory, number: int, now: datetime) -> TestResult:
    """One test of invented person `number`, sampled in the hours before `now`."""
    person: Person = invent_person(random, number)
    method = random.choices((Method.NAAT, Method.ANTIGEN), weights=(70, 30))[0]
    outcome = random.choices(
        (Outcome.NOT_DETECTED, Outcome.DETECTED, Outcome.INCONCLUSIVE), weights=(84, 13, 3)
    )[0]
    minutes = random.randrange(60, 600)
    sampled = (now - timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    reported = sampled + timedelta(minutes=random.randrange(20, 55))
    if outcome is Outcome.DETECTED and random.random() < 0.3:  # noqa: PLR2004 - reported late
        sampled -= _RECOVERED_AFTER
    antigen = method is Method.ANTIGEN
    return TestResult(
        local_id=LocalId(
            accession=f"{now:%y%m%d}{number:05d}", loinc="97097-0" if antigen else "94500-6"
        ),
        status=Status.FINAL,
        outcome=outcome,
        disease="covid-19",
        method=method,
        device=random.choices((_LISTED_DEVICE, None), weights=(90, 10))[0] if antigen else None,
        sampled_at=sampled,
        reported_at=reported,
        identity=person.identity,
        contact=person.contact,
        language=person.language,
        commune=person.commune,
        testing_centre=laboratory.name,
    )


def _corrected(test: TestResult) -> TestResult:
    """The same test with the other outcome, a minute later."""
    other = Outcome.NOT_DETECTED if test.outcome is Outcome.DETECTED else Outcome.DETECTED
    return test.model_copy(
        update={
            "status": Status.CORRECTED,
            "outcome": other,
            "reported_at": test.reported_at + timedelta(minutes=1),
        }
    )


def _withdrawn(test: TestResult) -> TestResult:
    return test.model_copy(
        update={
            "status": Status.WITHDRAWN,
            "reported_at": test.reported_at + timedelta(minutes=1),
        }
    )


def _count(expected: dict[str, int], before: TestResult | None, after: TestResult) -> None:
    """Count what one version of a result must bring about, after the one before it."""
    had = before is not None and _certificate(before) is not None
    gets = _certificate(after)
    expected["tests"] += _counts(after) - (before is not None and _counts(before))
    expected["positives"] += _positively(after) - (before is not None and _positively(before))
    expected["revoked"] += had
    expected["certificates"] += gets is not None
    if after.contact.email or after.contact.phone:
        # A recovery certificate comes with a message of its own.
        expected["messages"] += 1 + (gets == "recovery")


def _counts(test: TestResult) -> bool:
    """Whether a test is in the numbers."""
    return test.status is not Status.WITHDRAWN and test.outcome is not Outcome.INCONCLUSIVE


def _positively(test: TestResult) -> bool:
    return _counts(test) and test.outcome is Outcome.DETECTED


def _certificate(test: TestResult) -> str | None:
    """The certificate that a result gives today, as the regulation says."""
    if test.status is Status.WITHDRAWN:
        return None
    if test.method is Method.ANTIGEN and test.device != _LISTED_DEVICE:
        return None
    if test.outcome is Outcome.NOT_DETECTED:
        return "test"
    old_enough = test.reported_at - test.sampled_at > _RECOVERED_AFTER - timedelta(days=1)
    return "recovery" if test.outcome is Outcome.DETECTED and old_enough else None


def _broken_file(laboratory: Laboratory, now: datetime, expected: dict[str, int]) -> Upload:
    """A CSV in which each row breaks another rule, but for the first and the last."""
    random = Random(7)  # noqa: S311 - as the rest of the plan
    tests = [invent_test(random, laboratory, 90_000 + number, now) for number in range(6)]
    for test in (tests[0], tests[-1]):
        _count(expected, None, test)
    lines = write_csv(tests, laboratory.finess, laboratory.name).decode().splitlines()
    header, rows = lines[0], lines[1:]
    rows[1] = rows[1].replace(";", ";;", 1)
    rows[2] = rows[2].replace(tests[2].identity.birth_date, "31/02/1990")
    rows[3] = rows[3].replace(tests[3].local_id.loinc, "99999-9")
    rows[4] = rows[4][: len(rows[4]) // 2]
    return Upload(
        laboratory=laboratory.finess,
        path="resultats/abimé.csv",
        content="\r\n".join((header, *rows, "")).encode(),
        wave=1,
        fates={Fate.ACCEPTED: 2, Fate.REJECTED: 4},
    )
