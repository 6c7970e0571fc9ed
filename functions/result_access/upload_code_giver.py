"""Giving the upload codes of results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.tracing.upload_code import UploadCode, jti_of

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.sealing import DerivedKey
    from vigie.tracing.code_signer import CodeSigner


class UploadCodeGiver:
    """Makes the upload codes of results.

    Args:
        signer: signs codes.
        secret: keys the `jti`, so that a code leads nobody to its result.
    """

    def __init__(self, signer: CodeSigner, secret: DerivedKey) -> None:
        self._signer = signer
        self._secret = secret

    def give(self, result_id: str, now: datetime) -> tuple[UploadCode, str]:
        """A code for a result: what it says, and the JWT. Another one says the same `jti`.

        Raises:
            Unavailable: KMS did not sign.
        """
        jti = jti_of(self._secret.bytes(), result_id)
        code = UploadCode(jti=jti, issued_at=now.replace(microsecond=0))
        return code, self._signer.sign(code)
