"""CertLogic and the rules of other countries, as their tests expect."""

from pathlib import Path

import pytest

from tests.conformance import certlogic_assertions, rule_tests


def test_every_assertion_holds(data_folder: Path) -> None:
    if not (data_folder / "dcc" / "certlogic").is_dir():
        pytest.skip("the data has no dcc/certlogic")
    found = list(certlogic_assertions.outcomes(data_folder / "dcc" / "certlogic"))
    assert found
    assert [case for case in found if not case.as_expected] == []


def test_every_rule_is_read_and_judges_as_expected(data_folder: Path) -> None:
    if not (data_folder / "dcc" / "rules").is_dir():
        pytest.skip("the data has no dcc/rules")
    found = list(rule_tests.outcomes(data_folder / "dcc" / "rules"))
    assert found
    assert [case for case in found if not case.as_expected and not case.known] == []
