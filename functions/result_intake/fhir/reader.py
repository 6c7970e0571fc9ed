"""Bundles into items: one document, or one document a line (NDJSON)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from result_intake.draft import Draft
from result_intake.fhir.additions import Additions, is_addition
from result_intake.fhir.bundle import Bundle
from result_intake.fhir.case import case_of
from result_intake.fhir.coding import loinc_of
from result_intake.fhir.document import parse
from result_intake.fhir.observation import read_observation
from result_intake.fhir.patient import read_patient
from result_intake.fhir.resource import Json, Resource, objects, text
from result_intake.fhir.walk import Found, is_order_question, observations
from result_intake.repetition import refuse_repeated
from result_intake.rules import conclude_item, rejected_item
from vigie.catalogue import disease_of_loinc
from vigie.catalogue.questions import is_question
from vigie.errors import Rejected
from vigie.results.reading import Envelope, Item

MAX_TESTS = 10_000
_BUNDLE = Envelope()
# A trial: HL7 v3 ActReason HTEST as a tag or a security label, or the processing id of v2.
_TRIALS = frozenset({
    ("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST"),
    ("http://terminology.hl7.org/CodeSystem/v2-0103", "T"),
    ("http://terminology.hl7.org/CodeSystem/v2-0103", "D"),
})  # fmt: skip
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")


def looks_like(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a JSON object."""
    return _START.match(head) is not None


def read_bundle(
    document: bytes, *, now: datetime, record: int = 1, line: int | None = None
) -> Iterator[Item]:
    """Read one Bundle.

    A document that is no Bundle, or has no test, is one rejected item.

    Args:
        document: JSON in UTF-8.
        now: the present, aware.
        record: number of the Bundle in its file, from 1.
        line: where it stands in a file of several, from 1.
    """
    place = f"line {line}, Bundle" if line else "Bundle"
    try:
        readings = _readings(document, place, record, now)
    except Rejected as error:
        yield rejected_item(error.code, ordinal=str(record), place=place, envelope=_BUNDLE)
        return
    number = 0
    for reading in readings:
        for item in reading.items(number + 1):
            number += 1
            yield item
    if not number:
        yield readings[0].rejected("test-missing", str(record), place)


def read_ndjson(lines: Iterable[bytes], *, now: datetime, first: int = 1) -> Iterator[Item]:
    """Read a file with a Bundle on each line; empty lines count but give nothing.

    Args:
        lines: all of a file's, or those of a byte range.
        now: the present, aware.
        first: number of the first line in the file.
    """
    for number, line in enumerate(lines, start=first):
        if line.strip():
            yield from read_bundle(line, now=now, record=number, line=number)


def _readings(document: bytes, place: str, record: int, now: datetime) -> list["_Reading"]:
    """A Bundle, and those in it, as they are read.

    Raises:
        Rejected: it is none, or has too many Observations.
    """
    outer = Bundle(_bundle_body(parse(document)), place)
    nested = _with_nested(outer, trial=False)
    readings = [_Reading(one, record, now, trial=trial) for one, trial in nested]
    if sum(map(len, readings)) > MAX_TESTS:
        raise Rejected("record-too-large", "the Bundle has too many Observations")
    return readings


def _with_nested(bundle: Bundle, *, trial: bool) -> Iterator[tuple[Bundle, bool]]:
    """A Bundle and those among its resources, each of which resolves its own references.

    With each goes whether it is a trial: by its own word, or that of one that it stands in.
    """
    trial = trial or any(map(_is_trial, (bundle.body, *_bodies(bundle, "MessageHeader"))))
    yield bundle, trial
    for nested in bundle.of_kind("Bundle"):
        yield from _with_nested(Bundle(nested.body, nested.place), trial=trial)


def _bundle_body(found: Json) -> Json:
    if text(found, "resourceType") != "Bundle":
        raise Rejected("message-type-unsupported", "the document is no FHIR Bundle")
    return found


