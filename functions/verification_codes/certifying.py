"""Certifying: a token becomes a certificate for one set of keys."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from verification_codes.code_store import Certified
from verification_codes.log_codes import LogCode
from verification_codes.refusal import ErrorCode, refused
from verification_codes.verification_token import row_id_in, token_invalid
from vigie.kms_signature import ecdsa_over
from vigie.tracing.base64_text import decoded
from vigie.tracing.compact_jws import compact, kid_of
from vigie.tracing.interval import interval_number
from vigie.tracing.key_hmac import MAC_BYTES
from vigie.tracing.verification_certificate import (
    CLOCK_SKEW,
    LIFETIME,
    VerificationCertificate,
    signing_input,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_kms.client import KMSClient

    from verification_codes.code_row import CodeRow
    from verification_codes.code_store import CodeStore
    from verification_codes.messages import CertificateRequest
    from verification_codes.refusal import VerificationRefusedError
    from verification_codes.verifying import Keys


class CertificateSigner:
    """Signs certificates with a key of KMS.

    Args:
        kms: the KMS client.
        key_arn: of a key of type ECC_NIST_P256.
    """

    def __init__(self, kms: KMSClient, key_arn: str) -> None:
        self._kms = kms
        self._key_arn = key_arn

    def signed(self, certificate: VerificationCertificate) -> str:
        """The certificate as a JWT.

        Raises:
            Unavailable: KMS did not sign.
        """
        # Only certifying pays for loading what certificates of health are read with.
        from vigie.dcc.cose import der_to_raw  # noqa: PLC0415

        signed = signing_input(certificate, kid_of(self._key_arn))
        digest = hashlib.sha256(signed.encode()).digest()
        return compact(signed, der_to_raw(ecdsa_over(digest, self._kms, self._key_arn)))


class Certifying:
    """Exchanges tokens for certificates.

    Args:
        store: keeps the codes.
        signer: signs certificates.
        keys: of secrets.
        issuer: of tokens and certificates.
        audience: of certificates.
        tell: told the code of each end.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        store: CodeStore,
        signer: CertificateSigner,
        keys: Keys,
        issuer: str,
        audience: str,
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._store = store
        self._signer = signer
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._tell = tell

    def certify(self, request: CertificateRequest, now: datetime) -> str:
        """The certificate of a token, as a JWT.

        It is signed before the token is used up, so that a signature that fails costs nothing. A
        token is good for one set of keys: for the same one it gives another certificate.

        Raises:
            VerificationRefusedError: there is none; the token is as it was.
            Unavailable: something did not answer; the same request may come again.
        """
        row_id = row_id_in(request.token, self._keys.tokens.bytes(), now)
        mac = decoded(request.key_hmac) or b""
        if len(mac) != MAC_BYTES:
            raise refused(
                ErrorCode.HMAC_INVALID,
                f"exposure key HMAC is not the correct length, want: {MAC_BYTES}",
            )
        row = self._store.row(row_id)
        if row is None:
            raise self._refused()
        digest = self._digest(mac)
        if row.certified is not None:
            self._refuse_another(row, digest)
        certificate = self._signer.signed(self._certificate(row, mac, now))
        if row.certified is None:
            self._use_up(row, digest)
        return certificate

    def _use_up(self, row: CodeRow, digest: str) -> None:
        match self._store.certify(row, digest):
            case Certified.DONE:
                self._tell(LogCode.CERTIFICATE_ISSUED, "")
            case Certified.PERMISSION_USED:
                raise self._refused()
            case Certified.ALREADY:
                self._refuse_another(self._store.row(row.row_id) or row, digest)

    def _refuse_another(self, row: CodeRow, digest: str) -> None:
        if not hmac.compare_digest(row.certified or "", digest):
            raise self._refused()
        self._tell(LogCode.REQUEST_REPEATED, "")

    def _certificate(self, row: CodeRow, mac: bytes, now: datetime) -> VerificationCertificate:
        issued_at = now.replace(microsecond=0)
        return VerificationCertificate(
            issuer=self._issuer,
            audience=self._audience,
            issued_at=issued_at - CLOCK_SKEW,
            not_before=issued_at - CLOCK_SKEW,
            expires_at=issued_at + LIFETIME,
            diagnosis=row.diagnosis,
            symptom_onset_interval=onset_interval(row),
            mac=mac,
        )

    def _refused(self) -> VerificationRefusedError:
        self._tell(LogCode.CERTIFICATE_REFUSED, ErrorCode.TOKEN_INVALID)
        return token_invalid()

    def _digest(self, mac: bytes) -> str:
        key = self._keys.requests.bytes()
        return hmac.digest(key, b"certificate\x00" + mac, hashlib.sha256).hex()


def onset_interval(row: CodeRow) -> int | None:
    """The interval of the onset: of the symptoms, or else of the test, at midnight of UTC."""
    day = row.symptom_date or row.test_date
    if day is None:
        return None
    return interval_number(datetime(day.year, day.month, day.day, tzinfo=UTC))
