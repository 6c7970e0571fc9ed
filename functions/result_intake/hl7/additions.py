"""Observations that add to a test: cycle threshold, variant screening and lineage."""

import re
from collections import defaultdict

from result_intake.draft import Draft
from result_intake.hl7.message import Observation, Order
from result_intake.hl7.observation import coded_values, written_number
from result_intake.hl7.segment import Segment
from result_intake.hl7.statuses import is_taken_back
from result_intake.reporting_values import ct_value
from vigie.catalogue import disease_of_addition, disease_of_loinc
from vigie.catalogue.screening import Lineages
from vigie.results.codes import Method

_SCREENING = re.compile(r"(?:[A-Z]\d[\s,;/+-]*)+", re.ASCII)
_PAIR = re.compile(r"([A-Z])(\d)", re.ASCII)
# Of one code, for one test: work for each test stays bounded.
MAX_ADDITIONS = 50


def is_addition(loinc: str) -> bool:
    """Whether a code is that of an observation that belongs to a test and is none itself."""
    return disease_of_addition(loinc) is not None


class Additions:
    """The additions of a message, found for each test: those of its order, then of orders beside.

    Beside are the orders of the same patient that have no test.

    Args:
        found: every order of the message.
    """

    def __init__(self, found: list[Order]) -> None:
        self._found: defaultdict[tuple[int, str], list[Observation]] = defaultdict(list)
        if not any(is_addition(each.loinc) for order in found for each in order.observations):
            return
        for order in found:
            has_test = any(disease_of_loinc(each.loinc) for each in order.observations)
            belongs_to = order if has_test else order.patient
            for each in order.observations:
                if is_addition(each.loinc) and not is_taken_back(each.segment):
                    self._found[id(belongs_to), each.loinc].append(each)

    def read(self, order: Order, draft: Draft) -> None:
        """Fill in Ct, variant screening and lineage of a NAAT.

        Of several Ct (one for each gene) the lowest is taken. Variant screening is the text or
        code of OBX-5 in the French notation, `A0C1D0`.
        """
        if not self._found:
            return
        disease = disease_of_loinc(draft.loinc or "")
        if disease is None or disease.loinc[draft.loinc or ""] is not Method.NAAT:
            return
        _cycle_threshold(self._of(order, disease.cycle_threshold), draft)
        _variant(self._of(order, disease.variant), draft)
        if disease.lineage:
            _lineage(self._of(order, disease.lineage.loinc), disease.lineage, draft)

    def _of(self, order: Order, codes: tuple[str, ...]) -> list[Observation]:
        keys = ((id(owner), code) for owner in (order, order.patient) for code in codes)
        return [each for key in keys for each in self._found.get(key, ())[:MAX_ADDITIONS]]


def _cycle_threshold(observations: list[Observation], draft: Draft) -> None:
    written = ((written_number(each.segment), each.number) for each in observations)
    given = [(text, number) for text, number in written if text]
    if given:
        text, number = min(given, key=lambda each: ct_value(each[0]) or float("inf"))
        draft.cycle_threshold = text
        draft.places["cycle_threshold"] = f"OBX[{number}]-5"


def _variant(observations: list[Observation], draft: Draft) -> None:
    for each in observations[:1]:
        draft.places["variant"] = f"OBX[{each.number}]-5"
        if written := next(filter(_SCREENING.fullmatch, _texts(each.segment)), None):
            draft.variant = tuple((letter, figure) for letter, figure in _PAIR.findall(written))
        else:
            draft.fault("variant-malformed", "variant")


def _lineage(observations: list[Observation], lineages: Lineages, draft: Draft) -> None:
    for each in observations[:1]:
        texts = _texts(each.segment)
        draft.places["lineage"] = f"OBX[{each.number}]-5"
        draft.lineage = next(filter(lineages.name_of, texts), None) or next(iter(texts), None)


def _texts(segment: Segment) -> list[str]:
    values = [each.value(1) for each in segment.repetitions(5)]
    return [*values, *(code.code for code in coded_values(segment))]
