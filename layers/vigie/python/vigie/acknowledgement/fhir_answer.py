"""The acknowledgement as FHIR R4 OperationOutcomes, one for each Bundle of the file.

A file of one Bundle has one OperationOutcome for its answer; one of several (NDJSON) has a Bundle
of type `collection` with an OperationOutcome for each, whose id names the line.
"""

from __future__ import annotations

import json
import re
from typing import IO, TYPE_CHECKING, Any

from vigie.acknowledgement.fragment import Verdict

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator

    from vigie.acknowledgement.fragment import Answered, Entry
    from vigie.inbox import FileRecord
    from vigie.results.reading import Breach

RULES_SYSTEM, OUTCOMES_SYSTEM = "urn:vigie:rule", "urn:vigie:outcome"
Json = dict[str, Any]
_EXPRESSION = re.compile(r"Bundle(?:[.\[].*)?$", re.ASCII)
# FHIR R4 value set issue-type, by what the name of a rule is or ends with.
_TYPES = (
    ("message-type-unsupported", "not-supported"),
    ("version-unsupported", "not-supported"),
    ("record-malformed", "structure"),
    ("encoding-malformed", "structure"),
    ("gzip-malformed", "structure"),
    ("record-too-large", "too-costly"),
    ("file-too-large", "too-costly"),
    ("test-repeated", "duplicate"),
    ("reference-unresolved", "not-found"),
    ("reference-ambiguous", "multiple-matches"),
    ("subject-contradictory", "invariant"),
    ("-contradictory", "invariant"),
    ("-missing", "required"),
    ("-malformed", "value"),
    ("-too-long", "too-long"),
    ("-unknown", "code-invalid"),
    ("-not-coded", "code-invalid"),
)
_OTHER = "business-rule"


class FhirAnswer:
    """Writes the OperationOutcomes of an acknowledgement as they come.

    Args:
        record: the file.
        out: where to write.
    """

    def __init__(self, record: FileRecord, out: IO[bytes]) -> None:
        self._record = record
        self._out = out
        self._several = False
        self._separator = ""

    def begin(self, *, several: bool) -> None:
        """Begin, before any Bundle.

        Args:
            several: whether the file has, or may have, other than one Bundle.
        """
        self._several = several
        if several:
            head = {
                "resourceType": "Bundle",
                "type": "collection",
                "timestamp": self._record.file.received_at.isoformat(),
            }
            self._write(json.dumps(head, indent=1).removesuffix("\n}") + ',\n "entry": [\n')

    def message(self, answered: Answered, entries: list[Entry]) -> None:
        """Write the OperationOutcome of a Bundle."""
        issues = [issue for entry in entries for issue in _issues(entry)]
        if answered.verdict is Verdict.ACCEPTED:
            issues = issues or [_informing("informational", "Every test was accepted.")]
        elif all(issue["severity"] != "error" for issue in issues):
            told = _informing("incomplete", "Tests were refused that are not listed.")
            issues.append({**told, "severity": "error"})
        self._outcome(f"bundle-{answered.number}", issues)

    def finish(self, head: Json, rules: Iterable[Breach], unlisted: Counter[Verdict]) -> None:
        """Write what is said of the file as a whole, after all Bundles."""
        issues = [_issue(rule, "file", severity="fatal") for rule in rules]
        issues += [_missing(gap) for gap in head["missing"]]
        issues += [
            _informing("incomplete", f"Not listed: {number} more Bundles, {verdict.name.lower()}.")
            for verdict, number in unlisted.items()
            if number
        ]
        if self._several and not self._separator and not issues:
            issues = [_informing("informational", "The file has no Bundle.")]
        if issues:
            self._outcome("file", issues)
        if self._several:
            self._write("\n ]\n}\n")

    def _outcome(self, name: str, issues: list[Json]) -> None:
        outcome = {"resourceType": "OperationOutcome", "id": name, "issue": issues}
        if not self._several:
            self._write(json.dumps(outcome, ensure_ascii=False, indent=1) + "\n")
            return
        written = json.dumps({"resource": outcome}, ensure_ascii=False)
        self._write(f"{self._separator}  {written}")
        self._separator = ",\n"

    def _write(self, text: str) -> None:
        self._out.write(text.encode())


def _issues(entry: Entry) -> Iterator[Json]:
    for rule in entry.rules:
        yield _issue(rule, entry.place)
    if not entry.rules:
        yield {
            **_informing("informational", entry.place),
            "details": {"coding": [{"system": OUTCOMES_SYSTEM, "code": entry.outcome.value}]},
            **_expression(entry.place),
        }


def _issue(rule: Breach, at: str, *, severity: str = "") -> Json:
    return {
        "severity": severity or rule.level.value,
        "code": next((code for end, code in _TYPES if rule.code.endswith(end)), _OTHER),
        "details": {
            "coding": [{"system": RULES_SYSTEM, "code": rule.code}],
            "text": rule.message,
        },
        "diagnostics": at,
        **_expression(rule.place),
    }


def _expression(place: str) -> Json:
    """The FHIRPath at the end of a place; none where the place is not in a resource."""
    found = _EXPRESSION.search(place)
    return {"expression": [found[0]]} if found else {}


def _missing(gap: Json) -> Json:
    told = _informing("incomplete", f"bytes {gap['first_byte']}-{gap['last_byte']}")
    coding = [{"system": RULES_SYSTEM, "code": "part-missing"}]
    return {**told, "severity": "error", "details": {"coding": coding}}


def _informing(code: str, diagnostics: str) -> Json:
    return {"severity": "information", "code": code, "diagnostics": diagnostics}
