"""Corpora as countries really write them: what the sample does not hold, made here."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from tests.conformance import certlogic_assertions, dcc_cases, rule_tests, table
from tests.conformance.dcc_case import DccCase
from tests.conformance.dcc_cases import CHECKS, deviations
from tests.conformance.outcome import CaseOutcome
from tests.conformance.synthetic_case import MANNERS, USUAL, finnish_certificate
from tests.unit.business_rules.making import rule_document


def _made(fields: Mapping[str, Any]) -> set[str]:
    """The checks that are made of a case and pass: those that deviate if none is expected to."""
    turned = {**fields, "EXPECTEDRESULTS": dict.fromkeys(CHECKS, False)}
    assert deviations(DccCase("XX/1", fields)) == {}
    return set(deviations(DccCase("XX/1", turned)))


def _written(folder: Path, files: Mapping[str, object]) -> Path:
    """Write JSON, or text as it is."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8-sig")
    return folder


def _ends(found: list[CaseOutcome]) -> dict[str, str]:
    """By case: `met`, or why not; `known` before it where it is known."""
    return {
        one.case: "met" if one.as_expected else f"known: {one.reason}" if one.known else one.reason
        for one in found
    }


@pytest.mark.parametrize("manner", sorted(MANNERS))
def test_every_check_is_made_however_an_issuer_writes(manner: str) -> None:
    assert _made(MANNERS[manner].case()) == set(CHECKS)


def test_the_signer_that_breaks_der_breaks_a_strict_reader() -> None:
    with pytest.raises(ValueError, match="EncodedDefault"):
        _ = x509.load_der_x509_certificate(finnish_certificate()).extensions


def test_a_kid_that_counts_for_nothing_is_told() -> None:
    case = USUAL.case()
    other = base64.b64encode(finnish_certificate()).decode("ascii")
    case["TESTCTX"]["CERTIFICATE"] = other

    assert set(deviations(DccCase("XX/1", case))) == {"EXPECTEDVERIFY"}


_OF_SIGNER = {"EXPECTEDVERIFY", "EXPECTEDEXPIRATIONCHECK", "EXPECTEDKEYUSAGE"}


@pytest.mark.parametrize(
    ("absent", "not_made"),
    [
        ({"COSE"}, {"EXPECTEDCOMPRESSION"}),
        ({"COSE", "PREFIX"}, set(CHECKS) - {"EXPECTEDB45DECODE", "EXPECTEDVALIDJSON"}),
        ({"2DCODE"}, {"EXPECTEDPICTUREDECODE"}),
        ({"JSON"}, {"EXPECTEDVALIDJSON"}),
        ({"JSON", "CBOR"}, {"EXPECTEDVALIDJSON", "EXPECTEDDECODE"}),
        ({"TESTCTX"}, _OF_SIGNER),
        (
            {"JSON", "CBOR", "COSE", "COMPRESSED", "BASE45", "PREFIX", "2DCODE", "TESTCTX"},
            set(CHECKS),
        ),
    ],
)
def test_what_a_case_lacks_or_has_as_null_is_not_tested(
    absent: set[str], not_made: set[str]
) -> None:
    case = USUAL.case()
    without = {key: value for key, value in case.items() if key not in absent}

    for fields in (without, case | dict.fromkeys(absent)):
        assert _made(fields) == set(CHECKS) - not_made


@pytest.mark.parametrize(
    "changes",
    [
        {"COSE": "no hexadecimal"},
        {"COSE": "d284"},
        {"COSE": 18},
        {"PREFIX": "HC2:NCF", "COSE": None},
        {"CBOR": "ff"},
        {"JSON": "no object"},
        {"JSON": [[None, 1.5, "0001-01-01T00:00:00+02:00"]]},
        {"2DCODE": "bm8gcGljdHVyZQ=="},
        {"TESTCTX": {"CERTIFICATE": "AAAA", "VALIDATIONCLOCK": "some day"}},
        {"TESTCTX": {"CERTIFICATE": ["AAAA"], "VALIDATIONCLOCK": 7}},
        {"TESTCTX": ["AAAA"]},
        {"EXPECTEDRESULTS": {"EXPECTEDVERIFY": None, "EXPTECTEDEXPIRED": True}},
    ],
)
def test_no_case_stops_the_run(tmp_path: Path, changes: dict[str, Any]) -> None:
    data = _written(tmp_path, {"XX/2DCode/raw/1.json": USUAL.case() | changes})

    outcomes = list(dcc_cases.outcomes(data))

    assert {one.case for one in outcomes} == {"XX/1"}
    assert not any("while checking" in one.reason for one in outcomes)


