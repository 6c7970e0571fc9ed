"""Observations that add to a test: cycle threshold and variant screening."""

import re

from result_intake.draft import Draft
from result_intake.hl7.message import Observation, Order
from result_intake.hl7.observation import coded_values
from result_intake.hl7.segment import Segment
from result_intake.reporting_values import ct_value
from vigie.catalogue import disease_of_addition, disease_of_loinc
from vigie.catalogue.disease import Disease
from vigie.results.codes import Method

_SCREENING = re.compile(r"(?:[A-Z]\d[\s,;/+-]*)+", re.ASCII)
_PAIR = re.compile(r"([A-Z])(\d)", re.ASCII)


def is_addition(loinc: str) -> bool:
    """Whether a code is that of an observation that belongs to a test and is none itself."""
    return disease_of_addition(loinc) is not None


def read_additions(orders: list[Order], order: Order, draft: Draft) -> None:
    """Fill in Ct and variant screening of a NAAT, from its own order or a test-less one beside it.

    Of several Ct (one for each gene) the lowest is taken. Variant screening is the text or code
    of OBX-5 in the French notation, `A0C1D0`.
    """
    disease = disease_of_loinc(draft.loinc or "")
    if disease is None or disease.loinc[draft.loinc or ""] is not Method.NAAT:
        return
    beside = [
        other
        for other in orders
        if other is order or (other.patient is order.patient and not _has_test(other))
    ]
    observations = [each for each_order in beside for each in each_order.observations]
    _cycle_threshold(observations, disease, draft)
    _variant(observations, disease, draft)


def _has_test(order: Order) -> bool:
    return any(disease_of_loinc(each.loinc) for each in order.observations)


def _cycle_threshold(observations: list[Observation], disease: Disease, draft: Draft) -> None:
    given = [
        (each.segment.value(5), each.number)
        for each in observations
        if each.loinc in disease.cycle_threshold and each.segment.value(5)
    ]
    if given:
        text, number = min(given, key=lambda each: ct_value(each[0]) or float("inf"))
        draft.cycle_threshold = text
        draft.places["cycle_threshold"] = f"OBX[{number}]-5"


def _variant(observations: list[Observation], disease: Disease, draft: Draft) -> None:
    for each in observations:
        if each.loinc not in disease.variant:
            continue
        draft.places["variant"] = f"OBX[{each.number}]-5"
        if written := next(filter(_SCREENING.fullmatch, _texts(each.segment)), None):
            draft.variant = tuple((letter, figure) for letter, figure in _PAIR.findall(written))
        else:
            draft.fault("variant-malformed", "variant")
        return


def _texts(segment: Segment) -> list[str]:
    values = [each.value(1) for each in segment.repetitions(5)]
    return [*values, *(code.code for code in coded_values(segment))]
