"""What a pass shows: read back from the certificate that was signed, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from pydantic import ValidationError

from vigie.dcc import hcert
from vigie.dcc.certificate import (
    Entry,
    PersonName,
    RecoveryEntry,
    TestEntry,
    TestKind,
    TestOutcome,
    VaccinationEntry,
)
from vigie.dcc.cwt import Plain
from vigie.dcc.errors import DecodingError
from vigie.dcc.value_sets import SetId, ValueSets
from vigie.wallets.wording import Word

Value: TypeAlias = str | Word | date | datetime

_ENTRIES: tuple[type[VaccinationEntry | TestEntry | RecoveryEntry], ...] = (
    VaccinationEntry,
    TestEntry,
    RecoveryEntry,
)
_KINDS = {TestKind.NAAT: Word.NAAT, TestKind.ANTIGEN: Word.ANTIGEN}
_OUTCOMES = {TestOutcome.DETECTED: Word.DETECTED, TestOutcome.NOT_DETECTED: Word.NOT_DETECTED}


class Field(NamedTuple):
    """One line of a pass; a value that is a `Word` is translated, a date written as one."""

    label: Word
    value: Value


@dataclass(frozen=True, slots=True)
class PassContent:
    """What a pass shows.

    Attributes:
        hcert: the text of the certificate, which the code carries.
        title: what kind of certificate it is.
        name: of the person, as written.
        issuer: the issuer's name.
        identifier: the UVCI.
        expires_at: the end of the certificate's technical validity, in UTC.
        front: at most four lines, the one that matters most first.
        back: what else the certificate says.
    """

    hcert: str
    title: Word
    name: str
    issuer: str
    identifier: str
    expires_at: datetime
    front: tuple[Field, ...]
    back: tuple[Field, ...]


def pass_content(text: str, sets: ValueSets) -> PassContent:
    """Read what a certificate of ours says.

    Args:
        text: of the certificate, `HC1:…`.
        sets: the value sets in force, for the names of codes.

    Raises:
        DecodingError: it cannot be read; `wallet-content` if it is no DCC, or has no end.
    """
    claims = hcert.read(text).claims
    certificate = claims.certificate
    try:
        person = PersonName.model_validate(certificate.get("nam"))
        entry = _entry(certificate)
    except ValidationError:
        raise _unreadable() from None
    if claims.expires_at is None:
        raise _unreadable()
    title, front, back = _lines(entry, sets)
    born = Field(Word.BIRTH_DATE, str(certificate.get("dob", "")))
    return PassContent(
        hcert=text,
        title=title,
        name=_full_name(person),
        issuer=entry.issuer,
        identifier=entry.uvci,
        expires_at=claims.expires_at,
        front=(front[0], born, *front[1:]),
        back=(
            Field(Word.DISEASE, _display(sets, SetId.DISEASE, entry.disease)),
            *back,
            Field(Word.COUNTRY, _display(sets, SetId.COUNTRY, entry.country)),
            Field(Word.ISSUER, entry.issuer),
            Field(Word.IDENTIFIER, entry.uvci),
            Field(Word.EXPIRES_AT, claims.expires_at),
            Field(Word.NOTICE, Word.NOTICE_TEXT),
        ),
    )


def _entry(certificate: Mapping[str, Plain]) -> Entry:
    for kind in _ENTRIES:
        match certificate.get(kind.group):
            case [entry]:
                return kind.model_validate(entry)
    raise _unreadable()


def _full_name(person: PersonName) -> str:
    written = " ".join(part for part in (person.given, person.family) if part)
    return written or person.family_transliterated.replace("<", " ")


_Lines: TypeAlias = tuple[Word, tuple[Field, ...], tuple[Field, ...]]


def _lines(entry: Entry, sets: ValueSets) -> _Lines:
    """The title, the front but for the date of birth, and what stands on the back alone."""
    if isinstance(entry, VaccinationEntry):
        return _of_vaccination(entry, sets)
    return _of_test(entry, sets) if isinstance(entry, TestEntry) else _of_recovery(entry)


def _of_vaccination(entry: VaccinationEntry, sets: ValueSets) -> _Lines:
    front = (
        Field(Word.DOSE, f"{entry.dose}/{entry.series}"),
        Field(Word.GIVEN_ON, entry.given_on),
        Field(Word.VACCINE, _display(sets, SetId.PRODUCT, entry.product)),
    )
    back = (Field(Word.HOLDER, _display(sets, SetId.HOLDER, entry.holder)),)
    return Word.VACCINATION_CERTIFICATE, front, back


def _of_test(entry: TestEntry, sets: ValueSets) -> _Lines:
    front = (
        Field(Word.RESULT, _OUTCOMES[entry.outcome]),
        Field(Word.SAMPLED_AT, entry.collected_at),
    )
    device = None if entry.device is None else _display(sets, SetId.DEVICE, entry.device)
    said = ((Word.TEST_NAME, entry.name), (Word.DEVICE, device), (Word.CENTRE, entry.centre))
    back = (
        Field(Word.TEST_KIND, _KINDS[entry.kind]),
        *(Field(label, value) for label, value in said if value is not None),
    )
    return Word.TEST_CERTIFICATE, front, back


def _of_recovery(entry: RecoveryEntry) -> _Lines:
    front = (
        Field(Word.VALID_UNTIL, entry.valid_until),
        Field(Word.VALID_FROM, entry.valid_from),
        Field(Word.FIRST_POSITIVE_ON, entry.first_positive_on),
    )
    return Word.RECOVERY_CERTIFICATE, front, ()


def _display(sets: ValueSets, name: SetId, code: str) -> str:
    return sets[name].display(code) or code


def _unreadable() -> DecodingError:
    return DecodingError("wallet-content", "a pass is made of a certificate with one entry")
