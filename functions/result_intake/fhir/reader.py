"""Bundles into items: one document, or one document a line (NDJSON)."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from result_intake.draft import Draft
from result_intake.fhir.document import parse
from result_intake.fhir.observation import case_of, loinc_of, read_observation
from result_intake.fhir.patient import read_patient
from result_intake.fhir.resource import Bundle, Json, Resource, objects, text
from result_intake.fhir.walk import Found, is_order_question, observations
from result_intake.rules import conclude_item, rejected_item
from vigie.catalogue import disease_of_loinc
from vigie.errors import Rejected
from vigie.results.reading import Item

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
    prefix = f"line {line}, " if line else ""
    try:
        bundle = Bundle(_bundle_body(parse(document)), prefix)
    except Rejected as error:
        yield rejected_item(error.code, ordinal=str(record), place=f"{prefix}Bundle")
        return
    trial = any(map(_is_trial, (bundle.body, *_bodies(bundle, "MessageHeader"))))
    tests = list(_tests(bundle))
    if not tests:
        yield rejected_item(
            "test-missing", ordinal=str(record), place=bundle.place, test_mode=trial
        )
    for number, found in enumerate(tests, start=1):
        ordinal = f"{record}.{number}" if len(tests) > 1 else str(record)
        yield _read(bundle, found, ordinal, now, trial=trial)


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


def _bundle_body(found: Json) -> Json:
    if text(found, "resourceType") != "Bundle":
        raise Rejected("message-type-unsupported", "the document is no FHIR Bundle")
    return found


def _tests(bundle: Bundle) -> Iterator[Found]:
    """The Observations that test for a disease of the catalogue, and references to nothing."""
    for found in observations(bundle):
        observation = found.observation
        if observation is None or _is_test(observation):
            yield found


def _is_test(observation: Resource) -> bool:
    known = disease_of_loinc(loinc_of(observation)) is not None
    return known and not is_order_question(observation)


def _read(bundle: Bundle, found: Found, ordinal: str, now: datetime, *, trial: bool) -> Item:
    observation = found.observation
    if observation is None:
        return rejected_item(
            "reference-unresolved", ordinal=ordinal, place=found.place, test_mode=trial
        )
    case = case_of(bundle, observation, found.report)
    about = [one for one in (observation, found.report, case.patient) if one]
    trial = trial or any(_is_trial(one.body) for one in about)
    if case.patient is None:
        place = f"{observation.place}.subject"
        return rejected_item("patient-missing", ordinal=ordinal, place=place, test_mode=trial)
    draft = Draft(ordinal, observation.place, test_mode=trial)
    read_observation(bundle, case, draft)
    read_patient(case.patient, draft)
    return conclude_item(draft, now=now)


def _bodies(bundle: Bundle, kind: str) -> Iterator[Json]:
    return (resource.body for resource in bundle.of_kind(kind))


def _is_trial(body: Json) -> bool:
    meta = body.get("meta")
    return any(
        (text(one, "system"), text(one, "code")) in _TRIALS
        for name in ("tag", "security")
        for one in objects(meta, name)
    )
