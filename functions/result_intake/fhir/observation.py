"""What was tested, found and when: Observation, DiagnosticReport, Specimen, Device."""

from collections.abc import Iterable, Iterator

from result_intake.draft import Draft
from result_intake.fhir.bundle import Bundle
from result_intake.fhir.case import Case
from result_intake.fhir.coding import codings
from result_intake.fhir.local_id import read_local_id
from result_intake.fhir.ordering import read_order_token
from result_intake.fhir.people import read_prescriber, read_testing_centre
from result_intake.fhir.resource import Resource, objects, text
from result_intake.fhir.status import read_status
from result_intake.moment import iso_moment
from vigie.catalogue import disease_of_loinc
from vigie.catalogue.result_codes import outcome_of_code
from vigie.results.codes import Status

_NOTHING: tuple[object, ...] = (None, "", {}, [])
_WITHOUT_OUTCOME = frozenset({Status.NOT_OBTAINABLE, Status.WITHDRAWN})


def read_observation(bundle: Bundle, case: Case, draft: Draft) -> None:
    """Fill in all that is not about the person.

    The order in which times and names are looked for is that of HL7 v2 (SPM-17, OBR-7, OBX-14;
    OBR-22, OBX-19, MSH-7; OBX-23), so that a result sent in both formats is one.
    """
    read_local_id(case, draft)
    read_status(case.observation, case.report, draft)
    _read_outcomes(case.observation, draft)
    _read_time(draft, "sampled_at", _sampled(bundle, case))
    _read_time(draft, "reported_at", _reported(bundle, case))
    _read_device(bundle, case.observation, draft)
    read_prescriber(bundle, case, draft)
    read_testing_centre(bundle, case, draft)
    read_order_token(case, draft)
    if case.contradictory:
        draft.fault("subject-contradictory", place=f"{case.observation.place}.subject")


def _read_outcomes(observation: Resource, draft: Draft) -> None:
    """Every code of the value; without one, those of the interpretation that are known."""
    body = observation.body
    draft.places["outcomes"] = f"{observation.place}.value"
    draft.outcomes = tuple(codings(body.get("valueCodeableConcept")))
    if draft.outcomes:
        return
    flags = (each for concept in objects(body, "interpretation") for each in codings(concept))
    draft.outcomes = tuple(each for each in flags if outcome_of_code(*each) is not None)
    if draft.outcomes or draft.status in _WITHOUT_OUTCOME:
        return
    if any(name.startswith("value") and body[name] not in _NOTHING for name in body):
        draft.fault("outcome-not-coded", "outcomes")


def _sampled(bundle: Bundle, case: Case) -> Iterator[tuple[str, str]]:
    for resource in reversed(case.told):
        references = objects(resource.body, "specimen")
        if specimen := bundle.follow(resource, *references, kinds="Specimen"):
            collection = specimen.body.get("collection")
            yield from _choice(collection, "collected", f"{specimen.place}.collection")
            break
    for resource in case.told:
        yield from _choice(resource.body, "effective", resource.place)


def _reported(bundle: Bundle, case: Case) -> Iterator[tuple[str, str]]:
    for one in case.told:
        yield text(one.body, "issued"), f"{one.place}.issued"
    yield text(bundle.body, "timestamp"), f"{bundle.place}.timestamp"


def _choice(body: object, name: str, place: str) -> Iterator[tuple[str, str]]:
    """What an element of type dateTime, instant or Period says, and where."""
    for kind in ("DateTime", "Instant"):
        yield text(body, name + kind), f"{place}.{name}"
    period = body.get(f"{name}Period") if isinstance(body, dict) else None
    yield text(period, "start"), f"{place}.{name}.start"


def _read_time(draft: Draft, field: str, told: Iterable[tuple[str, str]]) -> None:
    """The first that is a time; a fault if some are given and none is one."""
    unread = first = ""
    for written, place in told:
        first = first or place
        if not written:
            continue
        if moment := iso_moment(written):
            setattr(draft, field, moment)
            draft.places[field] = place
            return
        unread = unread or place
    draft.places[field] = unread or first
    if unread:
        draft.fault(f"{field.replace('_', '-')}-malformed", field)


def _read_device(bundle: Bundle, observation: Resource, draft: Draft) -> None:
    """The identifier that the EU common list has, else the first."""
    place = f"{observation.place}.device"
    reference = observation.body.get("device")
    draft.places["device"] = place
    if reference is None:
        return
    device = bundle.follow(observation, reference, kinds="Device")
    if device:
        reference, place = device.body, device.place
    given = [
        (value, f"{place}.identifier[{at}].value")
        for at, identifier in enumerate(objects(reference, "identifier"))
        if (value := text(identifier, "value"))
    ]
    disease = disease_of_loinc(draft.loinc or "")
    listed = [each for each in given if disease and each[0] in disease.devices]
    draft.device, draft.places["device"] = next(iter(listed or given), (None, place))
