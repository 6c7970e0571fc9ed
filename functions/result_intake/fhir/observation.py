"""One test: Observation, with what its report, request, specimen and device say of it."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from result_intake.draft import Coded, Draft
from result_intake.fhir.resource import Bundle, Json, Resource, extension, objects, text
from result_intake.fhir.status import read_status
from result_intake.moment import iso_moment

LOINC_SYSTEM = "http://loinc.org"
RPPS_SYSTEMS = frozenset({
    "urn:oid:1.2.250.1.71.4.2.1",
    "https://rpps.esante.gouv.fr",
    "http://rpps.fr",
})  # fmt: skip
_SUB_ID = "http://hl7.org/fhir/StructureDefinition/observation-v2-subid"
_FILLER = "FILL"
# Identifiers that somebody else than the laboratory gave (HL7 table 0203).
_NOT_THE_LABORATORYS = frozenset({"PLAC", "PGN"})
_DEVICE_LIST = "jrc.ec.europa.eu"


class Case(NamedTuple):
    """An Observation and the resources that it is read with."""

    observation: Resource
    report: Resource | None
    requests: tuple[Resource, ...]
    patient: Resource | None


def case_of(bundle: Bundle, observation: Resource, report: Resource | None) -> Case:
    """Follow an Observation's references to the requests and the person."""
    requests = tuple(
        found
        for one in (observation, report)
        if one
        for reference in objects(one.body, "basedOn")
        if (found := bundle.follow(one, reference, kinds="ServiceRequest"))
    )
    return Case(observation, report, requests, _patient(bundle, observation, report))


def read_observation(bundle: Bundle, case: Case, draft: Draft) -> None:
    """Fill in a draft from an Observation and what it refers to."""
    observation, report = case.observation, case.report
    _read_local_id(case, draft)
    read_status(observation, report, draft)
    draft.places["outcome"] = f"{observation.place}.valueCodeableConcept"
    draft.outcomes = tuple(_codes(observation.body.get("valueCodeableConcept")))
    _read_times(bundle, case, draft)
    _read_people(bundle, case, draft)
    _read_device(bundle, observation, draft)
    if _is_of_two_persons(bundle, case):
        draft.fault("subject-contradictory", place=f"{observation.place}.subject")


def loinc_of(observation: Resource) -> str:
    """The LOINC code of what was observed; empty without one."""
    codes = _codes(observation.body.get("code"))
    return next((coded.code for coded in codes if coded.system == LOINC_SYSTEM), "")


def _patient(bundle: Bundle, observation: Resource, report: Resource | None) -> Resource | None:
    """The Patient whom the Observation, else its report, names; the only one if none is named."""
    told = [one for one in (observation, report) if one and "subject" in one.body]
    for one in told:
        if found := bundle.follow(one, one.body["subject"], kinds="Patient"):
            return found
    if told:
        return None
    patients = list(islice(bundle.of_kind("Patient"), 2))
    return patients[0] if len(patients) == 1 else None


def _is_of_two_persons(bundle: Bundle, case: Case) -> bool:
    """Whether the Observation and its report lead to different Patients."""
    places = {
        found.place
        for one in (case.observation, case.report)
        if one and (found := bundle.follow(one, one.body.get("subject"), kinds="Patient"))
    }
    return len(places) > 1


def _read_local_id(case: Case, draft: Draft) -> None:
    observation = case.observation
    draft.places |= {
        "loinc": f"{observation.place}.code",
        "sub_id": f"{observation.place}.extension",
    }
    draft.loinc = loinc_of(observation) or None
    sub_id = extension(observation.body, _SUB_ID)
    if sub_id:
        original = extension(sub_id, "original-sub-identifier")
        draft.sub_id = text(original or sub_id, "valueString")
    _read_accession(case, draft)


def _read_accession(case: Case, draft: Draft) -> None:
    """The filler's number of the order (HL7 OBR-3), by whichever way the Bundle says it."""
    source = case.report or case.observation
    draft.places["accession"] = f"{source.place}.identifier"
    for resource, types in _identifier_sources(case):
        for at, identifier in enumerate(objects(resource.body, "identifier")):
            kinds = {one.code for one in _codes(identifier.get("type"))}
            wanted = kinds & types if types else not kinds & _NOT_THE_LABORATORYS
            if wanted and (value := text(identifier, "value")):
                draft.accession = value
                draft.places["accession"] = f"{resource.place}.identifier[{at}].value"
                return


def _identifier_sources(case: Case) -> Iterator[tuple[Resource, frozenset[str]]]:
    filler = frozenset({_FILLER})
    if case.report:
        yield case.report, filler
    for request in case.requests:
        yield request, filler
    if case.report:
        yield case.report, frozenset()
    yield case.observation, frozenset()


