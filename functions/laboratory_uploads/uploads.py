"""A laboratory's uploads: opened, followed, and paged through."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from typing import TYPE_CHECKING, NamedTuple

from laboratory_uploads.answer import (
    OpenedUpload,
    UploadPage,
    UploadState,
    UploadSummary,
    UploadView,
)
from laboratory_uploads.upload_store import Upload
from vigie.errors import Rejected
from vigie.inbox import FileState

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from laboratory_uploads.acknowledgements import Acknowledgements
    from laboratory_uploads.answer import UploadRequest
    from laboratory_uploads.inbox import Inbox
    from laboratory_uploads.upload_store import UploadStore
    from vigie.inbox import FileRecord, FileStore, InboxFile

_ID_BYTES = 17
_ID_LENGTH = 26
_UPLOADED = re.compile(r"[^/]+/(?:test/)?uploads/([a-z2-7]{26})", re.ASCII)
_STATES = {
    FileState.RECEIVED: UploadState.READING,
    FileState.ACKNOWLEDGED: UploadState.DONE,
    FileState.INCOMPLETE: UploadState.DONE,
    FileState.REFUSED: UploadState.REFUSED,
}


class Stores(NamedTuple):
    """What is read and kept.

    Attributes:
        uploads: what was announced.
        files: how far each file has come.
        inbox: where files go.
        acknowledgements: what was told of them.
    """

    uploads: UploadStore
    files: FileStore
    inbox: Inbox
    acknowledgements: Acknowledgements


class Uploads:
    """The uploads of laboratories, each of whom sees its own.

    Args:
        stores: what is read and kept.
        retention: how long an upload is remembered.
    """

    def __init__(self, stores: Stores, retention: timedelta) -> None:
        self._uploads, self._files, self._inbox, self._acknowledgements = stores
        self._retention = retention

    def open(
        self, laboratory: str, request: UploadRequest, idempotency_key: str | None, now: datetime
    ) -> OpenedUpload:
        """Open an upload, or the same one again for the same idempotency key.

        Raises:
            Rejected: `idempotency-key-reused`, the key was used for another file.
            Unavailable: something did not answer.
        """
        wanted = Upload(
            upload_id=_upload_id(laboratory, idempotency_key),
            laboratory=laboratory,
            content_type=request.content_type,
            size=request.size,
            trial=request.trial,
        )
        expires_at = int((now + self._retention).timestamp())
        if self._uploads.open(wanted, expires_at=expires_at) != wanted:
            raise Rejected("idempotency-key-reused", "the key was used for another upload")
        return OpenedUpload(
            id=wanted.upload_id, path=wanted.key, form=self._inbox.form(wanted, now)
        )

    def view(self, laboratory: str, upload_id: str) -> UploadView | None:
        """How far an upload, or a file that came otherwise, has come; None if there is none.

        Args:
            laboratory: FINESS of who asks.
            upload_id: of the upload, or of the file.

        Raises:
            Unavailable: something did not answer.
        """
        upload = self._uploads.get(upload_id)
        if upload is None:
            record = self._record(upload_id)
            return None if record is None else self._of_record(laboratory, record)
        if upload.laboratory != laboratory:
            return None
        file = self._inbox.file(upload.key)
        if file is None:
            return UploadView(
                id=upload_id, path=upload.key, state=UploadState.WAITING, size=upload.size
            )
        record = self._record(file.file_id)
        if record is None:
            return UploadView(**_summary(file, UploadState.RECEIVED).model_dump())
        return self._of_record(laboratory, record)

    def history(self, laboratory: str, before: str | None, limit: int) -> UploadPage:
        """Files of a laboratory, the last that came first.

        Raises:
            Unavailable: the table did not answer.
        """
        page = self._files.history(laboratory, before=before, limit=limit)
        return UploadPage(
            uploads=tuple(_of_record(record) for record in page.files), before=page.before
        )

    def _record(self, file_id: str) -> FileRecord | None:
        try:
            return self._files.get(file_id)
        except Rejected as gone:
            if gone.code == "file-record-gone":
                return None
            raise

    def _of_record(self, laboratory: str, record: FileRecord) -> UploadView | None:
        if record.file.laboratory != laboratory:
            return None
        summary = _of_record(record)
        if record.state is FileState.RECEIVED:
            return UploadView(**summary.model_dump())
        return UploadView(
            **summary.model_dump(),
            acknowledgement=self._acknowledgements.of(record.file),
            links=self._acknowledgements.links(record.file, record.format),
        )


def _of_record(record: FileRecord) -> UploadSummary:
    counts = None if record.summary is None else dict(record.summary.counts)
    update = {"format": record.format, "counts": counts}
    return _summary(record.file, _STATES[record.state]).model_copy(update=update)


def _summary(file: InboxFile, state: UploadState) -> UploadSummary:
    uploaded = _UPLOADED.fullmatch(file.key)
    return UploadSummary(
        id=file.file_id if uploaded is None else uploaded[1],
        path=file.key,
        state=state,
        size=file.size,
        received_at=file.received_at,
    )


def _upload_id(laboratory: str, idempotency_key: str | None) -> str:
    """The same for the same key of a laboratory; else one that was never given."""
    if idempotency_key is None:
        random = secrets.token_bytes(_ID_BYTES)
    else:
        named = json.dumps([laboratory, idempotency_key]).encode()
        random = hashlib.sha256(named).digest()
    return base64.b32encode(random).decode().lower()[:_ID_LENGTH]
