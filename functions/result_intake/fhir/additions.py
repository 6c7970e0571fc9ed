"""Observations that add to a test: cycle threshold, variant screening and lineage."""

from collections import defaultdict
from collections.abc import Iterator

from result_intake.draft import Draft
from result_intake.fhir.bundle import Bundle
from result_intake.fhir.case import Case, patient_of
from result_intake.fhir.coding import codings, loinc_of
from result_intake.fhir.resource import MAX_DETAILS, Json, Resource, objects, text
from result_intake.fhir.status import is_taken_back
from result_intake.fhir.walk import Found
from result_intake.reporting_values import ct_value, screening
from result_intake.screening_notation import pairs_of
from vigie.catalogue import disease_of_addition, disease_of_loinc
from vigie.catalogue.screening import Lineages
from vigie.errors import Rejected
from vigie.results.codes import Method


def is_addition(found: Found) -> bool:
    """Whether an Observation belongs to a test and is none itself."""
    return disease_of_addition(found.code) is not None


class Additions:
    """The additions of a Bundle, found for each test.

    They are components of the test's Observation, Observations of its report, and those of the
    same person that stand alone or in a report without a test.

    Args:
        bundle: the Bundle.
        found: all its Observations.
    """

    def __init__(self, bundle: Bundle, found: list[Found]) -> None:
        self._beside: defaultdict[tuple[str, str], list[Resource]] = defaultdict(list)
        added = [one for one in found if is_addition(one)]
        with_test = {
            one.report.place
            for one in (found if added else ())
            if one.report and disease_of_loinc(one.code)
        }
        for one in added:
            if one.observation is None or is_taken_back(one.observation):
                continue
            of_test = one.report is not None and one.report.place in with_test
            beside = one.report if of_test else _patient_of(bundle, one)
            if beside:
                key = (beside.place, one.code)
                self._beside[key].append(one.observation)

    def read(self, case: Case, draft: Draft) -> None:
        """Fill in Ct, screening and lineage of a NAAT; of several Ct the lowest is taken."""
        if not self._beside and "component" not in case.observation.body:
            return
        disease = disease_of_loinc(draft.loinc or "")
        if disease is None or disease.loinc[draft.loinc or ""] is not Method.NAAT:
            return
        _read_cycle_threshold(list(self._of(case, disease.cycle_threshold)), draft)
        _read_variant(list(self._of(case, disease.variant)), draft)
        if disease.lineage:
            found = list(self._of(case, disease.lineage.loinc))
            _read_lineage(found, disease.lineage, draft)

    def _of(self, case: Case, codes: tuple[str, ...]) -> Iterator[Resource]:
        observation = case.observation
        for at, component in enumerate(objects(observation.body, "component")):
            if loinc_of(component) in codes:
                yield Resource(component, f"{observation.place}.component[{at}]", "")
        for place in [one.place for one in (case.report, case.patient) if one]:
            for code in codes:
                yield from self._beside.get((place, code), ())[:MAX_DETAILS]


def _patient_of(bundle: Bundle, found: Found) -> Resource | None:
    try:
        return patient_of(bundle, found)
    except Rejected:
        # The rule is told of the test: what nobody can tell whose it is adds to none.
        return None


def _read_cycle_threshold(additions: list[Resource], draft: Draft) -> None:
    given = [
        (value, f"{one.place}.value")
        for one in additions
        if (value := _quantity(one.body) or _written(one.body))
    ]
    if given:
        lowest = min(given, key=lambda each: ct_value(each[0]) or float("inf"))
        draft.cycle_threshold, draft.places["cycle_threshold"] = lowest


def _quantity(body: Json) -> str:
    """The number of a Quantity, behind what makes it none (`<20`)."""
    quantity = body.get("valueQuantity")
    value = text(quantity, "value")
    return value and text(quantity, "comparator") + value


def _read_variant(additions: list[Resource], draft: Draft) -> None:
    for one in additions[:1]:
        draft.places["variant"] = f"{one.place}.value"
        pairs = next(
            (found for each in _texts(one.body) if screening(found := pairs_of(each)) and found), ()
        )
        draft.variant = pairs
        if not pairs:
            draft.fault("variant-malformed", "variant")


def _read_lineage(additions: list[Resource], lineages: Lineages, draft: Draft) -> None:
    for one in additions[:1]:
        texts = list(filter(None, _texts(one.body)))
        draft.places["lineage"] = f"{one.place}.value"
        draft.lineage = next(filter(lineages.name_of, texts), None) or next(iter(texts), None)


def _texts(body: Json) -> list[str]:
    concept = body.get("valueCodeableConcept")
    return [_written(body), text(concept, "text"), *(each.code for each in codings(concept))]


def _written(body: Json) -> str:
    return text(body, "valueString") or text(body, "valueInteger")
