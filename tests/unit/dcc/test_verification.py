"""Each check passed, failed and not reached."""

import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tests.unit.dcc.issuing import EXPIRES, ISSUED, START, issuer_of, negative_test
from vigie.dcc import base45, cose, hcert, schema
from vigie.dcc.errors import VerificationError
from vigie.dcc.signer import Signer, by_kid
from vigie.dcc.verification import CheckName, State, Verification, verify, who_signed

NOW = ISSUED + timedelta(days=1)


def _verified(
    text: str, signers: Mapping[bytes, tuple[Signer, ...]] | None = None, at: datetime = NOW
) -> Verification:
    return verify(text, by_kid([issuer_of().signer]) if signers is None else signers, at)


def _states(verification: Verification) -> dict[CheckName, State]:
    return {check.name: check.state for check in verification.checks}


def _failures(verification: Verification) -> dict[CheckName, str]:
    return {check.name: check.rule for check in verification.checks if check.state is State.FAILED}


def _altered(text: str, *, part: int, content: bytes) -> str:
    tagged = cbor2.loads(hcert.inflate(base45.decode(hcert.unprefix(text))))
    parts = list(tagged.value)
    parts[part] = content
    return hcert.PREFIX + base45.encode(zlib.compress(cbor2.dumps(cbor2.CBORTag(18, parts))))


def test_a_certificate_passes_every_check() -> None:
    result = _verified(issuer_of().issue(negative_test()))

    assert result.trusted
    assert list(_states(result).values()) == [State.PASSED] * 11 + [State.NOT_ASKED] * 3
    assert [check.name for check in result.checks] == list(CheckName)
    assert result.signer == issuer_of().signer
    assert result.claims is not None
    assert result.claims.certificate == negative_test().to_map()


def test_nothing_is_reached_behind_a_wrong_prefix() -> None:
    result = _verified("HC2:ABC")

    assert not result.trusted
    assert _failures(result) == {CheckName.PREFIX: "prefix"}
    assert set(list(_states(result).values())[1:]) == {State.NOT_REACHED}


def test_the_content_of_an_unknown_signer_is_not_read() -> None:
    result = _verified(issuer_of().issue(negative_test()), signers={})

    assert _failures(result) == {CheckName.KID: "kid-unknown"}
    assert _states(result)[CheckName.CLAIMS] is State.NOT_REACHED
    assert result.claims is None


def test_a_message_without_a_kid_is_named() -> None:
    text = _altered(issuer_of().issue(negative_test()), part=0, content=cbor2.dumps({1: -7}))

    assert _failures(_verified(text)) == {CheckName.KID: "kid-absent"}


def test_a_changed_content_is_not_read() -> None:
    issuer = issuer_of()
    other = issuer.unsigned(negative_test(), ISSUED, EXPIRES + timedelta(days=1))

    result = _verified(_altered(issuer.issue(negative_test()), part=2, content=other.payload))

    assert _failures(result) == {CheckName.SIGNATURE: "signature-invalid"}
    assert result.claims is None
    assert result.signer is None


@pytest.mark.parametrize(
    ("signature", "rule"),
    [
        (bytes(64), "signature-invalid"),
        (bytes(96), "signature-length"),
        (b"", "signature-length"),
    ],
)
def test_a_signature_that_is_none_is_named(signature: bytes, rule: str) -> None:
    text = _altered(issuer_of().issue(negative_test()), part=3, content=signature)

    assert _failures(_verified(text)) == {CheckName.SIGNATURE: rule}


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        (ISSUED - timedelta(seconds=1), "not-yet-issued"),
        (ISSUED, ""),
        (EXPIRES, ""),
        (EXPIRES + timedelta(seconds=1), "expired"),
    ],
)
def test_it_holds_from_its_issue_to_its_end(at: datetime, rule: str) -> None:
    failures = _failures(_verified(issuer_of().issue(negative_test()), at=at))

    assert failures == ({CheckName.EXPIRY: rule} if rule else {})


@pytest.mark.parametrize(
    ("issued_at", "expires_at", "rule"),
    [
        (START, START + timedelta(days=730), ""),
        (START - timedelta(seconds=1), EXPIRES, "issued-before-signer"),
        (START, START + timedelta(days=730, seconds=1), "expires-after-signer"),
    ],
)
def test_it_lies_within_its_signers_validity(
    issued_at: datetime, expires_at: datetime, rule: str
) -> None:
    text = issuer_of().issue(negative_test(), issued_at, expires_at)

    failures = _failures(_verified(text))

    assert failures == ({CheckName.SIGNER_VALIDITY: rule} if rule else {})


