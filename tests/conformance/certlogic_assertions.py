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


def outcomes(data: Path) -> Iterator[CaseOutcome]:
    """Run each assertion below `data`/dcc/certlogic that its suite does not skip."""
    folder = data / "dcc" / "certlogic"
    for path in sorted(folder.rglob("*.json")):
        suite = json.loads(path.read_text(encoding="utf-8-sig"))
        if suite.get("directive") != "skip":
            yield from _outcomes(path.relative_to(folder).with_suffix("").as_posix(), suite)


def _outcomes(suite: str, content: dict[str, Any]) -> Iterator[CaseOutcome]:
    for number, case in enumerate(content["cases"], 1):
        if case.get("directive") == "skip":
            continue
        if "issues" in case:
            yield _told(f"{suite}/{number}", case["certLogicExpression"], case["issues"])
        for index, assertion in enumerate(case.get("assertions", ()), 1):
            if assertion.get("directive") != "skip":
                yield _evaluated(f"{suite}/{number}/{index}", case | assertion)


def _evaluated(name: str, assertion: dict[str, Any]) -> CaseOutcome:
    expected = assertion["expected"]
    try:
        value = evaluate(assertion["certLogicExpression"], assertion["data"])
    except CertLogicError as error:
        return CaseOutcome(CORPUS, name, as_expected=False, reason=f"{error.code}: {error}")
    met = _as_json(value) == _as_json(expected)
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
