"""Finding the tests of a Bundle: Observations, with the DiagnosticReport that lists them."""

from collections.abc import Iterator
from typing import NamedTuple

from result_intake.fhir.bundle import Bundle
from result_intake.fhir.coding import loinc_of
from result_intake.fhir.resource import Json, Resource, objects, text
from vigie.errors import Rejected

_VALUE_OF_GROUP = ("valueCodeableConcept", "valueString", "interpretation", "dataAbsentReason")


class Found(NamedTuple):
    """A test, or a reference that should lead to one.

    Attributes:
        place: of the Observation, or of the reference that leads to none.
        observation: None where the reference leads to none.
        report: what lists the Observation, if anything does.
        rule: that the reference breaks where it leads to none.
        code: LOINC code of the Observation; empty if there is none.
    """

    place: str
    observation: Resource | None
    report: Resource | None
    rule: str = ""
    code: str = ""


def observations(bundle: Bundle) -> Iterator[Found]:
    """Each Observation once: those of the reports in their order, then those standing alone.

    An Observation that groups others (`hasMember`) and says nothing of its own stands for its
    members. What only a request refers to (`ServiceRequest.supportingInfo`) is an answer to a
    question at ordering, and no test.
    """
    seen = {
        place for request in bundle.of_kind("ServiceRequest") for place in _answers(bundle, request)
    }
    for report in bundle.of_kind("DiagnosticReport"):
        for found in _referred(bundle, report, "result", report):
            yield from _one(bundle, found, seen)
    for observation in bundle.of_kind("Observation"):
        if observation.place not in seen:
            yield from _one(bundle, _found(observation, None), seen)


def _answers(bundle: Bundle, request: Resource) -> Iterator[str]:
    for reference in objects(request.body, "supportingInfo", most=None):
        try:
            found = bundle.follow(request, reference, kinds="Observation")
        except Rejected:
            # What nobody can tell apart is looked at on its own.
            continue
        if found:
            yield found.place


def _found(observation: Resource, report: Resource | None) -> Found:
    return Found(observation.place, observation, report, code=loinc_of(observation.body))


def _referred(
    bundle: Bundle, source: Resource, name: str, report: Resource | None
) -> Iterator[Found]:
    for at, reference in enumerate(objects(source.body, name, most=None)):
        place = f"{source.place}.{name}[{at}]"
        try:
            found = bundle.follow(source, reference, kinds="Observation")
        except Rejected as error:
            yield Found(place, None, report, error.code)
            continue
        if found:
            yield _found(found, report)
        else:
            yield Found(place, None, report, "reference-unresolved")


def _one(bundle: Bundle, found: Found, seen: set[str]) -> Iterator[Found]:
    """One Observation or the members of a group, in order, each once, and without recursion."""
    if found.observation and "hasMember" not in found.observation.body:
        if found.place not in seen:
            seen.add(found.place)
            yield found
        return
    waiting = [found]
    while waiting:
        current = waiting.pop()
        if current.place in seen:
            continue
        seen.add(current.place)
        observation = current.observation
        if observation is None or not _is_group(observation.body):
            yield current
            continue
        members = list(_referred(bundle, observation, "hasMember", current.report))
        waiting.extend(reversed(members))


def _is_group(body: Json) -> bool:
    return bool(body.get("hasMember")) and not any(body.get(name) for name in _VALUE_OF_GROUP)


def is_order_question(observation: Resource) -> bool:
    """Whether an Observation is marked as a question asked at ordering (LOINC 81959-9)."""
    if "identifier" not in observation.body:
        return False
    return any(
        text(coding, "code") == "81959-9"
        for identifier in objects(observation.body, "identifier")
        for coding in objects(identifier.get("type"), "coding")
    )
