"""Verifying: a code becomes a token, once."""

from __future__ import annotations

import hashlib
import hmac
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from verification_codes.code_values import Length, kept_as, read_code
from verification_codes.log_codes import LogCode
from verification_codes.refusal import ErrorCode, VerificationRefusedError, refused
from verification_codes.verification_token import LIFETIME, token_of
from vigie.tracing.verification_certificate import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from verification_codes.code_row import CodeRow
    from verification_codes.code_store import CodeStore
    from verification_codes.messages import VerifyRequest
    from verification_codes.try_limit import TryLimit
    from vigie.sealing import DerivedKey

_TESTS = (Diagnosis.CONFIRMED, Diagnosis.LIKELY, Diagnosis.NEGATIVE)
# Whoever takes one type takes those before it too.
_ACCEPTED = {
    Diagnosis.CONFIRMED: _TESTS[:1],
    Diagnosis.LIKELY: _TESTS[:2],
    Diagnosis.NEGATIVE: _TESTS,
    Diagnosis.USER_REPORT: (Diagnosis.CONFIRMED, Diagnosis.USER_REPORT),
}


class Keys(NamedTuple):
    """What secrets of verification are made with.

    Attributes:
        codes: names of codes.
        tokens: tokens.
        requests: digests of requests, so that nobody who reads the table can try what was sent.
    """

    codes: DerivedKey
    tokens: DerivedKey
    requests: DerivedKey


class CodeVerifying:
    """Exchanges codes for tokens.

    Args:
        store: keeps the codes.
        tries: bounds wrong short codes.
        keys: of secrets.
        issuer: of tokens.
        tell: told the code of each end.
    """

    def __init__(
        self,
        *,
        store: CodeStore,
        tries: TryLimit,
        keys: Keys,
        issuer: str,
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._store = store
        self._tries = tries
        self._keys = keys
        self._issuer = issuer
        self._tell = tell

    def verify(self, request: VerifyRequest, network: bytes, now: datetime) -> tuple[CodeRow, str]:
        """The code's row and its token.

        The same request again, with its padding, gets the same token for as long as that lives.

        Args:
            request: of the app.
            network: of the client; see `client_network`.
            now: the time, aware.

        Raises:
            VerificationRefusedError: there is none; the code is as it was.
            Unavailable: something did not answer; the same request may come again.
        """
        accepted, code = accepted_types(request.accept), read_code(request.code)
        if code is not None and code[0] is Length.LONG:
            # Nobody guesses one, and who guesses short ones locks no neighbour out of their link.
            return self._token(request, code, accepted, now)
        counted = self._tries.count(network, now)
        verified = self._token(request, code, accepted, now)
        counted.was_right()
        return verified

    def _token(
        self,
        request: VerifyRequest,
        code: tuple[Length, str] | None,
        accepted: frozenset[Diagnosis],
        now: datetime,
    ) -> tuple[CodeRow, str]:
        name = None if code is None else kept_as(self._keys.codes.bytes(), *code)
        row = None if name is None else self._store.led_to(name)
        if code is None or row is None:
            raise self._refused()
        digest = self._digest(request)
        if row.claim is None:
            row = self._claimed(row, code[0], digest, accepted, now)
        if row.claimed_at is None or not hmac.compare_digest(row.claim or "", digest):
            raise self._refused()
        if now >= row.claimed_at + LIFETIME:
            raise self._refused()
        return row, token_of(row, row.claimed_at, self._issuer, self._keys.tokens.bytes())

    def _claimed(
        self,
        row: CodeRow,
        length: Length,
        digest: str,
        accepted: frozenset[Diagnosis],
        now: datetime,
    ) -> CodeRow:
        """The row as it is after a claim: this one, or one that came in between."""
        if now >= row.ends[length]:
            self._tell(LogCode.CODE_REFUSED, ErrorCode.CODE_EXPIRED)
            raise refused(ErrorCode.CODE_EXPIRED, "verification code expired")
        if row.diagnosis not in accepted:
            raise VerificationRefusedError(
                HTTPStatus.PRECONDITION_FAILED,
                ErrorCode.UNSUPPORTED_TEST_TYPE,
                "verification code has unsupported test type",
            )
        if self._store.claim(row, length, digest, now):
            self._tell(LogCode.CODE_CLAIMED, "")
            return row.model_copy(
                update={"claim": digest, "claimed_at": now.replace(microsecond=0)}
            )
        return self._store.row(row.row_id) or row

    def _refused(self) -> VerificationRefusedError:
        """The refusal of a code: malformed, unknown and used look the same."""
        self._tell(LogCode.CODE_REFUSED, ErrorCode.CODE_INVALID)
        return refused(ErrorCode.CODE_INVALID, "verification code invalid")

    def _digest(self, request: VerifyRequest) -> str:
        """What tells a request from another: all of it, as who overhears a code knows that only."""
        content = json.dumps(
            [request.code, *sorted(request.accept), request.nonce, request.padding]
        )
        key = self._keys.requests.bytes()
        return hmac.digest(key, b"claim\x00" + content.encode(), hashlib.sha256).hex()


def accepted_types(names: Iterable[str]) -> frozenset[Diagnosis]:
    """The types that an app can go on with.

    Source: `pkg/api`, GetAcceptedTestTypes: none named are all that a test can have.

    Raises:
        VerificationRefusedError: `invalid_test_type`, for a name that is none.
    """
    accepted: set[Diagnosis] = set()
    for name in names:
        try:
            accepted.update(_ACCEPTED[Diagnosis(name.lower())])
        except ValueError:
            raise refused(ErrorCode.INVALID_TEST_TYPE, "invalid accepted test type") from None
    return frozenset(accepted or _TESTS)
