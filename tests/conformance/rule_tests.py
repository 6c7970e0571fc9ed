"""Whether the rules of other countries judge as their tests expect.

The folders are those of dgc-business-rules-testdata: `<country>/<rule>/rule.json`, and in
`tests/` a payload, external data and what the rule says of them.
"""

import codecs
import json
from collections.abc import Iterator
from pathlib import Path

from tests.conformance.outcome import CaseOutcome
from vigie import certlogic
from vigie.business_rules import rule
from vigie.business_rules.rule import RuleError
from vigie.certlogic import CertLogicError, Value

CORPUS = "rules"

# Not a case of the rule's: it has no certificate to judge, or no judgement.
_INCOMPLETE = "fault of the data: the test has no {}"


def outcomes(folder: Path) -> Iterator[CaseOutcome]:
    """Read each rule below a folder and run its tests; those of a rule that is refused too."""
    for path in sorted(folder.rglob("rule.json")):
        name = path.parent.relative_to(folder).as_posix()
        logic = None
        try:
            content = rule.load(path.read_bytes().removeprefix(codecs.BOM_UTF8))
            logic = content.get("Logic") if isinstance(content, dict) else None
            rule.model(content)
        except RuleError as error:
            yield CaseOutcome(CORPUS, name, as_expected=False, reason=f"{error.code}: {error}")
        if logic is not None:
            for test in sorted((path.parent / "tests").glob("*.json")):
                yield _outcome(logic, f"{name}/{test.stem}", test)


def _outcome(logic: Value, name: str, path: Path) -> CaseOutcome:
    try:
        test = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        return CaseOutcome(CORPUS, name, as_expected=False, reason="not JSON")
    for field in ("payload", "expected"):
        if not isinstance(test, dict) or field not in test:
            reason = _INCOMPLETE.format(field)
            return CaseOutcome(CORPUS, name, as_expected=False, reason=reason, known=True)
    data = {"payload": test["payload"], "external": test.get("external")}
    try:
        value = certlogic.evaluate(logic, data)
    except CertLogicError as error:
        return CaseOutcome(CORPUS, name, as_expected=False, reason=f"{error.code}: {error}")
    met = value is test["expected"]
    return CaseOutcome(CORPUS, name, met, "" if met else "another judgement than expected")
