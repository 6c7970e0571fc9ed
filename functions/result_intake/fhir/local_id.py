"""The laboratory's own name of a test: the same as in HL7 v2 (OBR-3, OBX-3, OBX-4)."""

from collections.abc import Iterator

from result_intake.draft import Draft
from result_intake.fhir.case import Case
from result_intake.fhir.coding import codings
from result_intake.fhir.resource import Json, Resource, extension, objects, text

_SUB_ID = "http://hl7.org/fhir/StructureDefinition/observation-v2-subid"
_FILLER = frozenset({"FILL"})
# Numbers that somebody else than the laboratory gave (HL7 table 0203).
_NOT_THE_LABORATORYS = frozenset({"PLAC", "PGN"})


def read_local_id(case: Case, draft: Draft) -> None:
    """Fill in accession, LOINC code and sub-identifier."""
    observation = case.observation
    draft.places |= {
        "loinc": f"{observation.place}.code",
        "sub_id": f"{observation.place}.extension",
    }
    draft.loinc = case.code or None
    if sub_id := extension(observation.body, _SUB_ID):
        draft.sub_id = _sub_id(sub_id)
    _read_accession(case, draft)


def _sub_id(told: Json) -> str:
    """The text of the extension, or of its parts as OBX-4 has them (type OG)."""
    if found := text(extension(told, "original-sub-identifier") or told, "valueString"):
        return found
    parts = (extension(told, name) for name in ("group", "sequence", "identifier"))
    return ".".join(filter(None, (_text_or_number(part) for part in parts)))


def _text_or_number(part: Json | None) -> str:
    names = ("valueString", "valueDecimal", "valueInteger")
    return next(filter(None, (text(part, name) for name in names)), "")


def _read_accession(case: Case, draft: Draft) -> None:
    draft.places["accession"] = f"{case.told[0].place}.identifier"
    for resource, types in _sources(case):
        for at, identifier in enumerate(objects(resource.body, "identifier")):
            kinds = {each.code for each in codings(identifier.get("type"))}
            wanted = kinds & types if types else not kinds & _NOT_THE_LABORATORYS
            if wanted and (value := text(identifier, "value")):
                draft.accession = value
                draft.places["accession"] = f"{resource.place}.identifier[{at}].value"
                return


def _sources(case: Case) -> Iterator[tuple[Resource, frozenset[str]]]:
    """Where to look, and for which types of identifier; any but the orderer's if none is said."""
    if case.report:
        yield case.report, _FILLER
    for request in case.requests:
        yield request, _FILLER
    for resource in case.told:
        yield resource, frozenset()
