"""Whether the rules of other countries judge as their tests expect.

The folders are those of dgc-business-rules-testdata: `<country>/<rule>/rule.json`, and in
`tests/` a payload, external data and what the rule says of them.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from tests.conformance.outcome import CaseOutcome
from vigie import certlogic
from vigie.business_rules.rule import Rule, RuleError, read
from vigie.certlogic import CertLogicError

CORPUS = "rules"

# Not a case of the rule's: it has no certificate to judge.
_WITHOUT_PAYLOAD = "fault of the data: the test has no payload"


def outcomes(data: Path) -> Iterator[CaseOutcome]:
    """Read each rule below `data`/dcc/rules and run its tests."""
    folder = data / "dcc" / "rules"
    for path in sorted(folder.rglob("rule.json")):
        name = path.parent.relative_to(folder).as_posix()
        try:
            rule = read(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
        except RuleError as error:
            yield CaseOutcome(CORPUS, name, as_expected=False, reason=f"{error.code}: {error}")
            continue
        for test in sorted((path.parent / "tests").glob("*.json")):
            yield _outcome(rule, f"{name}/{test.stem}", test)


def _outcome(rule: Rule, name: str, path: Path) -> CaseOutcome:
    test = json.loads(path.read_text(encoding="utf-8-sig"))
    if "payload" not in test:
        return CaseOutcome(CORPUS, name, as_expected=False, reason=_WITHOUT_PAYLOAD, known=True)
    try:
        value = certlogic.evaluate(
            rule.logic, {"payload": test["payload"], "external": test["external"]}
        )
    except CertLogicError as error:
        return CaseOutcome(CORPUS, name, as_expected=False, reason=f"{error.code}: {error}")
    met = value is test["expected"]
    return CaseOutcome(CORPUS, name, met, "" if met else "another judgement than expected")
