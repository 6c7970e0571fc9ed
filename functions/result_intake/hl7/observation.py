"""What was tested and found: OBX, OBR, ORC, SPM (HL7 v2.5.1 §4.5, §7.4)."""

import re
from typing import NamedTuple

from result_intake.draft import Coded, Draft
from result_intake.hl7.coding import codes_of, codes_of_field
from result_intake.hl7.message import Observation, Order
from result_intake.hl7.segment import Segment
from result_intake.hl7.statuses import read_status
from result_intake.hl7.times import read_moment
from vigie.catalogue import disease_of_loinc
from vigie.catalogue.result_codes import outcome_of_code
from vigie.results.codes import Status

_CODED_TYPES = frozenset({"CE", "CWE", "CNE", "CF", "ID", "IS"})
# Of these nothing is a code, whatever stands where a code system would.
_NUMBERS_AND_TIMES = frozenset({"NM", "SN", "NR", "SI", "DT", "DTM", "TM", "TS", "DR"})
_RPPS_OID = "1.2.250.1.71.4.2.1"  # ANS: "identifiant national de professionnel"
# Who assigned the number of an order (EI-2): the app did, and not the laboratory's own client.
_ORDERED_BY_APP = "VIGIE"
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
    - Sampling time: SPM-17 of the specimen (`Order.specimen_of`), else OBR-7, else OBX-14: what
      is said of the specimen comes first.
    - Time of the report: OBR-22, else OBX-19, else MSH-7.
    - Outcome: every code of OBX-5; without one, those of OBX-8 (POS, NEG, DET, ND, IND …).
    - Device: OBX-17, else OBX-18, else PRT-10 (EQUIP), by its id in the EU common list.
    - Testing centre: OBX-23, else OBX-15, else PRT-8 (PO). Its FINESS: OBX-23-10, else MSH-4.
    - Prescriber: OBR-16, else ORC-12, else PRT-5 (OP), where it is a RPPS.
    - Token of the order: OBR-2, else ORC-2, where its namespace is `VIGIE`.
    """
    segment = observation.segment
    draft.loinc, draft.sub_id = observation.loinc or None, _sub_id(segment)
    _accession(order, draft)
    read_status(order, observation, draft)
    _outcomes(segment, draft)
    sampled = ((order.specimen_of(observation), 17), (order.request, 7), (segment, 14))
    reported = ((order.request, 22), (segment, 19), (header, 7))
    _moment("sampled_at", "sampled-at-malformed", sampled, zone, draft)
    _moment("reported_at", "reported-at-malformed", reported, zone, draft)
    _device(observation, draft)
    _testing_centre(order, observation, draft)
    _establishment(segment, header, draft)
    _prescriber(order, draft)
    _order_token(order, draft)


def coded_values(observation: Segment) -> tuple[Coded, ...]:
    """The codes of OBX-5 where its type (OBX-2), or a system beside it, says that it is coded."""
    kind = observation.value(2).upper()
    if kind in _NUMBERS_AND_TIMES:
        return ()
    if kind in _CODED_TYPES:
        return codes_of_field(observation, 5)
    fields = observation.repetitions(5)
    return tuple(code for each in fields for code in codes_of(each) if code.system)


def written_number(observation: Segment) -> str:
    """The number in OBX-5; of a structured one (SN) that is none, all of its parts.

    `^23.4` and `=^23.4` are 23.4; `<^20` stays `<20`, `^1^:^128` stays `1:128`.
    """
    if observation.value(2).upper() != "SN":
        return observation.value(5)
    comparator, *number = (observation.value(5, part) for part in (1, 2, 3, 4))
    return "".join(number) if comparator == "=" else comparator + "".join(number)


def _sub_id(segment: Segment) -> str:
    """OBX-4; since v2.8.2 of type OG, whose parts name the observation where the first is empty."""
    if (first := segment.value(4)) or not segment.raw(4):
        return first
    return ".".join(filter(None, (segment.value(4, part) for part in (2, 3, 4))))


def _accession(order: Order, draft: Draft) -> None:
    for segment in (order.request, order.common):
        if segment and (text := segment.value(3)):
            draft.accession, draft.places["accession"] = text, f"{segment.place}-3"
            return


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
    fields: tuple[tuple[Segment | None, int], ...],
    zone: int | None,
    draft: Draft,
) -> None:
    """The first of the fields that is a time; a fault if some are filled and none is one."""
    unread = first = ""
    for segment, field in fields:
        if segment is None:
            continue
        first = first or f"{segment.place}-{field}"
        if not (text := segment.value(field)):
            continue
        at = f"{segment.place}-{field}"
        if moment := read_moment(text, zone):
            setattr(draft, name, moment)
            draft.places[name] = at
            return
        unread = unread or at
    draft.places[name] = unread or first
    if unread:
        draft.fault(fault, name)


def _device(observation: Observation, draft: Draft) -> None:
    told = observation.segment.raw(17) or observation.segment.raw(18) or observation.participants
    if not told:
        return
    disease = disease_of_loinc(draft.loinc or "")
    segment = observation.segment
    at = segment.place
    given = [
        _Found(code.code, f"{at}-17") for each in segment.repetitions(17) for code in codes_of(each)
    ]
    given += [_Found(each.value(1), f"{at}-18") for each in segment.repetitions(18)]
    given += [
        _Found(each.value(10), f"{each.place}-10")
        for each in observation.participants
        if each.value(4) == "EQUIP" and each.value(10)
    ]
    listed = [each for each in given if disease and each.text in disease.devices]
    if found := next(iter(listed or given), None):
        draft.device, draft.places["device"] = found.text or None, found.place


def _testing_centre(order: Order, observation: Observation, draft: Draft) -> None:
    segment = observation.segment
    draft.testing_centre = segment.value(23) or segment.value(15, 2) or None
    if draft.testing_centre:
        return
    for each in (*observation.participants, *order.participants):
        if each.value(4) == "PO" and each.value(8):
            draft.testing_centre = each.value(8)
            draft.places["testing_centre"] = f"{each.place}-8"
            return


def _establishment(segment: Segment, header: Segment, draft: Draft) -> None:
    for each in segment.repetitions(23) if segment.delimiters.component in segment.raw(23) else ():
        if each.value(7) in _FINESS_TYPES and (number := each.value(10) or each.value(3)):
            draft.establishment = number
            return
    if header.value(4, 3) in _FINESS_TYPES and (number := header.value(4, 2)):
        draft.establishment, draft.places["establishment"] = number, "MSH-4-2"


def _prescriber(order: Order, draft: Draft) -> None:
    told = [(order.request, 16), (order.common, 12)]
    told += [(each, 5) for each in order.participants if each.value(4) == "OP"]
    for segment, field in told:
        if segment is None or not segment.raw(field):
            continue
        for each in segment.repetitions(field):
            authority, kind = each.value(9, 2), each.value(13)
            # A number of ADELI, the older register, has the same authority.
            if (authority == _RPPS_OID and kind != "ADELI") or kind == "RPPS":
                number = _ID_NATIONAL.fullmatch(each.value(1))
                draft.prescriber = number[1] if number else each.value(1)
                draft.places["prescriber"] = f"{segment.place}-{field}"
                return


def _order_token(order: Order, draft: Draft) -> None:
    for segment in (order.request, order.common):
        if segment and segment.value(2, 2) == _ORDERED_BY_APP and (token := segment.value(2)):
            draft.order_token, draft.places["order_token"] = token, f"{segment.place}-2"
            return
