"""A file of the inbox: its id, its laboratory, and what is left of it to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vigie.errors import Rejected
from vigie.inbox import ByteSpan, FilePart, FileRecord, FileState, InboxFile
from vigie.inbox.file_record import SHARDS, from_item, open_shard, to_item, write_parts

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def a_file(key: str = "750000001/a.csv", **changes: Any) -> InboxFile:  # noqa: ANN401 - any field
    return InboxFile(**{"bucket": "inbox", "key": key, "size": 5, "received_at": NOON, **changes})


def test_a_file_is_its_bucket_key_and_version_and_nothing_else() -> None:
    one = a_file(version_id="1").file_id
    assert len(one) == 26
    assert a_file(version_id="1", size=6, received_at=NOON + timedelta(1)).file_id == one
    others = (a_file(), a_file(version_id="2"), a_file("750000001/b.csv", version_id="1"))
    assert one not in {each.file_id for each in others}
    assert a_file(version_id="1", bucket="other").file_id != one


@pytest.mark.parametrize("key", ["750000001/a", "2A0000001/a/b.csv", "2B0000001/x", "970000001/ é"])
def test_the_prefix_is_the_laboratory(key: str) -> None:
    assert a_file(key).laboratory == key[:9]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a.csv",
        "750000001",
        "750000001/",
        "75000000/a",
        "7500000011/a",
        "\N{ARABIC-INDIC DIGIT SEVEN}50000001/a",
        "/750000001/a",
    ],
)
def test_another_prefix_is_nobody(key: str) -> None:
    with pytest.raises(Rejected) as refused:
        _ = a_file(key).laboratory
    assert refused.value.code == "inbox-prefix-unknown"
    assert key not in str(refused.value) or not key


def test_a_record_is_read_as_it_was_written() -> None:
    item = dict(to_item(a_file(), opened_at=NOON, expires_at=1))
    assert from_item(item) == FileRecord(file=a_file(), state=FileState.RECEIVED)
    parts = (FilePart(0, 3, 1, 2), FilePart(3, 5, 2, 3))
    item |= {"parts": write_parts(parts), "done": {"NS": ["2"]}, "format": {"S": "csv"}}
    record = from_item(item)
    assert (record.parts, record.done, record.format) == (parts, frozenset({2}), "csv")


def test_a_record_of_a_newer_system_is_refused() -> None:
    item = to_item(a_file(), opened_at=NOON, expires_at=1) | {"schema": {"N": "2"}}
    with pytest.raises(Rejected):
        from_item(item)


def test_what_is_missing_is_what_left_no_fragment() -> None:
    record = FileRecord(file=a_file(), state=FileState.RECEIVED)
    assert record.missing == [(1, ByteSpan(0, 5))]
    assert not record.complete
    cut = record.model_copy(
        update={"parts": (FilePart(0, 3, 1, 2), FilePart(3, 5, 2, 3)), "done": {1}}
    )
    assert cut.missing == [(2, ByteSpan(3, 5))]
    assert not cut.complete
    assert cut.model_copy(update={"done": {1, 2}}).complete


def test_open_files_are_spread_over_the_shards() -> None:
    shards = {open_shard(a_file(version_id=str(n)).file_id) for n in range(200)}
    assert shards == {str(shard) for shard in range(SHARDS)}
