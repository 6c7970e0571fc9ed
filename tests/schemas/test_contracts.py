"""The contracts between functions are those that are kept, and can be changed no otherwise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests.schemas import history
from tests.schemas.__main__ import main
from tests.schemas.compatibility import breaks
from tests.schemas.contracts import TOLERATED, contracts, schema_of

if TYPE_CHECKING:
    from pathlib import Path

CONTRACTS = contracts()
SAMPLES = sorted(history.FOLDER.parent.glob("*/*.json"))
# Of AWS's own making, and read by nobody but the intake.
_NOT_OURS = "s3:TestEvent"


def _bodies() -> list[tuple[str, dict[str, Any]]]:
    """The messages of queues among the samples, with the name of their file."""
    return [
        (f"{path.parent.name}/{path.stem}", json.loads(record["body"]))
        for path in SAMPLES
        for record in json.loads(path.read_text(encoding="utf-8")).get("Records", ())
        if record.get("eventSource") == "aws:sqs"
    ]


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_contract_is_the_one_that_is_kept(name: str) -> None:
    kept = history.versions(name)
    assert kept, "not kept yet: make schemas"
    assert kept[-1] == schema_of(CONTRACTS[name]), "it has changed: make schemas"


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_version_bears_the_present_one_and_the_other_way_round(name: str) -> None:
    present, tolerated = schema_of(CONTRACTS[name]), TOLERATED.get(name, frozenset())
    assert [breaks(old, present, tolerated) for old in history.versions(name)] == [
        [] for _ in history.versions(name)
    ]


def test_no_contract_is_given_up() -> None:
    kept = {path.stem.split(".")[0] for path in history.FOLDER.glob("*.json")}
    assert kept == set(CONTRACTS)


@pytest.mark.parametrize(
    ("sample", "body"), [pytest.param(*each, id=each[0]) for each in _bodies()]
)
def test_a_sample_is_of_its_contract(sample: str, body: dict[str, Any]) -> None:
    if body.get("Event") == _NOT_OURS:
        return
    name = body.get("type", "S3Notification")
    for schema in history.versions(name):
        validator = jsonschema.validators.validator_for(schema)
        faults = [
            fault.message
            for fault in validator(schema, format_checker=validator.FORMAT_CHECKER).iter_errors(
                body
            )
        ]
        assert faults == [], sample


def test_a_contract_that_changed_gets_its_next_number_or_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(tmp_path) == 0
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.1.json" for name in CONTRACTS}
    path = tmp_path / "RecoveryDue.1.json"
    older = json.loads(path.read_text())
    del older["properties"]["type"]
    path.write_text(json.dumps(older))
    assert main(tmp_path) == 0
    assert len(history.versions("RecoveryDue", tmp_path)) == 2
    older["properties"]["removed"] = {"type": "string"}
    (tmp_path / "RecoveryDue.2.json").write_text(json.dumps(older))
    assert main(tmp_path) == 1
    assert len(history.versions("RecoveryDue", tmp_path)) == 2
    assert "RecoveryDue.2 $.removed: the field is gone" in capsys.readouterr().err
