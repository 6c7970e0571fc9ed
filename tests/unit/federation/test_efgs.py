"""Batches of the European gateway, as protobuf's library and OpenSSL have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.federation.batches import SAMPLE, canonical, parsed, serialised, shared_keys
from vigie.errors import Rejected
from vigie.federation.efgs_audit import AuditEntry
from vigie.federation.efgs_batch import read_batch, write_batch
from vigie.federation.efgs_signing import (
    UploadSignature,
    bytes_to_sign,
    signer_of,
    thumbprint_of,
    vouched,
)
from vigie.federation.shared_key import SharedKey

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())


def certificate_of(*countries: str, days: int = 30) -> x509.Certificate:
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, "Batches")]
        + [x509.NameAttribute(NameOID.COUNTRY_NAME, country) for country in countries]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=40))
        .not_valid_after(NOW + timedelta(days=days))
        .sign(KEY, hashes.SHA256())
    )


GERMAN = certificate_of("DE")
TRUSTED = {"DE": (thumbprint_of(GERMAN.public_bytes(Encoding.DER)),)}


def signature_of(keys: list[SharedKey], certificate: x509.Certificate = GERMAN) -> bytes:
    """By another library than ours, over bytes that are not of ours."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(canonical(keys))
    options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.DetachedSignature]
    return builder.add_signer(certificate, KEY, hashes.SHA256()).sign(Encoding.DER, options)


def key_of(number: int, origin: str = "DE") -> SharedKey:
    return SharedKey(number.to_bytes(16, "big"), 2_980_000, 144, 3, (), origin, 1, 2)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the gateway's samples are not there")
def test_a_batch_of_the_gateway_is_read_with_its_negative_number() -> None:
    content = SAMPLE.read_bytes()
    assert read_batch(content) == (SharedKey(b"123", 5, 5, -22, ("UK", "NL", "FR"), "DE", 1, 0),)
    assert write_batch(read_batch(content)) == content
    assert bytes_to_sign(read_batch(content)) == (
        b"MTIz.AAAABQ==.AAAABQ==.////6g==.VUssTkwsRlI=.REU=.AAAAAQ==.AAAAAA==."
    )


@given(st.lists(shared_keys, max_size=4))
@settings(max_examples=60, deadline=None)
def test_protobuf_reads_what_is_written_and_writes_what_is_read(keys: list[SharedKey]) -> None:
    assert parsed(write_batch(keys)) == keys
    assert list(read_batch(serialised(keys))) == keys


@given(st.lists(shared_keys, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_what_is_signed_does_not_depend_on_the_order_of_keys(
    keys: list[SharedKey], random: st.DrawFn
) -> None:
    shuffled = list(keys)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis calls it a Random
    assert bytes_to_sign(shuffled) == bytes_to_sign(keys) == canonical(keys)


def test_uploads_of_one_country_in_a_batch_are_told_apart_in_any_order() -> None:
    one, other = [key_of(1), key_of(2)], [key_of(3)]
    signatures = [UploadSignature("DE", 1, signature_of(other))]
    signatures.append(UploadSignature("DE", 2, signature_of(one)))
    found = vouched([*one, *other], signatures, TRUSTED, NOW)
    assert list(found.keys) == [*one, *other]
    assert found.signers == set(TRUSTED["DE"])
    assert not found.refused


def test_an_upload_that_nobody_signed_costs_no_other() -> None:
    forged, good, unsigned = [key_of(1), key_of(2)], [key_of(3)], [key_of(4)]
    signatures = [
        UploadSignature("DE", 2, signature_of([key_of(9)])),
        UploadSignature("DE", 1, signature_of(good)),
    ]
    found = vouched([*forged, *good, *unsigned], signatures, TRUSTED, NOW)
    assert list(found.keys) == good
    assert found.refused == {"cms-signature": 2, "signature-missing": 1}


@pytest.mark.parametrize(
    ("rule", "certificate", "origin"),
    [
        ("signer-country", GERMAN, "IT"),
        ("signer-country", certificate_of("DE", "AT"), "DE"),
        ("signer-country", certificate_of(), "DE"),
        ("signer-unknown", certificate_of("DE", days=29), "DE"),
        ("signer-validity", GERMAN, "DE"),
    ],
)
def test_a_signer_who_may_not_sign_is_refused(
    rule: str, certificate: x509.Certificate, origin: str
) -> None:
    keys = [key_of(1, origin)]
    now = NOW + timedelta(days=31) if rule == "signer-validity" else NOW
    with pytest.raises(Rejected) as refused:
        signer_of(signature_of(keys, certificate), keys, TRUSTED, now)
    assert refused.value.code == rule


def test_a_signature_that_is_no_base64_is_none() -> None:
    said = {"country": "DE", "amount": 1, "batchSignature": "clé"}
    assert AuditEntry.model_validate(said).signature() == UploadSignature("DE", 1, b"")


def test_a_certificate_whose_name_cannot_be_read_costs_its_upload_alone() -> None:
    keys = [key_of(1)]
    unreadable = signature_of(keys).replace(b"Batches", b"\xff" * 7)
    uploads = [UploadSignature("DE", 1, unreadable), UploadSignature("DE", 1, signature_of(keys))]
    found = vouched(keys * 2, uploads, TRUSTED, NOW)
    assert len(found.keys) == 1
