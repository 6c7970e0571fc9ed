"""Making the 2D-DOC of a result right, whatever message says that it was changed.

A document holds while its source says what it says. One is revoked by a correction, and holds
again if another correction brings back what it says: a document is named by its content, so that
one that says the same on the same day could not be told from it.

Nobody asked for most documents, so most changes cost one query that finds nothing. What was
written is looked at again if the source has changed meanwhile: whoever writes last has seen the
current version.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from twoddoc_revocation.log_codes import LogCode
from vigie.dcc.errors import EncodingError
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aws_lambda_powertools import Logger

    from twoddoc_revocation.code_store import CodeStore
    from vigie.certificates.source import Source, SourceReader
    from vigie.twoddoc.code_reader import CodeReader
    from vigie.twoddoc.revoked_codes import RevokedCodes
    from vigie.twoddoc.source_bodies import SourceBodies
    from vigie.twoddoc.stored_code import StoredCode

# Nobody corrects a record more often while one message about it is handled.
_ROUNDS = 4


class CodeRevoking:
    """Revokes documents at once, and lists those of a batch of messages together.

    A batch that dies before `flush`, or whose `flush` fails, is delivered again, and the list is
    made to say again what the table says.

    Args:
        sources: reads results and vaccinations.
        codes: reads documents.
        store: revokes them.
        bodies: writes what documents say.
        revoked: the list that verifiers download.
        now: the time, aware.
        logger: told of each document that is revoked, or holds again.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        sources: SourceReader,
        codes: CodeReader,
        store: CodeStore,
        bodies: SourceBodies,
        revoked: RevokedCodes,
        now: Callable[[], datetime],
        logger: Logger,
    ) -> None:
        self._sources = sources
        self._codes = codes
        self._store = store
        self._bodies = bodies
        self._revoked = revoked
        self._now = now
        self._logger = logger
        self._held: set[str] = set()

    def change(self, source_id: str) -> None:
        """Revoke the documents of a source that say what it does not, and no others.

        Raises:
            Rejected: what is stored does not open, or is of a newer version of the system.
            Unavailable: something did not answer, or the source changes all the time.
        """
        for _ in range(_ROUNDS):
            codes = self._codes.of_source(source_id)
            if not codes:
                return
            self._held.add(source_id)
            source = self._sources.get(source_id)
            if not self._settled(codes, None if source is None else self._said(source)):
                return
            current = self._sources.get(source_id)
            if (source and source.version) == (current and current.version):
                return
        raise Unavailable("source-changing")

    def flush(self) -> None:
        """Make the list right for what was handled, once.

        Raises:
            Unavailable: the list was not replaced.
        """
        held, self._held = self._held, set()
        if held:
            self._revoked.settle(lambda: self._judged(held), self._now().astimezone(UTC).date())

    def _settled(self, codes: Iterable[StoredCode], said: bytes | None) -> bool:
        """Whether anything had to be written for the documents to be right."""
        written = False
        for code in codes:
            holds = code.content_hash == said
            if holds and code.revoked_at is not None and self._store.restore(code):
                self._tell(LogCode.DOCUMENT_RESTORED, code)
                written = True
            elif not holds and code.revoked_at is None and self._store.revoke(code, self._now()):
                self._tell(LogCode.DOCUMENT_REVOKED, code)
                written = True
        return written

    def _judged(self, source_ids: Iterable[str]) -> dict[bytes, date | None]:
        return {
            code.fingerprint: None
            if code.revoked_at is None
            else datetime.fromtimestamp(code.expires_at, UTC).date()
            for source_id in source_ids
            for code in self._codes.of_source(source_id)
        }

    def _said(self, source: Source) -> bytes | None:
        try:
            body = self._bodies.body(source, self._now())
        except EncodingError:
            return None
        return None if body is None else body.content_hash

    def _tell(self, code: LogCode, document: StoredCode) -> None:
        self._logger.info(code, source_id=document.source_id, detail=document.document)
