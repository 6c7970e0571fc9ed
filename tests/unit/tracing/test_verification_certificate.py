"""A certificate is taken from its issuer, for its audience and in its time, and else refused."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from vigie.dcc.cose import der_to_raw
from vigie.errors import Rejected
from vigie.tracing.compact_jws import base64url, compact
from vigie.tracing.verification_certificate import (
    CLOCK_SKEW,
    DEFAULT_AUDIENCE,
    LIFETIME,
    Diagnosis,
    VerificationCertificate,
    signing_input,
    verified,
)

NOW = datetime(2026, 11, 24, 6, 45, tzinfo=UTC)
ISSUER = "fr.gouv.sante"
KID = "v1"
KEY = ec.derive_private_key(11, ec.SECP256R1())
OTHER_KEY = ec.derive_private_key(12, ec.SECP256R1())
CERTIFICATE = VerificationCertificate(
    issuer=ISSUER,
    audience=DEFAULT_AUDIENCE,
    issued_at=NOW - CLOCK_SKEW,
    not_before=NOW - CLOCK_SKEW,
    expires_at=NOW + LIFETIME,
    diagnosis=Diagnosis.LIKELY,
    symptom_onset_interval=2_990_000,
    mac=bytes(32),
)
HEADER = {"alg": "ES256", "kid": KID, "typ": "JWT"}
CLAIMS = {
    "iss": ISSUER,
    "aud": DEFAULT_AUDIENCE,
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 900,
    "reportType": "confirmed",
    "tekmac": base64.b64encode(bytes(32)).decode(),
}


def signed(what: str, key: ec.EllipticCurvePrivateKey = KEY) -> str:
    return compact(what, der_to_raw(key.sign(what.encode(), ec.ECDSA(SHA256()))))


def jwt(claims: object, header: object = HEADER) -> str:
    return signed(f"{part(header)}.{part(claims)}")


def part(content: object) -> str:
    return base64url(content if isinstance(content, bytes) else json.dumps(content).encode())


def read(text: str, now: datetime = NOW) -> VerificationCertificate:
    return verified(
        text,
        {KID: KEY.public_key()}.get,
        issuer=ISSUER,
        audience=DEFAULT_AUDIENCE,
        now=now,
    )


def rule_of(text: str, now: datetime = NOW) -> str:
    with pytest.raises(Rejected) as refused:
        read(text, now)
    return refused.value.code


@pytest.mark.parametrize("diagnosis", [*Diagnosis, None])
@pytest.mark.parametrize("onset", [None, 2_990_000])
def test_what_is_signed_is_read(diagnosis: Diagnosis | None, onset: int | None) -> None:
    certificate = CERTIFICATE.model_copy(
        update={"diagnosis": diagnosis, "symptom_onset_interval": onset}
    )
    assert read(signed(signing_input(certificate, KID))) == certificate


def test_a_certificate_of_the_reference_is_read() -> None:
    # It writes neither `nbf`, which it lets be absent, nor an onset of 0.
    certificate = read(jwt(CLAIMS | {"symptomOnsetInterval": 0, "trisk": []}))
    assert certificate.diagnosis is Diagnosis.CONFIRMED
    assert certificate.symptom_onset_interval is None
    assert certificate.not_before == NOW


@pytest.mark.parametrize(
    ("claims", "rule"),
    [
        ({"iss": "other"}, "certificate-issuer"),
        ({"aud": "other"}, "certificate-audience"),
        ({"aud": [DEFAULT_AUDIENCE]}, "certificate-claims"),
        ({"iat": None}, "certificate-claims"),
        ({"exp": True}, "certificate-claims"),
        ({"exp": 10**300}, "certificate-claims"),
        ({"exp": int(NOW.timestamp())}, "certificate-time"),
        ({"nbf": int(NOW.timestamp()) + 61}, "certificate-time"),
        ({"iat": int(NOW.timestamp()) + 61}, "certificate-time"),
        ({"reportType": "positive"}, "certificate-claims"),
        ({"reportType": []}, "certificate-claims"),
        ({"symptomOnsetInterval": "7"}, "certificate-claims"),
        ({"tekmac": "AAAA"}, "certificate-claims"),
        ({"tekmac": None}, "certificate-claims"),
    ],
)
def test_claims_that_permit_nothing(claims: dict[str, object], rule: str) -> None:
    assert rule_of(jwt(CLAIMS | claims)) == rule


@pytest.mark.parametrize("missing", ["iss", "aud", "iat", "exp", "tekmac"])
def test_a_claim_that_is_missing(missing: str) -> None:
    claims = {name: value for name, value in CLAIMS.items() if name != missing}
    assert rule_of(jwt(claims)) == "certificate-claims"


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        (HEADER | {"alg": "none"}, "jws-algorithm"),
        (HEADER | {"alg": "HS256"}, "jws-algorithm"),
        (HEADER | {"crit": ["b64"]}, "jws-algorithm"),
        (HEADER | {"kid": "v2"}, "certificate-key"),
        ({"alg": "ES256"}, "certificate-key"),
        ([], "jws-header"),
        (b"[" * 900, "jws-header"),
    ],
)
def test_headers_that_permit_nothing(header: object, rule: str) -> None:
    assert rule_of(jwt(CLAIMS, header)) == rule


def test_forms_that_permit_nothing() -> None:
    good = jwt(CLAIMS)
    header, claims, signature = good.split(".")
    assert rule_of(signed(f"{header}.{claims}", OTHER_KEY)) == "certificate-signature"
    assert rule_of(f"{header}.{claims}.{'A' * 86}") == "certificate-signature"
    assert rule_of(jwt([])) == "jws-payload"
    for text in (
        "",
        "a.b",
        f"{good}.",
        f"{good}=",
        f"{header}.é.{signature}",
        good[:-4],
        "A" * 5000,
    ):
        assert rule_of(text) == "jws-form"


@given(st.binary(max_size=60), st.text(max_size=60))
def test_nothing_else_is_taken(claims: bytes, text: str) -> None:
    for attempt in (text, jwt(claims)):
        assert rule_of(attempt)


def test_it_is_good_from_its_beginning_until_before_its_end() -> None:
    text = signed(signing_input(CERTIFICATE, KID))
    assert read(text, NOW - timedelta(minutes=1) - CLOCK_SKEW)
    assert read(text, NOW + LIFETIME - timedelta(seconds=1))
    assert rule_of(text, NOW + LIFETIME) == "certificate-time"