@pytest.mark.parametrize(
    ("groups", "rule"),
    [(("t",), ""), (("v", "t"), ""), (("v",), "key-usage"), (("r",), "key-usage")],
)
def test_a_signer_signs_what_its_key_usage_allows(groups: tuple[str, ...], rule: str) -> None:
    issuer = issuer_of(*groups)

    result = _verified(issuer.issue(negative_test()), by_kid([issuer.signer]))

    assert _failures(result) == ({CheckName.KEY_USAGE: rule} if rule else {})


def test_what_the_schema_forbids_is_named_and_not_echoed() -> None:
    issuer = issuer_of()
    message = issuer.unsigned(negative_test())
    claims = cbor2.loads(message.payload)
    claims[-260][1]["dob"] = "29/02/1988"
    message = cose.unsigned(cbor2.dumps(claims), issuer.signer.kid)

    result = _verified(hcert.assemble(message, issuer.sign(message)))

    assert _failures(result) == {CheckName.SCHEMA: "schema"}
    (check,) = [check for check in result.checks if check.name is CheckName.SCHEMA]
    assert check.reason == "dob: pattern"


@pytest.mark.parametrize(
    ("version", "fault"),
    [
        ("1.3.0", "nam/fnt: required"),
        ("1.3.1", "nam/fnt: required"),
        ("1.3.2", ""),
        ("1.3.3", ""),
        ("1.10.0", ""),
        ("2.0.0", ""),
        ("1.3.20x", "ver: pattern"),
    ],
)
def test_a_given_name_alone_is_enough_from_the_version_that_says_so(
    version: str, fault: str
) -> None:
    content: dict[str, Any] = {**negative_test().to_map(), "ver": version}
    content["nam"] = {"gn": "Zoé", "gnt": "ZOE"}
    assert fault in schema.faults(content) if fault else schema.faults(content) == ()
    assert "nam/fnt: required" in schema.faults(content | {"nam": {"gn": "Zoé"}})


def test_every_signer_of_a_kid_is_tried() -> None:
    issuer = issuer_of()
    namesake = replace(
        issuer.signer, key=ec.generate_private_key(ec.SECP256R1()).public_key(), subject="CN=other"
    )
    signers = by_kid([namesake, issuer.signer])

    result = _verified(issuer.issue(negative_test()), signers)

    assert len(signers) == 1
    assert result.trusted
    assert result.signer == issuer.signer


def test_ps256_is_verified() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    protected = cbor2.dumps({1: cose.PS256, 4: bytes(8)})
    message = cose.Signed(protected, b"payload", b"", cose.PS256, bytes(8))
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
    message = replace(message, signature=key.sign(message.signature_input, pss, hashes.SHA256()))
    signer = replace(issuer_of().signer, key=key.public_key())

    assert who_signed(message, (signer,)) is signer
    with pytest.raises(VerificationError) as refused:
        who_signed(replace(message, payload=b"another"), (signer,))
    assert refused.value.rule == "signature-invalid"


@pytest.mark.parametrize(
    ("bits", "length", "rule"),
    [
        (1024, 128, "signature-key"),
        (3104, 388, "signature-key"),
        (2048, 64, "signature-length"),
    ],
)
def test_ps256_takes_keys_of_2048_to_3072_bits(bits: int, length: int, rule: str) -> None:
    # A number of that many bits will do, where nothing is computed with it.
    key = rsa.RSAPublicNumbers(65537, (1 << bits) - 1).public_key()
    message = cose.Signed(b"", b"", bytes(length), cose.PS256, bytes(8))

    with pytest.raises(VerificationError) as refused:
        who_signed(message, (replace(issuer_of().signer, key=key),))

    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("algorithm", "rule"),
    [
        (cose.PS256, "signature-key"),
        (-35, "signature-algorithm"),
        (None, "signature-algorithm"),
    ],
)
def test_the_algorithm_is_one_that_the_key_is_for(algorithm: int | None, rule: str) -> None:
    message = cose.Signed(b"", b"", bytes(64), algorithm, bytes(8))

    with pytest.raises(VerificationError) as refused:
        who_signed(message, (issuer_of().signer,))

    assert refused.value.rule == rule


def test_es256_takes_p256_alone() -> None:
    key = ec.generate_private_key(ec.SECP384R1()).public_key()
    message = cose.Signed(b"", b"", bytes(96), cose.ES256, bytes(8))

    with pytest.raises(VerificationError) as refused:
        who_signed(message, (replace(issuer_of().signer, key=key),))

    assert refused.value.rule == "signature-key"
