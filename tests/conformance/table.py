"""The conformance table: `python -m tests.conformance.table <folder>`.

The folder is laid out like the corpora that the project is developed with, `dcc/` with
`cases/`, `certlogic/` and `rules/` in it, and `lab-reports/`; or it is that `dcc/`, or a copy
of dgc-testdata, eu-dcc-business-rules or dgc-business-rules-testdata as it is published. The
exit status is 1 if a case deviates that is not known to.
"""

import importlib
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tests.conformance.outcome import CaseOutcome

_CERTIFICATES = "tests.conformance.dcc_cases"
_CERTLOGIC = "tests.conformance.certlogic_assertions"
_RULES = "tests.conformance.rule_tests"
_PLACES = (
    (_CERTIFICATES, "dcc/cases", "cases"),
    (_CERTLOGIC, "dcc/certlogic", "certlogic"),
    (_RULES, "dcc/rules", "rules"),
    ("tests.conformance.lab_reports", "lab-reports"),
)
# They know their files by the content, wherever they are.
_ANYWHERE = (_CERTIFICATES, _CERTLOGIC, _RULES)


def collect(data: Path) -> list[CaseOutcome]:
    """The outcomes of every corpus that the folder has, or of what lies about in it."""
    places = [
        (module, data / folder)
        for module, *folders in _PLACES
        for folder in folders
        if (data / folder).is_dir()
    ]
    found: list[CaseOutcome] = []
    for module, folder in places or [(module, data) for module in _ANYWHERE]:
        found += importlib.import_module(module).outcomes(folder)
    return found


def failed(outcomes: Iterable[CaseOutcome]) -> bool:
    """Whether a case deviates that is not known to."""
    return any(not outcome.as_expected and not outcome.known for outcome in outcomes)


def print_table(outcomes: list[CaseOutcome], console: Console) -> None:
    """Print the counts of each corpus, then each case that deviates with its reason."""
    by_corpus: dict[str, list[CaseOutcome]] = defaultdict(list)
    for outcome in outcomes:
        by_corpus[outcome.corpus].append(outcome)
    counts = Table("corpus", "cases", "as expected", "not as expected", "of these known")
    for corpus, cases in by_corpus.items():
        met = sum(case.as_expected for case in cases)
        known = sum(case.known and not case.as_expected for case in cases)
        numbers = (len(cases), met, len(cases) - met, known)
        counts.add_row(corpus, *[str(number) for number in numbers])
    console.print(counts)
    for case in outcomes:
        if not case.as_expected:
            mark = "known" if case.known else "NEW"
            console.print(Text(f"{mark}  {case.corpus}  {case.case}: {case.reason}"))


def main(arguments: list[str]) -> int:
    """Run every corpus of a folder and print the table."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write("usage: python -m tests.conformance.table <folder>\n")
        return 2
    outcomes = collect(Path(arguments[0]))
    if not outcomes:
        sys.stderr.write("the folder holds no corpus\n")
        return 2
    print_table(outcomes, Console())
    return 1 if failed(outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
