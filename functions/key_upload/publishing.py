"""Publishing keys: permission, rules, and one write."""

from __future__ import annotations

import hashlib
import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING

from key_upload.answer import Published
from key_upload.key_rules import key_data
from key_upload.log_codes import LogCode
from key_upload.refusal import ErrorCode, PublishRefusedError, bad_request, permission_refused
from key_upload.republishing import new_among
from key_upload.transformation import transform
from key_upload.upload_store import UsedCode, Written
from vigie.errors import Unavailable
from vigie.tracing.code_verifier import UploadCodeRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from key_upload.publish_request import PublishRequest
    from key_upload.revision_token import RevisionTokens
    from key_upload.transformation import Transformed
    from key_upload.upload_store import UploadStore
    from vigie.sealing import DerivedKey
    from vigie.tracing.code_verifier import CodeVerifier
    from vigie.tracing.diagnosis_key import DiagnosisKey
    from vigie.tracing.stored_key import KnownKey
    from vigie.tracing.upload_code import UploadCode

# Whoever finds keys known, or the code used, looks again; a third time is a race without end.
_ATTEMPTS = 3


class KeyPublishing:
    """Takes uploads.

    Args:
        health_authority_id: the one that is served.
        codes: verifies upload codes.
        tokens: seals and opens revision tokens.
        digest_key: keys the digests of uploads, so that nobody who reads the table can try
            which keys an upload had.
        store: the tables.
        tell: told the code of each end, and a number where there is one.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        health_authority_id: str,
        codes: CodeVerifier,
        tokens: RevisionTokens,
        digest_key: DerivedKey,
        store: UploadStore,
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._health_authority_id = health_authority_id
        self._codes = codes
        self._tokens = tokens
        self._digest_key = digest_key
        self._store = store
        self._tell = tell

    def publish(self, request: PublishRequest, now: datetime) -> tuple[Published, str | None]:
        """What became of an upload, and its revision token.

        Raises:
            PublishRefusedError: it is not taken; nothing changed.
            Rejected: something was written by a newer version of the system.
            Unavailable: something did not answer; the same request may come again.
        """
        if request.health_authority_id != self._health_authority_id:
            raise PublishRefusedError(
                HTTPStatus.UNAUTHORIZED,
                ErrorCode.UNKNOWN_HEALTH_AUTHORITY,
                "unknown health authority id",
            )
        code = self._verified(request, now)
        digest = self._digest(request, code)
        used = self._store.use_of(code)
        if used is not None:
            return self._again(used, digest, request, now)
        transformed = transform(request, now)
        if transformed.keys:
            return self._write(code, digest, request, transformed, now)
        if transformed.faults:
            raise bad_request("; ".join(transformed.faults))
        # Nothing is stored, so the code stays for another try.
        return Published(inserted=0, warnings=transformed.warnings), None

    def _verified(self, request: PublishRequest, now: datetime) -> UploadCode:
        try:
            return self._codes.verify(request.verification_payload, now)
        except UploadCodeRefusedError:
            raise permission_refused() from None

    def _again(
        self, used: UsedCode, digest: str, request: PublishRequest, now: datetime
    ) -> tuple[Published, str | None]:
        """The same answer for the same upload: whoever lost the first one lost nothing."""
        if not hmac.compare_digest(used.digest, digest):
            raise permission_refused()
        self._tell(LogCode.PUBLISH_REPEATED, "")
        # What was stored then, whatever the rules would say of the same keys by now.
        stored = self._store.known({key_data(sent) for sent in request.keys} - {b""})
        return used.published, self._token(request, stored.values(), now)

    def _write(
        self,
        code: UploadCode,
        digest: str,
        request: PublishRequest,
        transformed: Transformed,
        now: datetime,
    ) -> tuple[Published, str | None]:
        keys = transformed.keys
        for _ in range(_ATTEMPTS):
            used = UsedCode(code=code, digest=digest, published=_published(len(keys), transformed))
            match self._store.write(used, keys, now):
                case Written.DONE:
                    self._tell(LogCode.KEYS_PUBLISHED, "")
                    return used.published, self._token(request, transformed.keys, now)
                case Written.CODE_USED:
                    earlier = self._store.use_of(code)
                    if earlier is not None:
                        return self._again(earlier, digest, request, now)
                case Written.KEYS_KNOWN:
                    revisable = self._tokens.open(request.revision_token)
                    known = self._store.known({key.key_data for key in keys})
                    keys = new_among(keys, known, revisable)
        raise Unavailable("keys-table:too-many-attempts")

    def _token(
        self, request: PublishRequest, keys: Iterable[DiagnosisKey | KnownKey], now: datetime
    ) -> str:
        earlier = self._tokens.open(request.revision_token) or ()
        return self._tokens.seal([*earlier, *keys], now)

    def _digest(self, request: PublishRequest, code: UploadCode) -> str:
        """What tells one upload from another: its keys, in whatever order, and the onset."""
        keys = sorted(
            f"{key_data(sent).hex()}.{sent.rolling_start_number}"
            f".{sent.rolling_period}.{sent.transmission_risk}"
            for sent in request.keys
        )
        content = "\n".join([code.jti, str(request.symptom_onset_interval), *keys])
        return hmac.digest(self._digest_key.bytes(), content.encode(), hashlib.sha256).hex()


def _published(inserted: int, transformed: Transformed) -> Published:
    """What to answer: a request of which some keys were left out is taken, and says so."""
    return Published(
        inserted=inserted,
        code=ErrorCode.PARTIAL_FAILURE if transformed.faults else None,
        error="; ".join(transformed.faults) or None,
        warnings=transformed.warnings,
    )
