"""What was tested and found: OBX, OBR, ORC, SPM (HL7 v2.5.1 §4.5, §7.4)."""

import re
from typing import NamedTuple

from result_intake.draft import Coded, Draft
from result_intake.hl7.coding import codes_of
from result_intake.hl7.message import Observation, Order
from result_intake.hl7.segment import Segment
from result_intake.hl7.statuses import read_status
from result_intake.hl7.times import read_moment
from vigie.catalogue import disease_of_loinc
from vigie.catalogue.result_codes import outcome_of_code
from vigie.results.codes import Status

_CODED_TYPES = frozenset({"CE", "CWE", "CNE", "CF"})
_RPPS_OID = "1.2.250.1.71.4.2.1"  # ANS: "identifiant national de professionnel"
_FINESS_TYPES = frozenset({"FINESS", "FINEG", "FINEJ"})  # of any, a site, a legal entity
# IdNat_PS: the kind of number, 8 for RPPS, before the number itself.
_ID_NATIONAL = re.compile(r"8(\d{11})", re.ASCII)


class _Found(NamedTuple):
    text: str
    place: str


def read_observation(
    order: Order, observation: Observation, header: Segment, zone: int | None, draft: Draft
) -> None:
    """Fill in all that is not about the patient.

    - Laboratory's number: OBR-3, else ORC-3. Sub-identifier: OBX-4.
    - Sampling time: SPM-17, else OBR-7, else OBX-14: what is said of the specimen comes first.
    - Time of the report: OBR-22, else OBX-19, else MSH-7.
    - Outcome: every code of OBX-5; without one, those of OBX-8 (POS, NEG, DET, ND, IND …).
    - Device: OBX-17, else OBX-18, by its id in the EU common list.
    - Testing centre: OBX-23, else OBX-15. Its FINESS: OBX-23-10, else MSH-4.
    - Prescriber: OBR-16, else ORC-12, where it is a RPPS.
    """
    segment, at = observation.segment, f"OBX[{observation.number}]"
    draft.loinc, draft.sub_id = observation.loinc or None, segment.value(4)
    draft.places |= {"loinc": f"{at}-3", "sub_id": f"{at}-4", "outcomes": f"{at}-5"}
    request, common = order.request, order.common
    accession = _first((request, "OBR", 3), (common, "ORC", 3))
    draft.accession = accession.text or None
    draft.places["accession"] = accession.place
    read_status(order, observation, draft)
    _outcomes(segment, draft)
    specimen = order.specimens[0] if order.specimens else None
    sampled = ((specimen, "SPM", 17), (request, "OBR", 7), (segment, at, 14))
    reported = ((request, "OBR", 22), (segment, at, 19), (header, "MSH", 7))
    _moment("sampled_at", "sampled-at-malformed", sampled, zone, draft)
    _moment("reported_at", "reported-at-malformed", reported, zone, draft)
    _device(segment, at, draft)
    draft.testing_centre = segment.value(23) or segment.value(15, 2) or None
    draft.places["testing_centre"] = f"{at}-23"
    _establishment(segment, at, header, draft)
    _prescriber(request, common, draft)


def coded_values(observation: Segment) -> tuple[Coded, ...]:
    """The codes of OBX-5 where its type (OBX-2), or a system beside it, says that it is coded."""
    typed = observation.value(2).upper() in _CODED_TYPES
    return tuple(
        code
        for each in observation.repetitions(5)
        for code in codes_of(each)
        if typed or code.system
    )


def _outcomes(segment: Segment, draft: Draft) -> None:
    draft.outcomes = coded_values(segment)
    if draft.outcomes:
        return
    flags = (Coded(each.value(1), "HL70078") for each in segment.repetitions(8))
    draft.outcomes = tuple(code for code in flags if outcome_of_code(*code))
    needed = draft.status not in {Status.NOT_OBTAINABLE, Status.WITHDRAWN}
    if not draft.outcomes and segment.repetitions(5) and needed:
        draft.fault("outcome-not-coded", "outcomes")


def _moment(
    name: str,
    fault: str,
    fields: tuple[tuple[Segment | None, str, int], ...],
    zone: int | None,
    draft: Draft,
) -> None:
    """The first of the fields that is a time; a fault if some are filled and none is one."""
    found = [(segment, f"{at}-{field}", field) for segment, at, field in fields if segment]
    filled = [(place, segment.value(field)) for segment, place, field in found]
    filled = [(place, text) for place, text in filled if text]
    for place, text in filled:
        if moment := read_moment(text, zone):
            setattr(draft, name, moment)
            draft.places[name] = place
            return
    draft.places[name] = filled[0][0] if filled else found[0][1]
    if filled:
        draft.fault(fault, name)


def _device(segment: Segment, at: str, draft: Draft) -> None:
    disease = disease_of_loinc(draft.loinc or "")
    given = [
        _Found(code.code, f"{at}-17") for each in segment.repetitions(17) for code in codes_of(each)
    ]
    given += [_Found(each.value(1), f"{at}-18") for each in segment.repetitions(18)]
    listed = [each for each in given if disease and each.text in disease.devices]
    found = next(iter(listed or given), _Found("", f"{at}-17"))
    draft.device, draft.places["device"] = found.text or None, found.place


def _establishment(segment: Segment, at: str, header: Segment, draft: Draft) -> None:
    draft.places["establishment"] = f"{at}-23-10"
    for each in segment.repetitions(23):
        if each.value(7) in _FINESS_TYPES and (number := each.value(10) or each.value(3)):
            draft.establishment = number
            return
    for each in header.repetitions(4):
        if each.value(3) in _FINESS_TYPES and each.value(2):
            draft.establishment, draft.places["establishment"] = each.value(2), "MSH-4-2"


def _prescriber(request: Segment | None, common: Segment | None, draft: Draft) -> None:
    for segment, place, field in ((request, "OBR-16", 16), (common, "ORC-12", 12)):
        for each in segment.repetitions(field) if segment else ():
            authority, kind = each.value(9, 2), each.value(13)
            if authority == _RPPS_OID or kind == "RPPS":
                number = _ID_NATIONAL.fullmatch(each.value(1))
                draft.prescriber = number[1] if number else each.value(1)
                draft.places["prescriber"] = place
                return


def _first(*fields: tuple[Segment | None, str, int]) -> _Found:
    for segment, name, field in fields:
        if segment and (text := segment.value(field)):
            return _Found(text, f"{name}-{field}")
    return _Found("", f"{fields[0][1]}-{fields[0][2]}")
