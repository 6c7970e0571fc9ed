"""How a certificate is kept: small, and as an earlier version of the system kept it."""

import zlib
from datetime import UTC, datetime

import pytest

from tests.bench.usage import size
from vigie.certificates.packing import packed, unpacked
from vigie.certificates.stored_certificate import StoredCertificate, from_item, to_item
from vigie.dcc import base45
from vigie.errors import Rejected

THEN = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
TEXT = "HC1:" + base45.encode(zlib.compress(bytes(range(256)), 9))
HELD = StoredCertificate(
    source_id="750712184-mfrggzdfmztwq2lknnwg23tpoa",
    certificate="recovery#12",
    kind="recovery",
    source_version=12,
    person="p1." + "a" * 43,
    disease="covid-19",
    content_hash="0a" * 32,
    uvci_hash="0b" * 16,
    signature_hash="0c" * 16,
    kid="0d" * 8,
    issued_at=THEN,
    expires_at=THEN.replace(year=2027),
    # A data key as KMS encrypts it, a nonce, 470 bytes of certificate, and the tag.
    hcert=bytes(3 + 184 + 12 + 470 + 16),
)
REISSUED = HELD.model_copy(
    update={
        "certificate": "recovery#12#10",
        "generation": 10,
        "replaces": "recovery#12#9",
        "replacement": "a" * 24,
    }
)
REVOKED = HELD.model_copy(
    update={"revoked_at": THEN.replace(day=2), "revocation_reason": "result-corrected"}
)


def _schema_1(certificate: StoredCertificate) -> dict[str, object]:
    document = certificate.model_dump_json(exclude={"hcert"})
    return {
        "source_id": {"S": certificate.source_id},
        "certificate": {"S": certificate.certificate},
        "person": {"S": certificate.person},
        "schema": {"N": "1"},
        "document": {"S": document.replace('"source_', '"result_')},
        "hcert": {"B": certificate.hcert},
        "expires_at": {"N": str(int(certificate.expires_at.timestamp()))},
    }


@pytest.mark.parametrize("certificate", [HELD, REVOKED, REISSUED])
def test_what_is_kept_is_read(certificate: StoredCertificate) -> None:
    assert from_item(dict(to_item(certificate))) == certificate


@pytest.mark.parametrize("certificate", [HELD, REVOKED])
def test_what_was_kept_is_read(certificate: StoredCertificate) -> None:
    assert from_item(dict(to_item(certificate)) | {"schema": {"N": "2"}}) == certificate
    assert from_item(_schema_1(certificate)) == certificate


def test_one_of_the_first_schema_can_be_revoked() -> None:
    written = {name: to_item(REVOKED)[name] for name in ("revoked_at", "revocation_reason")}
    assert from_item(_schema_1(HELD) | written | {"schema": {"N": "2"}}) == REVOKED


def test_a_newer_schema_is_refused() -> None:
    with pytest.raises(Rejected):
        from_item(dict(to_item(HELD)) | {"schema": {"N": "4"}})


def test_a_certificate_takes_one_write_unit() -> None:
    assert size(dict(to_item(REISSUED))) <= 1024
    assert size(dict(to_item(HELD))) < 0.8 * size(_schema_1(HELD))


def test_a_text_is_packed_and_comes_back() -> None:
    assert unpacked(packed(TEXT)) == TEXT
    assert len(packed(TEXT)) <= 0.7 * len(TEXT)
    # As the first schema sealed it.
    assert unpacked(TEXT.encode()) == TEXT
