"""The conformance table on a corpus of the tests' own."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import table
from tests.conformance.synthetic_case import EXPECTED, USUAL
from tests.unit.dcc.issuing import issuer_of


def _case(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - the values of a JSON file
    return USUAL.case() | changes


def _run(folder: Path, path: str, case: dict[str, Any]) -> int:
    file = folder / "dcc" / "cases" / path
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(case), encoding="utf-8-sig")
    return table.main([str(folder)])


@pytest.mark.parametrize(
    "path", ["XX/2DCode/raw/1.json", "XX/1.3.0/2DCode/raw/1.json", "XX/2DCode/Raw/1.json"]
)
def test_a_case_that_does_as_expected_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    assert _run(tmp_path, path, _case()) == 0
    assert "NEW" not in capsys.readouterr().out


def test_a_signer_may_be_given_as_pem(tmp_path: Path) -> None:
    body = base64.encodebytes(issuer_of("t").der).decode("ascii")
    pem = f"-----BEGIN CERTIFICATE-----\r\n{body}-----END CERTIFICATE-----\r\n"
    context = _case()["TESTCTX"] | {"CERTIFICATE": pem}

    assert _run(tmp_path, "XX/1.json", _case(TESTCTX=context)) == 0


def test_the_message_may_be_given_as_text_alone(tmp_path: Path) -> None:
    assert _run(tmp_path, "XX/1.json", _case(COSE=None, COMPRESSED=None, BASE45=None)) == 0


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_case_that_does_otherwise_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    apart = name == "EXPECTEDSCHEMAVALIDATION"

    status = _run(tmp_path, "XX/1.json", _case(EXPECTEDRESULTS={name: False}))

    assert status == (0 if apart else 1)
    assert ("known  dcc-schema-1.3.0  XX/1" if apart else "NEW  dcc  XX/1") in (
        capsys.readouterr().out
    )


def test_a_known_fault_explains_its_own_checks_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = _case()["JSON"] | {"dob": "1999-01-01"}

    assert _run(tmp_path / "a", "FR/2DCode/raw/test_pcr_ok.json", _case(JSON=other)) == 0
    assert "known  dcc  FR/test_pcr_ok" in capsys.readouterr().out
    wrong = _case(JSON=other, BASE45="BB8")
    assert _run(tmp_path / "b", "FR/2DCode/raw/test_pcr_ok.json", wrong) == 1


def test_a_folder_without_a_corpus_is_a_wrong_call(tmp_path: Path) -> None:
    assert table.main([str(tmp_path)]) == 2
    assert table.main([]) == 2
