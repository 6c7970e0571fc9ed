"""Certificates of other countries, as their cases expect."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cryptography import x509

from tests.conformance import dcc_cases
from tests.conformance.dcc_case import DccCase, read_cases
from tests.conformance.dcc_cases import CHECKS, deviations, outcomes
from tests.conformance.outcome import CaseOutcome
from vigie.dcc import schema
from vigie.dcc.errors import DccError


@pytest.fixture(scope="session")
def cases(data_folder: Path) -> list[DccCase]:
    folder = data_folder / "dcc" / "cases"
    if not folder.is_dir():
        pytest.skip("the data has no dcc/cases")
    return read_cases(folder)[0]


@pytest.fixture(scope="session")
def found(data_folder: Path, cases: list[DccCase]) -> list[CaseOutcome]:
    assert cases
    return list(outcomes(data_folder / "dcc" / "cases"))


def test_each_case_behaves_as_expected_unless_the_data_is_known_to_be_wrong(
    found: list[CaseOutcome],
) -> None:
    assert [case for case in found if not case.as_expected and not case.known] == []


def test_the_only_fault_of_the_data_given_is_french(found: list[CaseOutcome]) -> None:
    given = ("FR/", "common/", "AT/", "BE/", "BG/", "IT/", "SE/")
    deviating = {
        case.case
        for case in found
        if case.corpus == dcc_cases.CORPUS and not case.as_expected and case.case.startswith(given)
    }

    assert deviating == {"FR/test_pcr_ok"}


def test_the_schema_is_checked_apart(found: list[CaseOutcome]) -> None:
    assert any(case.corpus == dcc_cases.SCHEMA_CORPUS for case in found)


@pytest.mark.parametrize("expectation", sorted(CHECKS))
def test_each_check_is_exercised(cases: list[DccCase], expectation: str) -> None:
    assert any(expectation in case.expected for case in cases)


def test_a_turned_expectation_is_told(cases: list[DccCase]) -> None:
    for case in cases:
        if deviations(case) or not case.fields.get("COSE"):
            continue
        for name in ("EXPECTEDVERIFY", "EXPECTEDEXPIRATIONCHECK", "EXPECTEDKEYUSAGE"):
            if name in case.expected:
                turned = {name: not case.expected[name]}
                fields = {**case.fields, "EXPECTEDRESULTS": turned}
                assert list(deviations(DccCase(case.name, fields))) == [name]


def test_the_schema_check_agrees_with_a_json_schema_validator(
    data_folder: Path, cases: list[DccCase]
) -> None:
    path = data_folder / "dcc" / "schema" / "DCC.combined-schema-1.3.0.json"
    if not path.is_file():
        pytest.skip("the data has no schema")
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(document)
    compared = 0
    for case in cases:
        try:
            certificate = dict(case.claims.certificate)
        except DccError:
            continue
        compared += 1
        assert (not schema.faults(certificate)) == validator.is_valid(certificate), case.name
    assert compared


def test_key_usages_are_those_that_a_strict_reader_finds_where_it_can(
    cases: list[DccCase],
) -> None:
    unreadable = 0
    for case in cases:
        pem = case.context("CERTIFICATE")
        body = pem if "BEGIN" in pem else f"{_BEGIN}\n{pem}\n{_END}\n"
        certificate = x509.load_pem_x509_certificate(body.encode("ascii"))
        try:
            extensions = certificate.extensions
        except ValueError:
            unreadable += 1
            continue
        assert case.signer.usages == _usages(extensions), case.name
    assert unreadable < len(cases)


def _usages(extensions: x509.Extensions) -> frozenset[str]:
    for extension in extensions:
        if isinstance(extension.value, x509.ExtendedKeyUsage):
            return frozenset(oid.dotted_string for oid in extension.value)
    return frozenset()


_BEGIN = "-----BEGIN CERTIFICATE-----"
_END = "-----END CERTIFICATE-----"
