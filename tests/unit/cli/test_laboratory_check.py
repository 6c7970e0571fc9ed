"""`vigie lab check` judges as the inbox does, and a file made from the template passes."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from tests.functions.result_intake.samples import Sample, csv_of, hl7_of

GOOD = Sample()
WARNED = Sample(accession="A2", email="no address")
BAD = Sample(accession="A3", birth_date="1969-14-14")


def run(*arguments: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["lab", *map(str, arguments)])


def checked(*paths: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("check", "--json", *paths).output)
    return found


def zipped(content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("x", content)
    return held.getvalue()


@pytest.mark.parametrize("file_format", ["csv", "hl7", "fhir"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zipped])
def test_a_file_made_from_the_template_passes(
    tmp_path: Path, file_format: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "template"
    assert run("template", "--format", file_format, path).exit_code == 0
    path.write_bytes(pack(path.read_bytes()))
    answer = run("check", path)
    assert "score 100 %: of 1 items" in answer.output
    assert "1 accepted, 0 accepted with warnings, 0 rejected" in answer.output
    assert answer.exit_code == 0


def test_the_template_goes_to_the_output() -> None:
    assert run("template").stdout_bytes.startswith(b"\xef\xbb\xbfvigie_csv_1;")


def test_what_would_be_rejected_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "morning.csv"
    path.write_bytes(csv_of(GOOD, WARNED, BAD))
    answer = run("check", path)
    assert answer.exit_code == 1
    assert "score 66 %: of 3 items (csv) 1 accepted, 1 accepted with warnings" in answer.output
    assert "line 4, column birth_date" in answer.output
    assert "birth-date-malformed" in answer.output
    assert "email-malformed" in answer.output
    assert "1969-14-14" not in answer.output


def test_warnings_alone_pass(tmp_path: Path) -> None:
    path = tmp_path / "morning.csv"
    path.write_bytes(csv_of(GOOD, WARNED))
    assert run("check", path).exit_code == 0


def test_every_file_of_a_folder_as_json(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(csv_of(GOOD, BAD))
    (tmp_path / "b.hl7").write_bytes(hl7_of(GOOD))
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7")
    of_csv, of_hl7, of_pdf = checked(tmp_path)
    assert of_csv["score"] == {
        "percent": 50,
        "accepted": 1,
        "accepted_with_warnings": 0,
        "rejected": 1,
    }
    assert of_csv["by_rule"] == {"birth-date-malformed": 1}
    (finding,) = of_csv["findings"]
    assert (finding["place"], finding["rejected"]) == ("line 3", True)
    assert finding["rule"]["place"] == "line 3, column birth_date"
    assert (of_hl7["format"], of_hl7["score"]["percent"]) == ("hl7v2", 100)
    assert (of_pdf["state"], of_pdf["rules"][0]["code"]) == ("rejected", "format-unknown")
    assert run("check", tmp_path).exit_code == 1


def test_findings_beyond_the_limit_are_only_counted(tmp_path: Path) -> None:
    path = tmp_path / "morning.csv"
    path.write_bytes(csv_of(*[BAD] * 5))
    found = json.loads(run("check", "--json", "--limit", "2", path).output)
    assert (len(found[0]["findings"]), found[0]["by_rule"]) == (2, {"birth-date-malformed": 5})


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "file-empty"),
        (gzip.compress(b"vigie_csv_1")[:-4], "gzip-malformed"),
        (zipped(b"vigie_csv_1")[:-4], "zip-malformed"),
    ],
    ids=["empty", "gzip", "zip"],
)
def test_a_file_that_is_refused_as_a_whole(tmp_path: Path, content: bytes, rule: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    (found,) = checked(path)
    assert [each["code"] for each in found["rules"]] == [rule]
    assert run("check", path).exit_code == 1


def test_a_file_that_is_not_there() -> None:
    assert run("check", "/nowhere/at/all").exit_code == 2
