"""Codes of coded elements (CE, CWE), and the code of what was observed."""

from functools import lru_cache

from result_intake.draft import Coded
from result_intake.hl7.delimiters import Delimiters
from result_intake.hl7.segment import Repetition, Segment
from vigie.catalogue.questions import is_question

_LOINC = frozenset({"LN", "LOINC", "2.16.840.1.113883.6.1"})
_MOST_KEPT = 256  # characters
_TRIPLETS = (1, 4, 10)  # CWE: identifier, alternate, second alternate; text and system follow


def codes_of(field: Repetition) -> list[Coded]:
    """The codes of an element, in their order."""
    return [
        Coded(code, field.value(start + 2)) for start in _TRIPLETS if (code := field.value(start))
    ]


def codes_of_field(segment: Segment, field: int) -> tuple[Coded, ...]:
    """The codes of all repetitions of a coded field."""
    written = segment.raw(field)
    if len(written) <= _MOST_KEPT:
        return _kept_codes(written, segment.delimiters)
    return tuple(code for each in segment.repetitions(field) for code in codes_of(each))


@lru_cache(maxsize=256)
def _kept_codes(written: str, signs: Delimiters) -> tuple[Coded, ...]:
    # Codes are the same in many messages, and of no person.
    field = Segment(f"OBX{signs.field}{written}", signs)
    return tuple(code for each in field.repetitions(1) for code in codes_of(each))


def loinc_of(observation: Segment) -> str:
    """The code of what was observed (OBX-3): the LOINC code of any triplet, else the first code.

    A code without a system is taken for LOINC; of a local system, it is no LOINC code.
    """
    return _nearest(codes_of_field(observation, 3))


def asks_a_question(written: str, signs: Delimiters) -> bool:
    """Whether what stands in OBX-3 is a question asked at ordering, by its code."""
    return len(written) <= _MOST_KEPT and _asks(written, signs)


@lru_cache(maxsize=256)
def _asks(written: str, signs: Delimiters) -> bool:
    return is_question(_nearest(_kept_codes(written, signs)))


def _nearest(codes: tuple[Coded, ...]) -> str:
    if len(codes) == 1:
        return codes[0].code
    return min(codes, key=_distance, default=Coded("")).code


def _distance(code: Coded) -> int:
    """How far a code is from being one of LOINC."""
    if code.system.upper() in _LOINC:
        return 0
    return 2 if code.system else 1
