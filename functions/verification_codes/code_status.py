"""What became of a code, and ending one that nobody claimed: for whoever issued it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from verification_codes.code_row import uuid_key
from verification_codes.code_values import Length
from verification_codes.refusal import ErrorCode, VerificationRefusedError, refused

if TYPE_CHECKING:
    from datetime import datetime

    from verification_codes.code_row import CodeRow
    from verification_codes.code_store import CodeStore


class CodeStatus:
    """Answers issuers.

    Args:
        store: keeps the codes.
    """

    def __init__(self, store: CodeStore) -> None:
        self._store = store

    def of(self, issuer: str, uuid: str) -> CodeRow:
        """A code, by the UUID that its issuer has.

        Raises:
            VerificationRefusedError: `code_not_found`, also for the code of another issuer.
            Unavailable: the table did not answer.
        """
        row = self._store.led_to(uuid_key(issuer, uuid.strip().lower()))
        if row is None:
            raise VerificationRefusedError(
                HTTPStatus.NOT_FOUND, ErrorCode.CODE_NOT_FOUND, "there is no code with this uuid"
            )
        return row

    def end(self, issuer: str, uuid: str, now: datetime) -> CodeRow:
        """Let a code end that nobody claimed; the code as it is then.

        Raises:
            VerificationRefusedError: `code_not_found`, or `code_invalid` for one that is claimed.
            Unavailable: the table did not answer.
        """
        row = self.of(issuer, uuid)
        if not self._store.end(row, now):
            raise refused(ErrorCode.CODE_INVALID, "the code was claimed")
        ends = dict.fromkeys(Length, now.replace(microsecond=0))
        return row.model_copy(update={"ends": ends})
