"""The verification certificate: a health authority says why keys may be published, and which.

It is a JWT (RFC 7519) signed with ES256 (RFC 7518, section 3.4). It names nobody and no key:
an HMAC binds it to the keys (see `key_hmac`). Nothing makes it good for one use only.

Source: "Exposure Notification Verification Server: verification protocol", and
`pkg/api/v1/verification_types.go` of the Exposure Notification key server.
"""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import Field

from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.tracing import base64_text, compact_jws
from vigie.tracing.compact_jws import CompactJws
from vigie.tracing.key_hmac import MAC_BYTES

# CERTIFICATE_AUDIENCE, CERTIFICATE_DURATION and ALLOWED_CLOCK_SKEW of the reference: a certificate
# begins a little before it is issued, for clocks that are slow.
DEFAULT_AUDIENCE = "exposure-notifications-server"
LIFETIME = timedelta(minutes=15)
CLOCK_SKEW = timedelta(seconds=5)

# For issuers elsewhere, whose clock is not ours.
_TOLERATED_SKEW = timedelta(minutes=1)
_MOST_CHARACTERS = 4096


class Diagnosis(StrEnum):
    """Why keys are published, as `reportType` of a certificate says it."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    NEGATIVE = "negative"
    USER_REPORT = "user-report"


class VerificationCertificate(Frozen):
    """What a certificate says.

    Attributes:
        issuer: name of the health authority that signs it.
        audience: who takes it.
        issued_at: aware, to the second.
        not_before: the same; before that it is not good.
        expires_at: the same; from then on it is not good.
        diagnosis: None where it says nothing of it.
        symptom_onset_interval: interval (600 s) of the onset; None if it is not known.
        mac: the HMAC over the keys, 32 bytes.
    """

    issuer: str
    audience: str
    issued_at: datetime
    not_before: datetime
    expires_at: datetime
    diagnosis: Diagnosis | None
    symptom_onset_interval: int | None = None
    mac: Annotated[bytes, Field(min_length=MAC_BYTES, max_length=MAC_BYTES)]


def signing_input(certificate: VerificationCertificate, kid: str) -> str:
    """What is signed of a certificate; `compact_jws.compact` adds the signature."""
    claims: dict[str, object] = {
        "iss": certificate.issuer,
        "aud": certificate.audience,
        "iat": int(certificate.issued_at.timestamp()),
        "nbf": int(certificate.not_before.timestamp()),
        "exp": int(certificate.expires_at.timestamp()),
    }
    if certificate.diagnosis is not None:
        claims["reportType"] = certificate.diagnosis.value
    if certificate.symptom_onset_interval is not None:
        claims["symptomOnsetInterval"] = certificate.symptom_onset_interval
    claims["tekmac"] = base64.b64encode(certificate.mac).decode("ascii")
    return compact_jws.signing_input(kid, claims)


def verified(
    text: str,
    key_of: Callable[[str], ec.EllipticCurvePublicKey | None],
    *,
    issuer: str,
    audience: str,
    now: datetime,
) -> VerificationCertificate:
    """What a certificate says, if an issuer signed it for an audience and it is good at a time.

    Whether it is bound to the keys at hand is for `key_hmac.is_bound` to say.

    Args:
        text: the JWT.
        key_of: the issuer's public key by its `kid`; None if it has no such key.
        issuer: who must have issued it.
        audience: whom it must be for.
        now: the time, aware.

    Raises:
        Rejected: a `jws-…` rule, `certificate-key` for an unknown `kid`,
            `certificate-signature`, `certificate-claims`, `certificate-issuer`,
            `certificate-audience`, `certificate-time`.
    """
    jws = compact_jws.read(text, _MOST_CHARACTERS)
    _refuse_other_signers(jws, key_of)
    certificate = _claimed(jws.claims())
    if certificate.issuer != issuer:
        raise Rejected("certificate-issuer", "another authority issued it")
    if certificate.audience != audience:
        raise Rejected("certificate-audience", "it is for another server")
    begins = max(certificate.issued_at, certificate.not_before) - _TOLERATED_SKEW
    if not begins <= now < certificate.expires_at:
        raise Rejected("certificate-time", "it is not good at this time")
    return certificate


def _refuse_other_signers(
    jws: CompactJws, key_of: Callable[[str], ec.EllipticCurvePublicKey | None]
) -> None:
    kid = jws.header.get("kid")
    key = key_of(kid) if isinstance(kid, str) else None
    if key is None:
        raise Rejected("certificate-key", "the issuer has no such key")
    if not jws.is_by(key):
        raise Rejected("certificate-signature", "the issuer's key did not sign it")


def _claimed(claims: dict[str, Any]) -> VerificationCertificate:
    try:
        issued_at = _moment(claims["iat"])
        return VerificationCertificate(
            issuer=_text(claims["iss"]),
            # One name, where RFC 7519 allows several.
            audience=_text(claims["aud"]),
            issued_at=issued_at,
            not_before=_moment(claims["nbf"]) if "nbf" in claims else issued_at,
            expires_at=_moment(claims["exp"]),
            diagnosis=_diagnosis(claims.get("reportType")),
            symptom_onset_interval=_interval(claims.get("symptomOnsetInterval")),
            mac=base64_text.decoded(_text(claims["tekmac"])) or b"",
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        # A fault of the model is a ValueError as well.
        raise Rejected("certificate-claims", "a claim is missing or malformed") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _diagnosis(value: object) -> Diagnosis | None:
    return Diagnosis(_text(value)) if value is not None and value != "" else None


def _whole(value: object) -> int:
    # A truth value is an int, and no number.
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _moment(value: object) -> datetime:
    return datetime.fromtimestamp(_whole(value), UTC)


def _interval(value: object) -> int | None:
    # The reference writes no claim for 0.
    return _whole(value) or None if value is not None else None
