"""The operator's command shows what a laboratory sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.functions.laboratories import register
from tests.functions.resources import create_files_table, create_table
from vigie import aws
from vigie.inbox import EntryOutcome, FileStore, FileSummary, InboxFile

FINESS = "750712184"
NOW = datetime.now(UTC)


@pytest.fixture
def files(mocked_aws: None) -> FileStore:  # noqa: ARG001 - the account that the tables are in
    create_table("laboratories", "finess")
    create_files_table()
    for name in ("laboratories", "files"):
        aws.ssm().put_parameter(Name=f"/vigie/test/tables/{name}", Value=name, Type="String")
    register(FINESS)
    return FileStore(aws.dynamodb(), "files")


def sent(files: FileStore, days_ago: int, **summary: Any) -> None:  # noqa: ANN401 - any field
    """Have a file answered that arrived some days ago."""
    at = NOW - timedelta(days=days_ago)
    file = InboxFile(bucket="inbox", key=f"{FINESS}/Durand {days_ago}.csv", size=1, received_at=at)
    files.open(file, now=at, retention=timedelta(days=90))
    files.note_acknowledged(file.file_id, "csv", FileSummary(**summary))


def lab(*arguments: str, status: int = 0) -> str:
    told = CliRunner().invoke(
        app, ["lab", *arguments, "--environment", "test"], env={"COLUMNS": "200"}
    )
    assert told.exit_code == status, told.output
    return told.output


def send_some(files: FileStore) -> None:
    """Two days with files within two weeks, and one before."""
    sent(files, 30, counts={EntryOutcome.ACCEPTED: 1000})
    sent(
        files,
        2,
        counts={EntryOutcome.ACCEPTED: 6, EntryOutcome.REJECTED: 2, EntryOutcome.TEST: 7},
        refusals={"birth-date-malformed": 2},
        delays={12: 4, 30: 2},
    )
    sent(files, 1, counts={EntryOutcome.DUPLICATE: 2})


def test_a_laboratory_is_shown_with_its_figures(files: FileStore) -> None:
    send_some(files)
    shown = lab("show", FINESS)
    for line in (
        "active since 2026-11-01",
        "2 files, 10 items",
        "rejected: 20.0%",
        "most frequent refusals: birth-date-malformed 2",
        "from sampling to report: median 11.5 h, 66.7% within 24 h",
    ):
        assert line in shown
    assert "Durand" not in shown


def test_programs_get_the_same_as_json(files: FileStore) -> None:
    send_some(files)
    told = json.loads(lab("show", FINESS, "--json"))
    assert told["entry"]["state"] == "active"
    assert (told["files"], told["items"], told["rejection_rate"]) == (2, 10, 0.2)
    assert (told["median_delay_hours"], told["reported_within_24_hours"]) == (11.5, 0.6667)
    assert [day["items"] for day in told["days"]] == [8, 2]
    assert datetime.fromisoformat(told["last_seen"]) == NOW - timedelta(days=1)
    assert json.loads(lab("show", FINESS, "--json", "--days", "31"))["items"] == 1010


def test_a_laboratory_that_sent_nothing_is_shown_too(files: FileStore) -> None:  # noqa: ARG001 - the account
    shown = lab("show", FINESS)
    assert "last file: none" in shown
    assert "rejected: unknown" in shown


def test_a_laboratory_that_is_not_registered_is_not_shown(files: FileStore) -> None:  # noqa: ARG001 - the account
    lab("show", "750000008", status=1)
