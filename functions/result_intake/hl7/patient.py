"""Whom a test is about: PID (HL7 v2.5.1 §3.4.2; in France, IHE PAM and "Référentiel INS")."""

import re
from collections.abc import Iterable

from result_intake.draft import Draft
from result_intake.hl7.segment import Repetition, Segment
from result_intake.hl7.times import read_birth_date
from vigie.geography import has_french_postcodes
from vigie.identifiers.ins import kind_of_ins
from vigie.results.codes import Sex

# HL7 table 0200: name at birth, legal name, then any that names the person.
_NAME_TYPES = ("B", "L", "", "U", "C", "M", "D")
_SEXES = {
    "F": Sex.FEMALE,
    "M": Sex.MALE,
    "O": Sex.OTHER,
    "A": Sex.OTHER,
    "U": Sex.UNKNOWN,
    "N": Sex.UNKNOWN,
}
# HL7 table 0190: address at birth, birth delivery location.
_BIRTH_ADDRESSES = frozenset({"N", "BR", "BDL"})
_NO_VOICE = frozenset({"FX", "MD", "TDD", "TTY", "BP"})  # HL7 table 0202
_NAMES = re.compile(r"[\s,;]+")
_LENGTH_WITHOUT_KEY = 13
_PHONE_FIELDS = (13, 14, 40)


def read_patient(patient: Segment, draft: Draft) -> None:
    """Fill in identity, contact, language and residence.

    - Name: the repetition of PID-5 of type B (name at birth), else L (legal name, which in
      France is the birth name), else the first other. Given names: PID-5-2, then the words of
      PID-5-3, which in France repeats the first one. Other names: those of all other repetitions.
    - INS: the repetition of PID-3 whose authority or type is that of an INS.
    - E-mail and phone: PID-13, PID-14, PID-40; a mobile phone is preferred.
    - Commune and postcode: PID-11-10 (census tract), as an INSEE code, and PID-11-5 of an address
      of residence, one that tells its commune if there is one.
    """
    _name(patient, draft)
    _birth_and_sex(patient, draft)
    _ins(patient, draft)
    _contact(patient, draft)
    draft.language = patient.value(15) or None
    _residence(patient, draft)


def _residence(patient: Segment, draft: Draft) -> None:
    if not patient.raw(11):
        return
    homes = [
        (number, address)
        for number, address in enumerate(patient.all_repetitions(11), start=1)
        if address.value(7) not in _BIRTH_ADDRESSES and (address.value(10) or address.value(5))
    ]
    if homes:
        number, home = max(homes, key=lambda each: bool(each[1].value(10)))
        if number > 1:
            at = _repetition(patient, 11, number)
            draft.places |= {"commune": f"{at}-10", "postcode": f"{at}-5"}
        draft.commune = home.value(10) or None
        draft.postcode = (has_french_postcodes(home.value(6)) and home.value(5)) or None


def _name(patient: Segment, draft: Draft) -> None:
    repetitions = patient.all_repetitions(5)
    if len(repetitions) == 1:
        only = repetitions[0]
        family_name, first = only.value(1), only.value(2)
        if family_name or first:
            draft.family_name = family_name or None
            draft.given_names = _given_names(first, only.value(3))
        return
    names = list(enumerate(repetitions, start=1))
    named = [(number, name) for number, name in names if name.value(1) or name.value(2)]
    ranked = sorted(named, key=lambda each: _rank(each[1])) if len(named) > 1 else named
    family = next((each for each in ranked if each[1].value(1)), None)
    # A maiden name may be sent alone: the given names are then with another.
    given = next((each for each in ranked if each[1].value(2) or each[1].value(3)), None)
    if family:
        draft.family_name = family[1].value(1)
        if len(ranked) > 1:
            draft.other_names = _other_names(name for _, name in ranked)
        if family[0] > 1:
            draft.places["family_name"] = f"{_repetition(patient, 5, family[0])}-1"
    if given:
        draft.given_names = _given_names(given[1].value(2), given[1].value(3))
        if given[0] > 1:
            draft.places["given_names"] = f"{_repetition(patient, 5, given[0])}-2"


def _other_names(ranked: Iterable[Repetition]) -> tuple[str, ...]:
    """All family names but the first."""
    return tuple(dict.fromkeys(name.value(1) for name in ranked if name.value(1)))[1:]


def _rank(name: Repetition) -> int:
    kind = name.value(7)
    return _NAME_TYPES.index(kind) if kind in _NAME_TYPES else len(_NAME_TYPES)


def _given_names(first: str, further: str) -> tuple[str, ...]:
    if not further:
        return (first,) if first else ()
    words = [word for word in _NAMES.split(further) if word]
    beginning = [word for word in _NAMES.split(first) if word]
    if [word.casefold() for word in words[: len(beginning)]] == [
        word.casefold() for word in beginning
    ]:
        words = words[len(beginning) :]
    return tuple(name for name in (first, *words) if name)


def _birth_and_sex(patient: Segment, draft: Draft) -> None:
    if written := patient.value(7):
        draft.birth_date = read_birth_date(written)
        if draft.birth_date is None:
            draft.fault("birth-date-malformed", "birth_date")
    if written := patient.value(8):
        draft.sex = _SEXES.get(written.upper())
        if draft.sex is None:
            draft.fault("sex-unknown", "sex")


def _ins(patient: Segment, draft: Draft) -> None:
    for number, identifier in enumerate(patient.all_repetitions(3), start=1):
        kind = kind_of_ins(identifier.value(4, 2), identifier.value(5))
        if kind is None or not identifier.value(1):
            continue
        draft.places["ins"] = f"{_repetition(patient, 3, number)}-1"
        draft.ins_kind = kind
        if kind.of_a_person:
            draft.ins = _with_key(identifier)
            return


def _with_key(identifier: Repetition) -> str:
    """CX-1, with the key of the INS where it stands apart, as check digit (CX-2)."""
    number, key = identifier.value(1), identifier.value(2)
    return number + key if len(number) == _LENGTH_WITHOUT_KEY else number


def _contact(patient: Segment, draft: Draft) -> None:
    mobile = False
    for field in filter(patient.raw, _PHONE_FIELDS):
        for number, telecom in enumerate(patient.all_repetitions(field), start=1):
            place = _repetition(patient, field, number)
            email, kind = _email(telecom), telecom.value(3).upper()
            if email and not draft.email:
                draft.email, draft.places["email"] = email, place
            phone = "" if email or kind in _NO_VOICE else _phone(telecom)
            cellular = kind == "CP"
            if phone and (not draft.phone or (cellular and not mobile)):
                draft.phone, draft.places["phone"] = phone, place
                mobile = cellular


def _email(telecom: Repetition) -> str:
    """XTN-4, or XTN-1 where older systems put it."""
    if "@" in (text := telecom.value(4)) or "@" in (text := telecom.value(1)):
        return text
    return ""


def _phone(telecom: Repetition) -> str:
    """Composed of XTN-5 to XTN-7, else XTN-12, else XTN-1."""
    country, area, local = telecom.value(5), telecom.value(6), telecom.value(7)
    if local and country:
        return f"+{country.lstrip('+0')} {area}{local}"
    return telecom.value(12) or telecom.value(1) or f"{area}{local}"


def _repetition(patient: Segment, field: int, number: int) -> str:
    at = f"{patient.place}-{field}"
    return f"{at}[{number}]" if number > 1 else at