class _Reading:
    """One Bundle as it is read; its length is the number of Observations, up to the bound."""

    def __init__(self, bundle: Bundle, record: int, now: datetime, *, trial: bool) -> None:
        self._bundle, self._record, self._now = bundle, record, now
        self._trial = trial
        self._found = list(islice(observations(bundle), MAX_TESTS + 1))
        self._additions = Additions(bundle, self._found)
        self._persons: dict[str, Draft] = {}

    def __len__(self) -> int:
        return len(self._found)

    def items(self, first: int) -> Iterator[Item]:
        """An item for each test, and for each report that is of a test and lists none.

        Args:
            first: number of the first item in the record.
        """
        read = list(self._tests(first))
        if len(read) > 1:
            refuse_repeated(each for each in read if isinstance(each, Draft))
        for each in read:
            if isinstance(each, Draft):
                yield conclude_item(each, now=self._now, envelope=_BUNDLE)
            else:
                yield each

    def _tests(self, number: int) -> Iterator[Draft | Item]:
        alone = False
        for found in self._found:
            if found.observation and _is_no_result(found, found.observation):
                continue
            alone = alone or found.report is None
            ordinal = f"{self._record}.{number}"
            number += 1
            try:
                test = self._test(found, ordinal)
            except Rejected as error:
                test = self.rejected(error.code, ordinal, error.place)
            yield test
        # Tests that stand alone may well be those of a report that lists none.
        for report in () if alone else self._bundle.of_kind("DiagnosticReport"):
            of_test = disease_of_loinc(loinc_of(report.body)) is not None
            if of_test and not objects(report.body, "result"):
                yield self.rejected("test-missing", f"{self._record}.{number}", report.place)
                number += 1

    def _test(self, found: Found, ordinal: str) -> Draft | Item:
        observation = found.observation
        if observation is None:
            return self.rejected(found.rule, ordinal, found.place)
        if found.code and disease_of_loinc(found.code) is None:
            return self.rejected("loinc-unknown", ordinal, f"{observation.place}.code")
        case = case_of(self._bundle, observation, found)
        if case.patient is None:
            return self.rejected("patient-missing", ordinal, f"{observation.place}.subject")
        trial = self._trial or any(_is_trial(one.body) for one in (*case.told, case.patient))
        draft = self._about(case.patient, ordinal, observation.place, trial=trial)
        read_observation(self._bundle, case, draft)
        self._additions.read(case, draft)
        return draft

    def _about(self, patient: Resource, ordinal: str, place: str, *, trial: bool) -> Draft:
        """A draft with what is said of the person, who is read once however many tests follow."""
        if len(self._found) == 1:
            draft = Draft(ordinal, place, test_mode=trial)
            read_patient(patient, draft)
            return draft
        if patient.place not in self._persons:
            self._persons[patient.place] = Draft(ordinal, patient.place)
            read_patient(patient, self._persons[patient.place])
        person = self._persons[patient.place]
        return replace(
            person,
            ordinal=ordinal,
            place=place,
            test_mode=trial,
            places=dict(person.places),
            faults=list(person.faults),
        )

    def rejected(self, code: str, ordinal: str, place: str) -> Item:
        """An item of which nothing is read."""
        return rejected_item(
            code, ordinal=ordinal, place=place, test_mode=self._trial, envelope=_BUNDLE
        )


def _is_no_result(found: Found, observation: Resource) -> bool:
    return is_question(found.code) or is_addition(found) or is_order_question(observation)


def _bodies(bundle: Bundle, kind: str) -> Iterator[Json]:
    return (resource.body for resource in bundle.of_kind(kind))


def _is_trial(body: Json) -> bool:
    meta = body.get("meta")
    if meta is None:
        return False
    return any(
        (text(one, "system"), text(one, "code")) in _TRIALS
        for name in ("tag", "security")
        for one in objects(meta, name)
    )
