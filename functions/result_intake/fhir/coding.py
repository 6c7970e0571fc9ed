"""Codings of a Bundle: LOINC and the others."""

from collections.abc import Iterator

from result_intake.draft import Coded
from result_intake.fhir.resource import Json, objects, text

_LOINC = frozenset({"http://loinc.org", "urn:oid:2.16.840.1.113883.6.1"})


def codings(concept: object) -> Iterator[Coded]:
    """The codes of a CodeableConcept, in their order."""
    for coding in objects(concept, "coding"):
        if code := text(coding, "code"):
            yield Coded(code, text(coding, "system"))


def loinc_of(observation: Json) -> str:
    """The code of what was observed: the LOINC coding, else one without a system, else the first.

    A code of a local system is no LOINC code, and no disease has it: the rules tell it.
    """
    codes = list(codings(observation.get("code")))
    if len(codes) == 1:
        return codes[0].code
    of_loinc = [each.code for each in codes if each.system in _LOINC]
    unsaid = [each.code for each in codes if not each.system]
    return next(iter([*of_loinc, *unsaid, *(each.code for each in codes)]), "")