def test_a_fault_of_the_checks_is_a_deviation_of_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_case: DccCase) -> bool:
        raise KeyError("any")

    monkeypatch.setattr(dcc_cases, "CHECKS", {"EXPECTEDVERIFY": broken})
    for expected in (True, False):
        case = DccCase("XX/1", {"EXPECTEDRESULTS": {"EXPECTEDVERIFY": expected}})
        assert deviations(case) == {"EXPECTEDVERIFY": "KeyError while checking"}


def test_what_is_no_case_is_passed_over_and_what_is_no_json_is_told(tmp_path: Path) -> None:
    data = _written(
        tmp_path,
        {
            "6.json": {"name": "a stray file"},
            "list.json": [USUAL.case()],
            "null.json": "null",
            "PL/1.3.0/2DCode/raw/6.json": USUAL.case(),
            "IE/2DCode/Raw/1_v.json": USUAL.case(),
            "common/2DCode/raw/CO1.json": "{",
        },
    )

    ends = _ends([one for one in dcc_cases.outcomes(data) if one.corpus == dcc_cases.CORPUS])

    assert ends == {"PL/1.3.0/6": "met", "IE/1_v": "met", "common/CO1": "not JSON"}


def test_an_assertion_that_is_marked_is_skipped(tmp_path: Path) -> None:
    kept = {"data": 7, "expected": 7}
    wrong = {"data": 7, "expected": 8}
    expression = {"certLogicExpression": {"var": ""}}
    data = _written(
        tmp_path,
        {
            "package.json": {"name": "no suite"},
            "all.json": {"directive": "skip", "cases": [expression | {"assertions": [wrong]}]},
            "some.json": {
                "directive": "only",
                "cases": [
                    expression | {"directive": "skip", "assertions": [wrong]},
                    expression
                    | {"assertions": [kept, wrong | {"directive": "skip"}, {"expected": None}]},
                    {"assertions": [kept, kept | expression | {"directive": "only"}]},
                    expression,
                ],
            },
        },
    )

    assert _ends(list(certlogic_assertions.outcomes(data))) == {
        "some/2/1": "met",
        "some/2/3": "met",
        "some/3/1": "known: fault of the data: there is no expression",
        "some/3/2": "met",
    }


def test_a_rule_is_judged_by_the_tests_that_have_a_certificate(tmp_path: Path) -> None:
    document = rule_document(Logic={"===": [{"var": "payload.ver"}, "1.3.0"]})
    kept = {"payload": {"ver": "1.3.0"}, "external": {}, "expected": True}
    data = _written(
        tmp_path,
        {
            "NL/GR-NL-0001/rule.json": document,
            "NL/GR-NL-0001/tests/test001.json": kept,
            "NL/GR-NL-0001/tests/test002.json": kept | {"expected": False},
            "NL/GR-NL-0001/tests/test003.json": {"payload": {"ver": "1.3.0"}, "expected": True},
            "NL/GR-NL-0001/tests/test004.json": {"external": {}, "expected": True},
            "NL/GR-NL-0001/tests/test005.json": "{",
            "NL/GR-NL-0002/rule.json": document | {"Country": "Nederland"},
            "NL/GR-NL-0002/tests/test001.json": kept,
            "NL/GR-NL-0003/rule.json": "[]",
            "NL/GR-NL-0003/tests/test001.json": kept,
        },
    )

    ends = _ends(list(rule_tests.outcomes(data)))

    refusals = {ends.pop("NL/GR-NL-0002"), ends.pop("NL/GR-NL-0003")}
    assert all(reason.startswith("rule-schema") for reason in refusals)
    assert ends == {
        "NL/GR-NL-0001/test001": "met",
        "NL/GR-NL-0001/test002": "another judgement than expected",
        "NL/GR-NL-0001/test003": "met",
        "NL/GR-NL-0001/test004": "known: fault of the data: the test has no payload",
        "NL/GR-NL-0001/test005": "not JSON",
        "NL/GR-NL-0002/test001": "met",
    }


@pytest.mark.parametrize("place", ["dcc/cases", "cases", ""])
def test_a_folder_may_be_the_data_or_the_corpus_itself(tmp_path: Path, place: str) -> None:
    _written(tmp_path / place, {"XX/2DCode/raw/1.json": USUAL.case()})

    assert [one.case for one in table.collect(tmp_path) if one.corpus == "dcc"] == ["XX/1"]
