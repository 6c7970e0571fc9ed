"""The index of all exports, and their end after fourteen days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from key_export.batch import index_of
from vigie.errors import Unavailable
from vigie.tracing.release import RETENTION

if TYPE_CHECKING:
    from datetime import datetime

    from key_export.export_bucket import ExportBucket
    from key_export.export_store import ExportStore

_ATTEMPTS = 5
# An app that downloaded the index just before may still ask for what has left it.
_STILL_ASKED_FOR = timedelta(hours=1)


class IndexPublisher:
    """Makes the index say what the exports table says.

    Args:
        store: which batches have files.
        bucket: where the index is.
        root: folder of the files.
    """

    def __init__(self, store: ExportStore, bucket: ExportBucket, root: str) -> None:
        self._store = store
        self._bucket = bucket
        self._root = root

    def publish(self, now: datetime) -> None:
        """List the files of the last fourteen days.

        The index is read before the table: if a run that finished a batch meanwhile replaced
        it, this one starts again, and loses no file of that batch.

        Raises:
            Unavailable: AWS did not answer, or other runs kept replacing the index.
        """
        for _ in range(_ATTEMPTS):
            present = self._bucket.index()
            listed = (batch for batch in self._store.published() if batch.end + RETENTION > now)
            content = index_of(listed, self._root)
            if present is not None and present.content == content:
                return
            if self._bucket.replace_index(content, present):
                return
        raise Unavailable("index-contended")

    def retire(self, now: datetime) -> int:
        """Delete the files of batches that have left the index.

        Returns:
            How many batches.

        Raises:
            Unavailable: AWS did not answer.
        """
        old = [
            batch
            for batch in self._store.published()
            if batch.end + RETENTION + _STILL_ASKED_FOR <= now
        ]
        for batch in old:
            self._bucket.delete(batch.file_names(self._root))
            self._store.forget(batch)
        return len(old)