def _read_times(bundle: Bundle, case: Case, draft: Draft) -> None:
    observation, report = case.observation, case.report
    told = [one for one in (observation, report) if one]
    specimen = bundle.follow(observation, observation.body.get("specimen"), kinds="Specimen") or (
        report and bundle.follow(report, *objects(report.body, "specimen"), kinds="Specimen")
    )
    sampled = [*_periods(specimen, "collection.collected")] if specimen else []
    sampled += [time for one in told for time in _periods(one, "effective")]
    issued = [(text(one.body, "issued"), f"{one.place}.issued") for one in told]
    _read_time(draft, "sampled_at", sampled)
    _read_time(draft, "reported_at", issued)


def _read_time(draft: Draft, field: str, told: list[tuple[str, str]]) -> None:
    """Take the first time that is told."""
    written, draft.places[field] = next((one for one in told if one[0]), told[0])
    if not written:
        return
    found = iso_moment(written)
    if found is None:
        draft.fault(f"{field.replace('_', '-')}-malformed", field)
    elif field == "sampled_at":
        draft.sampled_at = found
    else:
        draft.reported_at = found


def _periods(resource: Resource, path: str) -> Iterator[tuple[str, str]]:
    """A choice of dateTime, instant and Period: what it says, and where."""
    *steps, name = path.split(".")
    body: object = resource.body
    for step in steps:
        body = body.get(step) if isinstance(body, dict) else None
    within = ".".join((resource.place, *steps))
    for kind in ("DateTime", "Instant"):
        yield text(body, name + kind), f"{within}.{name}"
    period = body.get(f"{name}Period") if isinstance(body, dict) else None
    yield text(period, "start"), f"{within}.{name}.start"


def _read_people(bundle: Bundle, case: Case, draft: Draft) -> None:
    """The prescriber and the place that tested."""
    draft.places["prescriber"] = draft.places["testing_centre"] = case.observation.place
    for request in case.requests:
        if _read_prescriber(bundle, request, draft):
            break
    for resource in (case.observation, case.report):
        if resource and _read_testing_centre(bundle, resource, draft):
            return


def _read_prescriber(bundle: Bundle, request: Resource, draft: Draft) -> bool:
    draft.places["prescriber"] = f"{request.place}.requester"
    requester = request.body.get("requester")
    role = bundle.follow(request, requester, kinds="PractitionerRole")
    person = bundle.follow(
        role or request, role.body.get("practitioner") if role else requester, kinds="Practitioner"
    )
    identifiers = [
        (one, f"{resource.place}.identifier[{at}].value")
        for resource in (person, role)
        if resource
        for at, one in enumerate(objects(resource.body, "identifier"))
    ]
    if isinstance(requester, dict):
        identifiers += [
            (one, f"{request.place}.requester.identifier.value")
            for one in objects(requester, "identifier")
        ]
    for identifier, place in identifiers:
        kinds = {coded.code for coded in _codes(identifier.get("type"))}
        if text(identifier, "system") in RPPS_SYSTEMS or "RPPS" in kinds:
            draft.prescriber, draft.places["prescriber"] = text(identifier, "value") or None, place
            return draft.prescriber is not None
    return False


def _read_testing_centre(bundle: Bundle, resource: Resource, draft: Draft) -> bool:
    for at, reference in enumerate(objects(resource.body, "performer")):
        found = bundle.follow(resource, reference, kinds="Organization")
        if found and (name := text(found.body, "name")):
            draft.testing_centre, draft.places["testing_centre"] = name, f"{found.place}.name"
            return True
        if name := text(reference, "display"):
            draft.testing_centre = name
            draft.places["testing_centre"] = f"{resource.place}.performer[{at}].display"
            return True
    return False


def _read_device(bundle: Bundle, observation: Resource, draft: Draft) -> None:
    draft.places["device"] = f"{observation.place}.device"
    reference = observation.body.get("device")
    device = bundle.follow(observation, reference, kinds="Device DeviceMetric")
    identifiers: list[tuple[Json, str]] = []
    if device:
        identifiers = [
            (one, f"{device.place}.identifier[{at}].value")
            for at, one in enumerate(objects(device.body, "identifier"))
        ]
    elif isinstance(reference, dict):
        identifiers = [
            (one, f"{observation.place}.device.identifier.value")
            for one in objects(reference, "identifier")
        ]
    listed = [one for one in identifiers if _DEVICE_LIST in text(one[0], "system")]
    for identifier, place in listed or [one for one in identifiers if not text(one[0], "system")]:
        draft.device, draft.places["device"] = text(identifier, "value") or None, place


def _codes(concept: object) -> Iterator[Coded]:
    for coding in objects(concept, "coding"):
        if code := text(coding, "code"):
            yield Coded(code, text(coding, "system"))
