"""Whether an upload is permitted, and as what: by an upload code or a verification certificate."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from key_upload.refusal import permission_refused
from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.tracing import base64_text, used_code
from vigie.tracing.code_verifier import UploadCodeRefusedError
from vigie.tracing.key_hmac import BoundKey, is_bound
from vigie.tracing.verification_certificate import (
    Diagnosis,
    VerificationCertificate,
    verified,
)

if TYPE_CHECKING:
    from key_upload.health_authorities import HealthAuthorities
    from key_upload.publish_request import PublishRequest
    from vigie.tracing.code_verifier import CodeVerifier
    from vigie.tracing.health_authority import HealthAuthority
    from vigie.tracing.upload_code import UploadCode

_DAY = timedelta(days=1)
_CERTIFICATE = "certificate#"


class Permission(Frozen):
    """What permits an upload.

    Attributes:
        name: what tells it from another one; of a certificate, all that it says but its times, so
            that one which is issued again for the same keys is the same.
        once: whether it permits one upload and no other.
        diagnosis: why keys are published; None where it says nothing of it.
        symptom_onset_interval: interval (600 s) of the onset; None if it says none.
        given_at: when an upload code was made; None for a certificate.
        kept_until: how long its use is remembered, to the day, which tells no time of upload.
    """

    name: str
    once: bool
    diagnosis: Diagnosis | None
    symptom_onset_interval: int | None = None
    given_at: datetime | None = None
    kept_until: datetime

    def used_as(self, digest: str) -> str:
        """Under what its use by an upload is remembered.

        What permits one upload has one place. A certificate has one for each upload, for it is
        bound to its keys, and other uploads of them are for revision tokens to permit.
        """
        return self.name if self.once else f"{_CERTIFICATE}{digest}"


class Permissions:
    """Judges what is sent as `verificationPayload`.

    Args:
        codes: verifies upload codes.
        authorities: have the keys of certificates.
    """

    def __init__(self, codes: CodeVerifier, authorities: HealthAuthorities) -> None:
        self._codes = codes
        self._authorities = authorities

    def of(self, request: PublishRequest, authority: HealthAuthority, now: datetime) -> Permission:
        """What a request is permitted.

        Raises:
            PublishRefusedError: it is not, for whatever reason, always the same; or 500
                `unable_to_load_health_authority`.
            Unavailable: KMS did not give the public key of upload codes.
        """
        if authority.takes_upload_codes:
            try:
                return _by_code(self._codes.verify(request.verification_payload, now))
            except UploadCodeRefusedError:
                # It may be a certificate.
                pass
        try:
            certificate = verified(
                request.verification_payload,
                self._authorities.keys_of(authority).get,
                issuer=authority.issuer,
                audience=authority.audience,
                now=now,
            )
        except Rejected:
            raise permission_refused() from None
        secret = base64_text.decoded(request.hmac_key)
        if secret is None or not is_bound(_bound(request), secret, certificate.mac):
            raise permission_refused()
        return _by_certificate(certificate)


def _by_code(code: UploadCode) -> Permission:
    return Permission(
        name=code.jti,
        once=True,
        diagnosis=Diagnosis(code.report),
        given_at=code.issued_at,
        # When no code of the same result can be alive.
        kept_until=used_code.kept_until(code),
    )


def _by_certificate(certificate: VerificationCertificate) -> Permission:
    return Permission(
        name=json.dumps(
            [
                certificate.issuer,
                certificate.audience,
                certificate.diagnosis,
                certificate.symptom_onset_interval,
                certificate.mac.hex(),
            ]
        ),
        once=False,
        diagnosis=certificate.diagnosis,
        symptom_onset_interval=certificate.symptom_onset_interval,
        kept_until=_end_of_day(certificate.expires_at + _DAY),
    )


def _bound(request: PublishRequest) -> list[BoundKey]:
    return [
        BoundKey(sent.key, sent.rolling_start_number, sent.rolling_period, sent.transmission_risk)
        for sent in request.keys
    ]


def _end_of_day(moment: datetime) -> datetime:
    start = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return start + _DAY
