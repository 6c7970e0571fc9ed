"""The index and the manifest of all exports, and their end after fourteen days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from key_export.batch import index_of, manifest_of
from vigie.errors import Unavailable
from vigie.tracing.release import RETENTION

if TYPE_CHECKING:
    from datetime import datetime

    from key_export.export_bucket import ExportBucket, StoredListing
    from key_export.export_store import ExportStore

_ATTEMPTS = 5
_INDEX = "index.txt"
_MANIFEST = "manifest.json"
_TEXT = "text/plain; charset=us-ascii"
_JSON = "application/json"
# An app that downloaded the index just before may still ask for what has left it.
_STILL_ASKED_FOR = timedelta(hours=1)


class IndexPublisher:
    """Makes the index and the manifest say what the exports table says.

    Args:
        store: which batches have files.
        bucket: where both are.
        root: folder of the files.
    """

    def __init__(self, store: ExportStore, bucket: ExportBucket, root: str) -> None:
        self._store = store
        self._bucket = bucket
        self._root = root

    def publish(self, now: datetime) -> None:
        """List the files of the last fourteen days.

        Both are read before the table: if a run that finished a batch meanwhile replaced one,
        this one starts again, and loses no file of that batch. What the index lists, the
        manifest has listed before it.

        Raises:
            Unavailable: AWS did not answer, or other runs kept replacing the index.
        """
        for _ in range(_ATTEMPTS):
            index = self._bucket.listing(self._name(_INDEX))
            manifest = self._bucket.listing(self._name(_MANIFEST))
            listed = [batch for batch in self._store.published() if batch.end + RETENTION > now]
            if self._say(_MANIFEST, manifest_of(listed, self._root), _JSON, manifest) and self._say(
                _INDEX, index_of(listed, self._root), _TEXT, index
            ):
                return
        raise Unavailable("index-contended")

    def _say(
        self, name: str, content: str, content_type: str, present: StoredListing | None
    ) -> bool:
        """Have a listing say something; not if another run replaced it meanwhile."""
        if present is not None and present.content == content:
            return True
        return self._bucket.replace(self._name(name), content, content_type, present)

    def _name(self, listing: str) -> str:
        return f"{self._root}/{listing}"

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
