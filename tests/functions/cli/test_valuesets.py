"""Releases of value sets: published, shown, taken back, and followed by functions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from vigie import aws
from vigie.certificates.value_set_releases import CURRENT, CurrentValueSets, ValueSetReleases
from vigie.dcc import value_sets
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from pathlib import Path

_BUCKET = "value-sets"


@pytest.fixture(autouse=True)
def _bucket(mocked_aws: None) -> None:  # noqa: ARG001 - the account that the bucket is in
    aws.s3().create_bucket(
        Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
    )
    aws.ssm().put_parameter(Name="/vigie/test/buckets/value-sets", Value=_BUCKET, Type="String")


def _run(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(
        app, ["valuesets", *arguments, "--environment", "test"], env={"COLUMNS": "200"}
    )
    return answer.exit_code, answer.output


def _release(folder: Path, release: str, **changes: Any) -> str:  # noqa: ANN401 - any part of the document
    document = value_sets.shipped().model_dump(mode="json", by_alias=True)
    path = folder / "release.json"
    path.write_text(json.dumps(document | {"release": release} | changes))
    return str(path)


def test_a_release_is_published_shown_and_taken_back(tmp_path: Path) -> None:
    assert "2.12.0, as shipped" in _run("show")[1]
    assert _run("publish", _release(tmp_path, "2026-1")) == (0, "release 2026-1\nbefore it: none\n")
    again = _run("publish", _release(tmp_path, "2026-1"))
    assert again == (0, "release 2026-1\nbefore it: none\n")
    vaccines: dict[str, object] = {}
    _run("publish", _release(tmp_path, "2026-2", vaccines=vaccines))
    status, shown = _run("show", "--output", str(tmp_path / "now.json"))
    assert (status, "release 2026-2\nbefore it: 2026-1" in shown) == (0, True)
    assert value_sets.read((tmp_path / "now.json").read_bytes()).vaccines == {}
    assert _run("rollback") == (0, "release 2026-1\nbefore it: none\n")
    assert _run("rollback") == (1, "release-first: there is no release to go back to\n")


def test_what_is_no_release_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    _run("publish", _release(tmp_path, "2026-1"))
    status, told = _run("publish", _release(tmp_path, "2026-2", sets={}))
    assert (status, "value-sets-malformed" in told) == (1, True)
    other = _release(tmp_path, "2026-1", vaccines={})
    status, told = _run("publish", other)
    assert (status, "release-taken" in told) == (1, True)
    assert _run("publish", str(tmp_path / "nothing"))[0] == 1
    assert "release 2026-1" in _run("show")[1]


def test_a_function_follows_within_five_minutes_and_bears_a_broken_release(tmp_path: Path) -> None:
    now = 0.0
    current = CurrentValueSets(ValueSetReleases(aws.s3(), _BUCKET), lambda: now)
    assert current.get().release == "2.12.0"
    _run("publish", _release(tmp_path, "2026-1"))
    assert current.get().release == "2.12.0"
    now = 300
    assert current.get().release == "2026-1"
    aws.s3().put_object(Bucket=_BUCKET, Key=CURRENT, Body=b"{}")
    now = 600
    assert current.get().release == "2026-1"
    with pytest.raises(Unavailable):
        CurrentValueSets(ValueSetReleases(aws.s3(), _BUCKET)).get()


def test_the_list_of_the_jrc_becomes_a_release(tmp_path: Path) -> None:
    listed = [("1097", "Sofia"), ("9999", "New  Test")]
    content = {
        "extracted_on": "2023-06-01",
        "deviceList": [
            {"id_device": code, "commercial_name": name, "manufacturer": {"id": 1, "name": "Maker"}}
            for code, name in listed
        ],
    }
    source, output = tmp_path / "jrc.json", tmp_path / "made.json"
    source.write_text(json.dumps(content))
    options = ("--release", "2023-1", "--output", str(output), "--on", "2023-06-01")

    assert _run("devices", str(source), *options)[0] == 0

    assert _run("publish", str(output))[0] == 0
    devices = ValueSetReleases(aws.s3(), _BUCKET).in_force()[value_sets.SetId.DEVICE]
    assert devices.display("9999") == "Maker, New Test"
    assert devices.active("1097")
    # It was on the list that is shipped: certificates carry it rightly, and no new one does.
    assert "1114" in devices
    assert not devices.active("1114")
    source.write_text(json.dumps({"deviceList": [{"id_device": "x"}]}))
    status, answer = _run("devices", str(source), *options)
    assert (status, "devices-malformed: deviceList/0/id_device" in answer) == (1, True)
