"""What apps find: every released key, once, in signed files that the index lists."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from aws_lambda_powertools import Logger

from key_deletion.handler import build as build_deletion
from key_deletion.settings import Settings as DeletionSettings
from key_export import handler
from tests.functions.key_export.world import (
    FIRST_DUE,
    HOUR,
    MIDNIGHT,
    SCHEDULE,
    Context,
    World,
    numbers_of,
)
from tests.functions.resources import items, objects
from vigie import aws
from vigie.errors import Rejected, Unavailable
from vigie.tracing.interval import interval_number

if TYPE_CHECKING:
    from datetime import tzinfo

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
EPOCH = 1795478400  # 2026-11-24T00:00:00Z
FIRST_FILE = f"exports/{EPOCH}-{EPOCH + 14400}-00001.zip"


def test_keys_leave_when_their_hours_are_over_and_settled(world: World) -> None:
    world.release(range(7), MIDNIGHT)
    world.release(range(7, 14), MIDNIGHT + 3 * HOUR)
    world.release(range(14, 21), MIDNIGHT + 4 * HOUR)
    world.run(FIRST_DUE - SECOND)
    assert (world.index(), world.files()) == ("", {})
    world.run(FIRST_DUE)
    assert world.index() == FIRST_FILE
    assert numbers_of(world.keys_out()) == list(range(14))
    world.run(FIRST_DUE + 4 * HOUR)
    assert world.index().split("\n") == [
        FIRST_FILE,
        f"exports/{EPOCH + 14400}-{EPOCH + 28800}-00001.zip",
    ]
    assert numbers_of(world.keys_out()) == list(range(21))


def test_a_file_is_as_phones_ask_for_it(world: World) -> None:
    released = world.release(range(9))
    world.run()
    export = world.files()[FIRST_FILE]
    assert list(export.keys) == sorted(released, key=lambda key: key.key_data)
    assert export.revised_keys == ()
    frame = export.frame
    assert (frame.start, frame.end, frame.region) == (MIDNIGHT, MIDNIGHT + 4 * HOUR, "FR")
    (info,) = frame.signature_infos
    assert (info.verification_key_id, info.verification_key_version) == ("208", "v1")


def test_caches_keep_a_file_for_as_long_as_it_is_listed(world: World) -> None:
    world.release(range(9))
    world.run()
    file = aws.s3().head_object(Bucket="exports", Key=FIRST_FILE)
    listed_for = int((14 * DAY - 2 * HOUR).total_seconds())
    assert file["CacheControl"] == f"public, max-age={listed_for}, immutable"
    assert file["ContentType"] == "application/zip"
    index = aws.s3().head_object(Bucket="exports", Key="exports/index.txt")
    assert index["CacheControl"] == "public, max-age=300"
    assert index["ContentType"].startswith("text/plain")


def test_a_small_batch_is_padded_with_keys_like_its_own(world: World) -> None:
    released = world.release(range(2))
    world.run()
    (export,) = world.files().values()
    assert 6 <= len(export.keys) <= 9
    assert numbers_of(export.keys) == [0, 1]
    assert [key.key_data for key in export.keys] == sorted(key.key_data for key in export.keys)
    like = [key.model_copy(update={"key_data": bytes(16)}) for key in released]
    assert {str(key.model_copy(update={"key_data": bytes(16)})) for key in export.keys} == set(
        map(str, like)
    )


def test_nothing_tells_padding_from_keys_afterwards(world: World) -> None:
    world.release(range(2))
    world.run()
    metadata = aws.s3().head_object(Bucket="exports", Key=FIRST_FILE)["Metadata"]
    assert set(metadata) == {"sha256", "keys", "revised-keys"}
    assert int(metadata["keys"]) >= 6
    (progress, batch) = sorted(items("exports"), key=lambda item: -len(item["entry"]["S"]))[::-1]
    assert set(progress) == {"list", "entry", "schema", "through"}
    assert set(batch) == {"list", "entry", "schema", "start", "end", "files", "facts"}


def test_hours_without_keys_give_no_file(world: World) -> None:
    world.run(FIRST_DUE + DAY)
    assert objects("exports") == {
        "exports/index.txt": b"",
        "exports/manifest.json": b'{"files":[]}',
    }
    world.release([1], MIDNIGHT + DAY + 4 * HOUR)
    world.run(FIRST_DUE + DAY + 4 * HOUR)
    assert numbers_of(world.keys_out()) == [1]


def test_a_large_batch_has_several_files_that_phones_tell_apart(world: World) -> None:
    world.release(range(45), MIDNIGHT + HOUR)
    world.run()
    exports = list(world.files().values())
    assert [len(export.keys) for export in exports] == [20, 20, 5]
    in_order = [key.key_data for export in exports for key in export.keys]
    assert in_order == sorted(in_order)
    assert numbers_of(world.keys_out()) == list(range(45))
    ends = [export.frame.end - (MIDNIGHT + 4 * HOUR) for export in exports]
    assert ends == [SECOND, 2 * SECOND, 3 * SECOND]
    assert {export.frame.start for export in exports} == {MIDNIGHT}


def test_a_batch_of_exactly_one_file_is_not_split(world: World) -> None:
    world.release(range(20))
    world.run()
    (export,) = world.files().values()
    assert (len(export.keys), export.frame.end) == (20, MIDNIGHT + 4 * HOUR)


def test_a_pause_of_two_days_costs_no_key(world: World) -> None:
    world.release(range(8))
    world.run()
    expected = list(range(8))
    for hour in range(4, 52):
        world.release([100 + hour], MIDNIGHT + hour * HOUR)
        expected.append(100 + hour)
    world.run(FIRST_DUE + 2 * DAY)
    assert numbers_of(world.keys_out()) == expected
    assert len(world.files()) == 13


def test_a_first_run_that_comes_late_takes_what_there_is(world: World) -> None:
    world.settings = world.settings.model_copy(update={"lookback_seconds": 2 * 24 * 3600})
    world.release([1], FIRST_DUE - 2 * DAY)
    world.run()
    assert numbers_of(world.keys_out()) == [1]


def test_work_follows_the_new_keys(world: World) -> None:
    world.release(range(8))
    world.run()
    before = objects("exports")
    # What is exported is not read again.
    for item in items("keys"):
        aws.dynamodb().delete_item(
            TableName="keys", Key={"shard": item["shard"], "key": item["key"]}
        )
    world.run(FIRST_DUE + HOUR)
    assert objects("exports") == before


def test_a_key_in_use_never_leaves_wherever_it_stands(world: World) -> None:
    world.release(range(8))
    world.release([8], start=interval_number(FIRST_DUE - 2 * HOUR) - 143)
    with pytest.raises(Unavailable, match="key-in-use"):
        world.run()
    assert world.files() == {}
    world.run(FIRST_DUE + timedelta(minutes=10))
    assert numbers_of(world.keys_out()) == list(range(9))


def test_after_fourteen_days_exports_leave_the_index_and_then_everything(world: World) -> None:
    days = {"period_seconds": 24 * 3600, "lookback_seconds": 2 * 24 * 3600}
    world.settings = world.settings.model_copy(update=days)
    released = world.release(range(8)) + world.release(range(8, 16), MIDNIGHT + DAY)
    world.revise(9, MIDNIGHT + DAY, released=MIDNIGHT + DAY)
    world.run(MIDNIGHT + 2 * DAY + 2 * HOUR)
    end = MIDNIGHT + DAY + 14 * DAY
    for now, listed, kept in (
        (end - SECOND, 2, 2),
        (end, 1, 2),
        (end + HOUR - SECOND, 1, 2),
        (end + HOUR, 1, 1),
        (end + DAY + HOUR, 0, 0),
    ):
        world.run(now)
        assert len(world.index().split()) == listed, now
        assert len(world.files()) == kept, now
    # How far exports have come is not forgotten with them.
    assert [item["entry"]["S"] for item in items("exports")] == ["progress"]
    _delete_keys(end + DAY + HOUR)
    assert items("keys") == []
    # Neither an older version, nor the log, nor a listing has one left.
    versions = aws.s3().list_object_versions(Bucket="exports")
    assert "DeleteMarkers" not in versions
    kept = [version["Key"] for version in versions["Versions"]]
    assert kept == ["exports/index.txt", "exports/manifest.json"]
    left = world.log.getvalue() + str(items("exports")) + str(objects("exports"))
    assert not any(key.key_data.hex() in left for key in released)


def _delete_keys(now: datetime) -> None:
    settings = DeletionSettings(keys_table="keys", hours_back=50)
    deletion = build_deletion(settings, logger=Logger(service=str(uuid.uuid4())), now=lambda: now)
    deletion(Context())


def test_the_period_may_change(world: World) -> None:
    world.release(range(8))
    world.run()
    world.settings = world.settings.model_copy(update={"period_seconds": 24 * 3600})
    world.release(range(8, 16), MIDNIGHT + 4 * HOUR)
    world.release(range(16, 24), MIDNIGHT + 23 * HOUR)
    world.run(FIRST_DUE + 8 * HOUR)
    assert numbers_of(world.keys_out()) == list(range(8))
    world.run(MIDNIGHT + DAY + 2 * HOUR)
    assert numbers_of(world.keys_out()) == list(range(24))
    assert len(world.files()) == 2


def test_a_run_without_time_leaves_the_rest_to_the_next(world: World) -> None:
    world.release(range(8))
    world.release(range(8, 16), MIDNIGHT + 4 * HOUR)
    for _ in range(12):
        world.run(FIRST_DUE + 4 * HOUR, Context(questions=1))
    assert numbers_of(world.keys_out()) == list(range(16))
    assert {line["message"] for line in world.logged()} == {
        "file-exported",
        "batch-finished",
        "export-out-of-time",
    }


def test_what_a_newer_version_wrote_is_left_alone(world: World) -> None:
    world.run(FIRST_DUE - HOUR)
    item = {**items("exports")[0], "schema": {"N": "3"}}
    aws.dynamodb().put_item(TableName="exports", Item=item)
    with pytest.raises(Rejected, match="newer schema version"):
        world.run()


def test_a_late_export_is_measured(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.release([1], start=interval_number(FIRST_DUE))
    with pytest.raises(Unavailable):
        world.run(FIRST_DUE + timedelta(minutes=90))
    measured = _measured(capsys)
    assert measured["ExportDelay"] == 5400
    world.run(FIRST_DUE + DAY + 3 * HOUR)
    measured = _measured(capsys)
    assert (measured["ExportDelay"], measured["KeysExported"]) == (0, 1)
    assert 5 <= measured["PaddingKeys"] <= 8


def _measured(capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {
        name: line[name][0]
        for line in lines
        for name in ("ExportDelay", "KeysExported", "PaddingKeys")
        if name in line
    }


class FrozenTime(datetime):
    """The clock at the hour that the first batch is due."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> FrozenTime:
        return cls.fromtimestamp(FIRST_DUE.timestamp(), tz)


def test_the_schedule_runs_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "datetime", FrozenTime)
    world.release(range(8))
    for name, value in world.settings.model_dump().items():
        if value:
            monkeypatch.setenv(name.upper(), str(value))
    handler._door.cache_clear()
    handler.handler(json.loads(SCHEDULE.read_bytes()), Context())
    handler._door.cache_clear()
    assert world.index() == FIRST_FILE
