"""An Observation with the resources that it is read with."""

from typing import NamedTuple

from result_intake.fhir.bundle import Bundle
from result_intake.fhir.resource import Resource, objects
from result_intake.fhir.walk import Found


class Case(NamedTuple):
    """A test and what tells more of it.

    Attributes:
        observation: the test.
        code: LOINC code of the test.
        report: what lists it, if anything does.
        requests: what it answers.
        patient: whom it is about, if that is told.
        contradictory: the Observation and its report are about different Patients.
    """

    observation: Resource
    code: str
    report: Resource | None
    requests: tuple[Resource, ...]
    patient: Resource | None
    contradictory: bool

    @property
    def told(self) -> list[Resource]:
        """The report and the Observation: what is said of both is said of the report first."""
        return [self.report, self.observation] if self.report else [self.observation]


def case_of(bundle: Bundle, observation: Resource, found: Found) -> Case:
    """Follow an Observation's references, and its report's."""
    report = found.report
    sources = [one for one in (observation, report) if one]
    requests = tuple(
        request
        for one in sources
        for reference in objects(one.body, "basedOn")
        if (request := bundle.follow(one, reference, kinds="ServiceRequest"))
    )
    subjects = _subjects(bundle, sources)
    return Case(
        observation,
        found.code,
        report,
        requests,
        subjects[0] if subjects else None,
        contradictory=len({subject.place for subject in subjects}) > 1,
    )


def patient_of(bundle: Bundle, found: Found) -> Resource | None:
    """The Patient whom an Observation, else its report, names."""
    subjects = _subjects(bundle, [one for one in (found.observation, found.report) if one])
    return subjects[0] if subjects else None


def _subjects(bundle: Bundle, sources: list[Resource]) -> list[Resource]:
    """The Patients named; the only one of the Bundle if nothing names any."""
    named = [one for one in sources if "subject" in one.body]
    found = [bundle.follow(one, one.body["subject"], kinds="Patient") for one in named]
    if named:
        return [one for one in found if one]
    patients = bundle.of_kind("Patient")
    return patients if len(patients) == 1 else []
