"""Who prescribed a test and where it was done."""

import re
from collections.abc import Iterator

from result_intake.draft import Draft
from result_intake.fhir.bundle import Bundle
from result_intake.fhir.case import Case
from result_intake.fhir.coding import codings
from result_intake.fhir.resource import Json, Resource, objects, text

_RPPS_SYSTEMS = frozenset({"urn:oid:1.2.250.1.71.4.2.1", "https://rpps.esante.gouv.fr"})
# IdNat_PS: the kind of number, 8 for RPPS, before the number itself.
_ID_NATIONAL = re.compile(r"8(\d{11})", re.ASCII)
_FINESS_SYSTEM = "https://finess.esante.gouv.fr"
_FINESS_TYPES = frozenset({"FINESS", "FINEG", "FINEJ"})  # of any, a site, a legal entity (FR Core)


def read_prescriber(bundle: Bundle, case: Case, draft: Draft) -> None:
    """Fill in the RPPS number of who requested the test."""
    draft.places["prescriber"] = case.observation.place
    for request in case.requests:
        draft.places["prescriber"] = f"{request.place}.requester"
        for identifier, place in _identifiers(bundle, request):
            kinds = {each.code for each in codings(identifier.get("type"))}
            written = text(identifier, "value")
            # A number of ADELI, the older register, has the same authority.
            of_rpps = text(identifier, "system") in _RPPS_SYSTEMS and "ADELI" not in kinds
            if written and (of_rpps or "RPPS" in kinds):
                number = _ID_NATIONAL.fullmatch(written)
                draft.prescriber = number[1] if number else written
                draft.places["prescriber"] = place
                return


def read_testing_centre(bundle: Bundle, case: Case, draft: Draft) -> None:
    """Fill in the performer's name, and its FINESS: the Observation's, else the report's."""
    draft.places |= dict.fromkeys(
        ("testing_centre", "establishment"), f"{case.observation.place}.performer"
    )
    for resource in reversed(case.told):
        for at, reference in enumerate(objects(resource.body, "performer")):
            found = bundle.follow(resource, reference, kinds="Organization")
            name = text(found.body, "name") if found else text(reference, "display")
            if name:
                here = f"{resource.place}.performer[{at}].display"
                draft.testing_centre = name
                draft.places["testing_centre"] = f"{found.place}.name" if found else here
                if found:
                    _read_establishment(found, draft)
                return


def _read_establishment(organization: Resource, draft: Draft) -> None:
    for at, identifier in enumerate(objects(organization.body, "identifier")):
        kinds = {each.code for each in codings(identifier.get("type"))}
        if text(identifier, "system") == _FINESS_SYSTEM or kinds & _FINESS_TYPES:
            draft.establishment = text(identifier, "value") or None
            draft.places["establishment"] = f"{organization.place}.identifier[{at}].value"
            return


def _identifiers(bundle: Bundle, request: Resource) -> Iterator[tuple[Json, str]]:
    """The identifiers of the requester: its own, its role's, and the reference's."""
    reference = request.body.get("requester")
    role = bundle.follow(request, reference, kinds="PractitionerRole")
    if role:
        person = bundle.follow(role, role.body.get("practitioner"), kinds="Practitioner")
    else:
        person = bundle.follow(request, reference, kinds="Practitioner")
    for resource in (person, role):
        for at, identifier in enumerate(objects(resource.body, "identifier") if resource else ()):
            yield identifier, f"{resource.place if resource else ''}.identifier[{at}].value"
    for identifier in objects(reference, "identifier"):
        yield identifier, f"{request.place}.requester.identifier.value"
