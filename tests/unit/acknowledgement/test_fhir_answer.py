"""The acknowledgement as FHIR, read back by a model that others wrote."""

import json
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome

from result_intake.rule_table import RULES
from tests.unit.acknowledgement.answers import (
    a_record,
    answer,
    answered,
    breach,
    entry,
    fragment,
)
from vigie.acknowledgement import EntryOutcome, Verdict
from vigie.acknowledgement.fragment import MAX_LISTED
from vigie.results.reading import Envelope, Level

# FHIR R4, value set issue-type (required).
TYPES = {
    "invalid", "structure", "required", "value", "invariant", "security", "login", "unknown",
    "expired", "forbidden", "suppressed", "processing", "not-supported", "duplicate",
    "multiple-matches", "not-found", "deleted", "too-long", "code-invalid", "extension",
    "too-costly", "business-rule", "conflict", "transient", "lock-error", "no-store", "exception",
    "timeout", "incomplete", "throttled", "informational",
}  # fmt: skip
RECORD = a_record("fhir")
BUNDLE = Envelope()


def issues(text: str) -> list[dict[str, Any]]:
    """The issues of an OperationOutcome that is valid for the model."""
    OperationOutcome.model_validate_json(text)
    found: list[dict[str, Any]] = json.loads(text)["issue"]
    return found


def test_one_bundle_has_one_operation_outcome() -> None:
    suffix, text = answer(RECORD, fragment([answered(1, Verdict.ACCEPTED, BUNDLE)]))
    assert suffix == ".ack.fhir.json"
    (issue,) = issues(text)
    assert (issue["severity"], issue["code"]) == ("information", "informational")


@pytest.mark.parametrize("prefix", ["", "line 4, "])
def test_a_breach_is_an_issue_with_its_rule_and_fhirpath(prefix: str) -> None:
    path = "Bundle.entry[3].resource.birthDate"
    rule = breach("birth-date-missing", f"{prefix}{path}")
    told = entry("1.1", EntryOutcome.REJECTED, rule, place=f"{prefix}Bundle.entry[0].resource")
    _, text = answer(RECORD, fragment([answered(1, Verdict.ERROR, BUNDLE)], told))
    (issue,) = issues(text)
    assert (issue["severity"], issue["code"]) == ("error", "required")
    assert issue["details"] == {
        "coding": [{"system": "urn:vigie:rule", "code": "birth-date-missing"}],
        "text": "What & how.",
    }
    assert issue["expression"] == [path]
    assert issue["diagnostics"] == f"{prefix}Bundle.entry[0].resource"


def test_several_bundles_have_a_collection_of_outcomes() -> None:
    rejected = entry("2.1", EntryOutcome.REJECTED, breach("sex-missing", "x", Level.WARNING))
    known = entry("3.1", EntryOutcome.DUPLICATE, place="line 3, Bundle.entry[0].resource")
    messages = [
        answered(1, Verdict.ACCEPTED, BUNDLE),
        answered(2, Verdict.ERROR, BUNDLE),
        answered(3, Verdict.ACCEPTED, BUNDLE),
    ]
    _, text = answer(RECORD, fragment(messages, rejected, known))
    assert Bundle.model_validate_json(text).type == "collection"
    outcomes = [each["resource"] for each in json.loads(text)["entry"]]
    assert [each["id"] for each in outcomes] == ["bundle-1", "bundle-2", "bundle-3"]
    # It was refused, though the rule that says why is not listed.
    assert [issue["severity"] for issue in outcomes[1]["issue"]] == ["warning", "error"]
    (duplicate,) = outcomes[2]["issue"]
    assert duplicate["severity"] == "information"
    assert duplicate["details"]["coding"][0]["code"] == "duplicate"


def test_missing_parts_and_bundles_beyond_the_limit_are_told_of_the_file() -> None:
    messages = [answered(number, Verdict.ACCEPTED, BUNDLE) for number in range(1, MAX_LISTED + 3)]
    _, text = answer(a_record("fhir", parts=2, done=1), fragment(messages))
    entries = json.loads(text)["entry"]
    assert len(entries) == MAX_LISTED + 1
    told = entries[-1]["resource"]
    assert told["id"] == "file"
    assert [(issue["severity"], issue["code"]) for issue in told["issue"]] == [
        ("error", "incomplete"),
        ("information", "incomplete"),
    ]
    assert told["issue"][0]["diagnostics"] == "bytes 100-199"
    assert told["issue"][1]["diagnostics"].startswith("Not listed: 2 more Bundles")


def test_a_file_without_a_bundle_says_so() -> None:
    _, text = answer(a_record("fhir", parts=2), fragment([]), fragment([]))
    assert Bundle.model_validate_json(text).type == "collection"
    (only,) = json.loads(text)["entry"]
    assert only["resource"]["issue"][0]["diagnostics"] == "The file has no Bundle."


def test_a_file_that_is_refused_has_one_fatal_issue() -> None:
    _, text = answer(RECORD, fragment([], rules=(breach("gzip-malformed", ""),)))
    (issue,) = issues(text)
    assert (issue["severity"], issue["code"]) == ("fatal", "structure")


def test_every_rule_has_a_type_of_the_value_set() -> None:
    for code in RULES:
        told = entry("1.1", EntryOutcome.REJECTED, breach(code, "Bundle"))
        _, text = answer(RECORD, fragment([answered(1, Verdict.ERROR, BUNDLE)], told))
        assert issues(text)[0]["code"] in TYPES
