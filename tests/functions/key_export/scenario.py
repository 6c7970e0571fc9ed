"""A morning's work for one run: every kind of batch, and an old one to delete."""

from __future__ import annotations

from datetime import timedelta

from key_export.batch import Batch
from key_export.export_store import ExportStore
from key_export.file_facts import FileFacts
from tests.functions.key_export.world import HOUR, MIDNIGHT, World
from vigie import aws

NOW = MIDNIGHT + 5 * HOUR
KEYS = 3 + 9
OLD = Batch(start=MIDNIGHT - timedelta(days=20), end=MIDNIGHT - timedelta(days=20) + HOUR)


def prepare(world: World) -> None:
    """A batch to pad, one without keys, one of two files with a revision, and files to delete.

    Batches are of one hour each.
    """
    world.settings = world.settings.model_copy(
        update={
            "period_seconds": 3600,
            "lookback_seconds": 3600 * 5,
            "max_records": 5,
            "min_records": 4,
            "padding_range": 1,
        }
    )
    world.release(range(3), MIDNIGHT)
    world.release(range(3, KEYS), MIDNIGHT + 2 * HOUR)
    world.revise(1, MIDNIGHT + 2 * HOUR)
    start_again(world)


def start_again(world: World) -> None:
    """Forget what was exported, but for the old batch."""
    world.start_again()
    world.seeds.clear()
    store = ExportStore(aws.dynamodb(), "exports", "exports")
    store.begin(OLD.start)
    store.plan(OLD, bytes(32))
    store.finish(OLD, [FileFacts(size=3, sha256="", keys=1, revised_keys=0)])
    aws.dynamodb().delete_item(
        TableName="exports", Key={"list": {"S": "exports"}, "entry": {"S": "progress"}}
    )
    aws.s3().put_object(Bucket="exports", Key=OLD.file_name("exports", 1), Body=b"old")
