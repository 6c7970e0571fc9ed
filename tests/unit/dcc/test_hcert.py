"""The layers of the text in a QR code, one by one."""

import zlib
from contextlib import suppress
from datetime import timedelta

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.dcc.issuing import EXPIRES, ISSUED, issuer_of, negative_test
from vigie.dcc import base45, cose, cwt, hcert
from vigie.dcc.errors import DccError, DecodingError, EncodingError

_SIGNATURE = bytes(64)


def _text(parts: object, *, level: int = 9) -> str:
    return hcert.PREFIX + base45.encode(zlib.compress(cbor2.dumps(parts), level))


def _payload(**changes: object) -> bytes:
    claims = {1: "FR", 4: 1_700_000_000, 6: 1_600_000_000, -260: {1: {"ver": "1.3.0"}}}
    claims.update({int(key.removeprefix("_")): value for key, value in changes.items()})
    return cbor2.dumps(claims)


def _message(payload: bytes | None = None) -> list[object]:
    header = cbor2.dumps({1: -7, 4: b"protectd"})
    return [header, {4: b"unprotct"}, payload or _payload(), _SIGNATURE]


def test_what_is_issued_reads_back() -> None:
    issuer, certificate = issuer_of(), negative_test()

    contents = hcert.read(issuer.issue(certificate))

    assert contents.message.algorithm == cose.ES256
    assert contents.message.kid == issuer.signer.kid
    assert contents.claims.issuer == "FR"
    assert contents.claims.issued_at == ISSUED
    assert contents.claims.expires_at == EXPIRES
    assert contents.claims.certificate == certificate.to_map()


def test_the_layers_are_those_of_the_specification() -> None:
    issuer = issuer_of()
    message = issuer.unsigned(negative_test())
    signature = issuer.sign(message)

    text = hcert.assemble(message, signature)
    compressed = base45.decode(text.removeprefix("HC1:"))
    tagged = cbor2.loads(zlib.decompress(compressed))

    assert compressed.startswith(b"\x78\xda")
    assert tagged.tag == 18
    assert tagged.value == [message.protected, {}, message.payload, signature]
    assert cbor2.loads(message.protected) == {1: -7, 4: issuer.signer.kid}
    assert message.signature_input == cbor2.dumps(
        ["Signature1", message.protected, b"", message.payload]
    )
    claims = cbor2.loads(message.payload)
    assert claims[1] == "FR"
    assert claims[4] == int(EXPIRES.timestamp())
    assert claims[6] == int(ISSUED.timestamp())
    assert list(claims[-260]) == [1]


@given(st.integers(1, 2**256 - 1), st.integers(1, 2**256 - 1))
def test_a_signature_in_der_becomes_r_and_s(r: int, s: int) -> None:
    raw = cose.der_to_raw(encode_dss_signature(r, s))

    assert raw == r.to_bytes(32, "big") + s.to_bytes(32, "big")


@pytest.mark.parametrize(
    "signature", [b"", b"\x30\x00", bytes(64), encode_dss_signature(2**256, 1)]
)
def test_what_is_no_signature_of_p256_is_refused(signature: bytes) -> None:
    with pytest.raises(EncodingError) as refused:
        cose.der_to_raw(signature)

    assert refused.value.rule == "signature-der"


def test_a_signature_of_another_length_is_not_assembled() -> None:
    with pytest.raises(EncodingError) as refused:
        hcert.assemble(cose.unsigned(b"", bytes(8)), bytes(63))
    with pytest.raises(EncodingError):
        hcert.assemble(cose.unsigned(b"", bytes(8), cose.PS256), bytes(64))

    assert refused.value.rule == "signature-length"


def test_a_kid_has_eight_bytes() -> None:
    with pytest.raises(EncodingError) as refused:
        cose.unsigned(b"", bytes(7))

    assert refused.value.rule == "kid-length"


def test_a_certificate_does_not_expire_before_it_is_issued() -> None:
    with pytest.raises(EncodingError) as refused:
        issuer_of().unsigned(negative_test(), ISSUED, ISSUED - timedelta(seconds=1))

    assert refused.value.rule == "claims-period"


@pytest.mark.parametrize(
    "wrapped",
    [
        _message(),
        cbor2.CBORTag(18, _message()),
        cbor2.CBORTag(61, cbor2.CBORTag(18, _message())),
    ],
    ids=["untagged", "18", "61(18)"],
)
def test_the_three_ways_of_tagging_are_read_and_the_protected_kid_wins(wrapped: object) -> None:
    assert hcert.read(_text(wrapped)).message.kid == b"protectd"


