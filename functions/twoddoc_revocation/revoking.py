"""Making the 2D-DOC of a result right, whatever message says that it was changed.

A document holds while its result says what it says. One is revoked by a correction, and holds
again if another correction brings back what it says: a document is named by its content, so that
one that says the same on the same day could not be told from it.

Nobody asked for most documents, so most changes cost one query that finds nothing. What was
written is looked at again if the result has changed meanwhile: whoever writes last has seen the
current version.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from twoddoc_revocation.log_codes import LogCode
from vigie.dcc.errors import EncodingError
from vigie.errors import Unavailable
from vigie.person.identity import Identity
from vigie.twoddoc.result_proof import result_body
from vigie.twoddoc.stored_code import content_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from zoneinfo import ZoneInfo

    from aws_lambda_powertools import Logger

    from twoddoc_revocation.code_store import CodeStore
    from vigie.results.result_reader import ResultReader
    from vigie.results.stored_result import StoredResult
    from vigie.sealing import FieldCipher
    from vigie.twoddoc.code_reader import CodeReader
    from vigie.twoddoc.revoked_codes import RevokedCodes
    from vigie.twoddoc.stored_code import StoredCode

# No laboratory corrects a result more often while one message about it is handled.
_ROUNDS = 4


class CodeRevoking:
    """Revokes documents at once, and lists those of a batch of messages together.

    A batch that dies before `flush`, or whose `flush` fails, is delivered again, and the list is
    made to say again what the table says.

    Args:
        results: reads results.
        codes: reads documents.
        store: revokes them.
        identity_cipher: opens identities.
        revoked: the list that verifiers download.
        zone: of the issuer.
        now: the time, aware.
        logger: told of each document that is revoked, or holds again.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        results: ResultReader,
        codes: CodeReader,
        store: CodeStore,
        identity_cipher: FieldCipher,
        revoked: RevokedCodes,
        zone: ZoneInfo,
        now: Callable[[], datetime],
        logger: Logger,
    ) -> None:
        self._results = results
        self._codes = codes
        self._store = store
        self._identity_cipher = identity_cipher
        self._revoked = revoked
        self._zone = zone
        self._now = now
        self._logger = logger
        self._held: set[str] = set()

    def change(self, result_id: str) -> None:
        """Revoke the documents of a result that say what it does not, and no others.

        Raises:
            Rejected: what is stored does not open, or is of a newer version of the system.
            Unavailable: something did not answer, or the result changes all the time.
        """
        for _ in range(_ROUNDS):
            codes = self._codes.of_source(result_id)
            if not codes:
                return
            self._held.add(result_id)
            result = self._results.get(result_id)
            if not self._settled(codes, None if result is None else self._said(result)):
                return
            current = self._results.get(result_id)
            if (result and result.version) == (current and current.version):
                return
        raise Unavailable("result-changing")

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

    def _said(self, result: StoredResult) -> bytes | None:
        opened = self._identity_cipher.open(
            result.identity, record_id=result.result_id, field="identity"
        )
        try:
            body = result_body(result, Identity.model_validate_json(opened), self._zone)
        except EncodingError:
            return None
        return None if body is None else content_hash(body)

    def _tell(self, code: LogCode, document: StoredCode) -> None:
        self._logger.info(code, result_id=document.source_id, detail=document.document)
