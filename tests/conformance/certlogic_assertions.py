"""Whether CertLogic expressions have the values that a test suite expects of them.

The files are those of eu-dcc-business-rules, `testSuite` (an expression, data and a value)
and `validation-testSuite` (an expression and its faults).
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.conformance.outcome import CaseOutcome
from vigie.certlogic import CertLogicError, Value, evaluate, issues

CORPUS = "certlogic"
_SKIP = "skip"


def outcomes(folder: Path) -> Iterator[CaseOutcome]:
    """Run each assertion below a folder that its suite does not skip.

    JSON that is no suite is passed over.
    """
    for path in sorted(folder.rglob("*.json")):
        suite = _read(path)
        if suite and suite.get("directive") != _SKIP:
            yield from _outcomes(path.relative_to(folder).with_suffix("").as_posix(), suite)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if isinstance(content, dict) and isinstance(content.get("cases"), list):
        return content
    return None


def _outcomes(suite: str, content: dict[str, Any]) -> Iterator[CaseOutcome]:
    for number, case in enumerate(content["cases"], 1):
        if case.get("directive") == _SKIP:
            continue
        if "issues" in case:
            yield _told(f"{suite}/{number}", case.get("certLogicExpression"), case["issues"])
        for index, assertion in enumerate(case.get("assertions") or (), 1):
            if assertion.get("directive") != _SKIP:
                yield _evaluated(f"{suite}/{number}/{index}", case | assertion)


def _evaluated(name: str, assertion: dict[str, Any]) -> CaseOutcome:
    if "certLogicExpression" not in assertion:
        reason = "fault of the data: there is no expression"
        return CaseOutcome(CORPUS, name, as_expected=False, reason=reason, known=True)
    try:
        value = evaluate(assertion["certLogicExpression"], assertion.get("data"))
    except CertLogicError as error:
        return CaseOutcome(CORPUS, name, as_expected=False, reason=f"{error.code}: {error}")
    met = _as_json(value) == _as_json(assertion.get("expected"))
    return CaseOutcome(CORPUS, name, met, "" if met else "another value than expected")


def _told(name: str, expression: Value, expected: list[dict[str, Any]]) -> CaseOutcome:
    found = [{"expr": issue.expression, "message": issue.message} for issue in issues(expression)]
    met = _as_json(found) == _as_json(expected)
    return CaseOutcome(CORPUS, name, met, "" if met else "other faults than expected")


def _as_json(value: object) -> str:
    # Compared as text, because to Python 1, 1.0 and True are equal.
    return json.dumps(value, sort_keys=True, default=_instant)


def _instant(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