@pytest.mark.parametrize("protected", [b"", cbor2.dumps({}), cbor2.dumps({1: -7})])
def test_a_kid_may_be_unprotected(protected: bytes) -> None:
    message = [protected, {1: -7, 4: b"unprotct"}, _payload(), _SIGNATURE]

    read = hcert.read(_text(message)).message

    assert (read.algorithm, read.kid) == (-7, b"unprotct")


@pytest.mark.parametrize("time", [1_600_000_000, 1_600_000_000.25, cbor2.CBORTag(1, 1_600_000_000)])
def test_times_may_be_integers_floats_or_tagged(time: object) -> None:
    claims = cwt.read(_payload(_6=time))

    assert claims.issued_at is not None
    assert claims.issued_at.replace(microsecond=0).isoformat() == "2020-09-13T12:26:40+00:00"


def test_dates_of_cbor_become_text() -> None:
    dates = {"a": cbor2.CBORTag(0, "2021-05-01T10:00:00+02:00"), "b": [cbor2.CBORTag(1, 0)]}

    claims = cwt.read(_payload(**{"_-260": {1: dates}}))

    assert claims.certificate == {"a": "2021-05-01T10:00:00+02:00", "b": ["1970-01-01T00:00:00Z"]}


def test_claims_may_lack_issuer_and_times() -> None:
    claims = cwt.read(cbor2.dumps({-260: {1: {}}}))

    assert (claims.issuer, claims.issued_at, claims.expires_at) == (None, None, None)


@pytest.mark.parametrize(
    ("payload", "rule"),
    [
        (cbor2.dumps([]), "claims-structure"),
        (cbor2.dumps({}), "claims-structure"),
        (_payload(**{"_-260": {2: {}}}), "claims-structure"),
        (_payload(**{"_-260": {1: {1: "x"}}}), "claims-structure"),
        (_payload(**{"_-260": {1: {"a": cbor2.CBORTag(35, "(")}}}), "claims-structure"),
        (_payload(_4="2021"), "claims-time"),
        (_payload(_4=1e300), "claims-time"),
        (_payload(_4=float("inf")), "claims-time"),
        (_payload(_4=float("nan")), "claims-time"),
    ],
)
def test_claims_of_another_form_are_refused(payload: bytes, rule: str) -> None:
    with pytest.raises(DecodingError) as refused:
        cwt.read(payload)

    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "prefix"),
        ("HC2:ABC", "prefix"),
        ("hc1:ABC", "prefix"),
        ("HC1:" + "0" * 4293, "text-length"),
        ("HC1:ab", "base45-character"),
        ("HC1:" + base45.encode(b"not zlib"), "compression"),
        ("HC1:" + base45.encode(zlib.compress(b"cut")[:-2]), "compression"),
        ("HC1:" + base45.encode(zlib.compress(b"\x80") + b"x"), "compression"),
        ("HC1:" + base45.encode(zlib.compress(bytes(64 * 1024 + 1))), "compression-size"),
        (_text({}), "cose-structure"),
        (_text([b"", {}, b""]), "cose-structure"),
        (_text([b"", {}, "", b""]), "cose-structure"),
        (_text(cbor2.CBORTag(17, _message())), "cose-tag"),
        (_text(cbor2.CBORTag(61, _message())), "cose-tag"),
        (_text([cbor2.dumps([]), {}, b"", b""]), "cose-header"),
        (_text([b"", 1, b"", b""]), "cose-header"),
    ],
)
def test_each_layer_refuses_by_name(text: str, rule: str) -> None:
    with pytest.raises(DecodingError) as refused:
        hcert.read(text)

    assert refused.value.rule == rule


def test_a_bomb_is_not_inflated() -> None:
    bomb = zlib.compress(bytes(100_000_000), 9)

    with pytest.raises(DecodingError) as refused:
        hcert.inflate(bomb)

    assert refused.value.rule == "compression-size"


def test_64_kib_are_inflated() -> None:
    assert len(hcert.inflate(zlib.compress(bytes(64 * 1024)))) == 64 * 1024


@given(st.binary(max_size=120))
def test_any_bytes_in_the_text_are_read_or_refused(data: bytes) -> None:
    with suppress(DccError):
        hcert.read(hcert.PREFIX + base45.encode(zlib.compress(data)))
