"""Who a Bundle's test is about: Patient, with the French profile's additions (FR Core 2).

FR Core keeps the birth name in `name` with use `official` and the matricule INS under the OIDs of
the ANS; an address says its commune by an extension with the INSEE code.
"""

from collections.abc import Iterable
from typing import NamedTuple

from result_intake.draft import Draft
from result_intake.fhir.coding import codings
from result_intake.fhir.resource import (
    MAX_DETAILS,
    MAX_VALUE,
    Json,
    Resource,
    extension,
    objects,
    text,
)
from result_intake.moment import partial_date
from vigie.geography import has_french_postcodes
from vigie.identifiers.ins import kind_of_ins
from vigie.results.codes import Sex

_BIRTH_GIVEN_NAMES = (
    "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name"
)
_COMMUNE = (
    "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code",
    "http://interopsante.org/fhir/StructureDefinition/FrAddressInseeCode",
)
_SEX = {"female": Sex.FEMALE, "male": Sex.MALE, "other": Sex.OTHER, "unknown": Sex.UNKNOWN}

# Earlier is taken first. What is not listed is a name or number that is no longer, or never was,
# the person's own.
_NAME_USES = ("official", "maiden", "", "usual")
_PHONE_USES = ("mobile", "", "home", "work")
_ADDRESS_USES = ("home", "", "temp", "billing", "work")


class _Placed(NamedTuple):
    body: Json
    place: str


def read_patient(patient: Resource, draft: Draft) -> None:
    """Fill in a draft's identity, contact, language and residence."""
    _read_name(patient, draft)
    _read_birth_date(patient, draft)
    draft.places["sex"] = f"{patient.place}.gender"
    if gender := text(patient.body, "gender"):
        draft.sex = _SEX.get(gender)
        if draft.sex is None:
            draft.fault("sex-unknown", "sex")
    _read_ins(patient, draft)
    _read_telecom(patient, draft)
    _read_residence(patient, draft)
    _read_language(patient, draft)


def _read_name(patient: Resource, draft: Draft) -> None:
    names = _in_order_of_use(patient, "name", _NAME_USES)
    first = names[0].place if names else f"{patient.place}.name"
    draft.places |= {"family_name": f"{first}.family", "given_names": f"{first}.given"}
    draft.places["other_names"] = f"{patient.place}.name"
    for name in names:
        family, given = text(name.body, "family"), _given(name.body)
        if family and draft.family_name is None:
            draft.family_name = family
            draft.places["family_name"] = f"{name.place}.family"
        elif family and family not in {draft.family_name, *draft.other_names}:
            draft.other_names += (family,)
        # A maiden name often comes without the given names, which did not change.
        if given and not draft.given_names:
            draft.given_names = given
            draft.places["given_names"] = f"{name.place}.given"


def _given(name: Json) -> tuple[str, ...]:
    listed = name.get("given")
    given = listed[:MAX_DETAILS] if isinstance(listed, list) else [listed]
    told = (one[:MAX_VALUE].strip() for one in given if isinstance(one, str))
    names = [one for one in told if one]
    # The list of the civil registry repeats the first name.
    written = set(_words(" ".join(names)))
    listed_at_birth = text(extension(name, _BIRTH_GIVEN_NAMES), "valueString").split()
    names += [one for one in listed_at_birth if not written.issuperset(_words(one))]
    return tuple(names)


def _words(names: str) -> list[str]:
    return names.casefold().replace("-", " ").split()


def _read_birth_date(patient: Resource, draft: Draft) -> None:
    draft.places["birth_date"] = f"{patient.place}.birthDate"
    written = text(patient.body, "birthDate")
    draft.birth_date = partial_date(written) if written else None
    if written and draft.birth_date is None:
        draft.fault("birth-date-malformed", "birth_date")


def _read_ins(patient: Resource, draft: Draft) -> None:
    draft.places["ins"] = f"{patient.place}.identifier"
    for at, identifier in enumerate(objects(patient.body, "identifier")):
        codes = [each.code for each in codings(identifier.get("type"))] or [""]
        found = (kind_of_ins(text(identifier, "system"), code) for code in codes)
        kind = next((each for each in found if each), None)
        if kind is None or text(identifier, "use") == "old" or not text(identifier, "value"):
            continue
        draft.places["ins"] = f"{patient.place}.identifier[{at}].value"
        draft.ins_kind = kind
        if kind.of_a_person:
            draft.ins = text(identifier, "value")
            return


def _read_telecom(patient: Resource, draft: Draft) -> None:
    draft.places |= dict.fromkeys(("email", "phone"), f"{patient.place}.telecom")
    for telecom in _in_order_of_use(patient, "telecom", _PHONE_USES):
        value, system = text(telecom.body, "value"), text(telecom.body, "system")
        if not value:
            continue
        if system == "email" and draft.email is None:
            draft.email = value.removeprefix("mailto:")
            draft.places["email"] = f"{telecom.place}.value"
        if system in {"phone", "sms"} and draft.phone is None:
            draft.phone = value.removeprefix("tel:")
            draft.places["phone"] = f"{telecom.place}.value"


def _read_residence(patient: Resource, draft: Draft) -> None:
    """Commune and postcode of one address, of one that tells its commune if there is one."""
    draft.places |= dict.fromkeys(("commune", "postcode"), f"{patient.place}.address")
    homes = _in_order_of_use(patient, "address", _ADDRESS_USES)
    home = next((each for each in homes if _commune(each.body)), None)
    home = home or next((each for each in homes if text(each.body, "postalCode")), None)
    if home is None:
        return
    draft.commune = _commune(home.body) or None
    draft.places["commune"] = f"{home.place}.extension.value"
    if has_french_postcodes(text(home.body, "country")):
        draft.postcode = text(home.body, "postalCode") or None
    draft.places["postcode"] = f"{home.place}.postalCode"


def _commune(address: Json) -> str:
    found = extension(address, *_COMMUNE) or extension(address.get("_city"), *_COMMUNE)
    if found is None:
        return ""
    return text(found.get("valueCoding"), "code") or text(found, "valueString")


def _read_language(patient: Resource, draft: Draft) -> None:
    draft.places["language"] = f"{patient.place}.communication"
    spoken = objects(patient.body, "communication")
    if len(spoken) > 1:
        spoken.sort(key=lambda one: one.get("preferred") is not True)
    codes = (each.code for one in spoken for each in codings(one.get("language")))
    draft.language = next(codes, None)


def _in_order_of_use(patient: Resource, name: str, uses: Iterable[str]) -> list[_Placed]:
    """What has one of some uses, the earlier uses first, within one in the document's order."""
    listed = [
        _Placed(body, f"{patient.place}.{name}[{at}]")
        for at, body in enumerate(objects(patient.body, name))
    ]
    if len(listed) == 1:
        return listed if text(listed[0].body, "use") in uses else []
    return [one for use in uses for one in listed if text(one.body, "use") == use]
