"""The files of a laboratory, by their arrival."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.functions.resources import create_files_table
from vigie import aws
from vigie.inbox import EntryOutcome, FileState, FileStore, FileSummary, InboxFile
from vigie.inbox.file_record import to_item

LABORATORY, OTHER = "750000001", "2A0000002"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
RETENTION = timedelta(days=90)


@pytest.fixture
def files(mocked_aws: None) -> FileStore:  # noqa: ARG001 - the account that the table is in
    create_files_table()
    return FileStore(aws.dynamodb(), "files")


def arrived(files: FileStore, minutes: int, laboratory: str = LABORATORY) -> InboxFile:
    """A file that arrived so long after noon."""
    file = InboxFile(
        bucket="inbox",
        key=f"{laboratory}/{minutes}.csv",
        size=5,
        received_at=NOON + timedelta(minutes=minutes),
    )
    files.open(file, now=NOON, retention=RETENTION)
    return file


def test_a_history_goes_back_page_by_page_over_one_laboratory_only(files: FileStore) -> None:
    known = {minutes: arrived(files, minutes) for minutes in (3, 1, 2, 5, 4)}
    arrived(files, 6, OTHER)
    pages: list[list[InboxFile]] = []
    before = None
    while pages == [] or before is not None:
        page = files.history(LABORATORY, before=before, limit=2)
        pages.append([record.file for record in page.files])
        before = page.before
    expected = [known[minutes] for minutes in (5, 4, 3, 2, 1)]
    assert [file for page in pages for file in page] == expected
    assert all(len(page) <= 2 for page in pages)


def test_files_of_one_moment_are_all_told_of(files: FileStore) -> None:
    for version in range(5):
        file = InboxFile(
            bucket="inbox",
            key=f"{LABORATORY}/a.csv",
            version_id=str(version),
            size=5,
            received_at=NOON,
        )
        files.open(file, now=NOON, retention=RETENTION)
    first = files.history(LABORATORY, limit=3)
    rest = files.history(LABORATORY, before=first.before, limit=3)
    assert {one.file.version_id for one in first.files + rest.files} == set("01234")


def test_a_history_says_how_far_a_file_has_come(files: FileStore) -> None:
    file = arrived(files, 1)
    summary = FileSummary(counts={EntryOutcome.ACCEPTED: 2}, delays={4: 2}, content="0" * 32)
    files.note_acknowledged(file.file_id, "csv", summary)
    (record,) = files.history(LABORATORY, limit=9).files
    assert (record.state, record.format) == (FileState.ACKNOWLEDGED, "csv")
    assert record.summary == summary


def test_files_since_a_moment_come_in_the_order_of_arrival(files: FileStore) -> None:
    known = {minutes: arrived(files, minutes) for minutes in (2, 1, 3)}
    arrived(files, 0)
    paris = (NOON + timedelta(minutes=1)).astimezone(tz=None)
    told = [record.file for record in files.arrived_since(LABORATORY, paris)]
    assert told == [known[minutes] for minutes in (1, 2, 3)]


def test_a_file_recorded_before_there_was_an_order_is_left_out_and_still_read(
    files: FileStore,
) -> None:
    old = InboxFile(bucket="inbox", key=f"{LABORATORY}/old.csv", size=5, received_at=NOON)
    item = to_item(old, opened_at=NOON, expires_at=1)
    del item["arrived"]
    aws.dynamodb().put_item(TableName="files", Item=item)
    assert files.history(LABORATORY, limit=9).files == []
    assert files.get(old.file_id).file == old
