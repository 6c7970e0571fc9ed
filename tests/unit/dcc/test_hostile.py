"""Texts that mean harm, or nothing: whatever is shown to a verifier ends in a named failure."""

import tracemalloc
import zlib
from datetime import timedelta
from functools import cache

import cbor2
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.dcc.issuing import ISSUED, issuer_of, negative_test
from vigie.dcc import base45, cbor, cose, hcert
from vigie.dcc.signer import by_kid
from vigie.dcc.verification import CheckName, State, Verification, verify

GIGABYTE = 2**30
NOW = ISSUED + timedelta(days=1)
_ALPHABET = st.sampled_from(base45.ALPHABET)


def _verified(text: str) -> Verification:
    return verify(text, by_kid([issuer_of().signer]), NOW)


def _failure(text: str) -> tuple[CheckName, str]:
    ended = [each for each in _verified(text).checks if each.state is State.FAILED]
    return ended[0].name, ended[0].rule


def _text(content: bytes) -> str:
    return hcert.PREFIX + base45.encode(zlib.compress(content, 9))


@cache
def _genuine() -> str:
    return issuer_of().issue(negative_test())


def _gigabyte() -> bytes:
    """A stream of a gigabyte of zeros, by blocks that need nothing of those before them."""
    mebibyte, deflater = bytes(2**20), zlib.compressobj(9)
    first = deflater.compress(mebibyte) + deflater.flush(zlib.Z_FULL_FLUSH)
    later = deflater.compress(mebibyte) + deflater.flush(zlib.Z_FULL_FLUSH)
    return first + later * (GIGABYTE // len(mebibyte) - 1)


def test_a_text_that_inflates_to_a_gigabyte_is_refused_for_its_length() -> None:
    text = hcert.PREFIX + base45.encode(_gigabyte())

    assert _failure(text) == (CheckName.PREFIX, "text-length")


def test_what_a_code_holds_of_a_gigabyte_is_refused_within_a_megabyte() -> None:
    most = (hcert.MAX_TEXT_CHARACTERS - len(hcert.PREFIX)) // 3 * 2
    text = hcert.PREFIX + base45.encode(_gigabyte()[:most])

    tracemalloc.start()
    failure = _failure(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert failure == (CheckName.COMPRESSION, "compression-size")
    assert peak < 2**20


def test_cbor_nested_as_deep_as_fits_is_refused() -> None:
    assert _failure(_text(b"\x81" * 60_000 + b"\x00")) == (CheckName.COSE, "cbor-depth")
    assert _failure(_text(b"\xd2" * 60_000 + b"\x00")) == (CheckName.COSE, "cbor-depth")


def test_a_header_nested_deep_is_refused() -> None:
    message = [b"\xa1\x01" + b"\x81" * 60_000 + b"\x00", {}, b"", b""]

    assert _failure(_text(cbor2.dumps(message))) == (CheckName.COSE, "cbor-depth")


@given(st.text(max_size=400) | st.text(_ALPHABET, max_size=400).map(hcert.PREFIX.__add__))
def test_a_text_that_nobody_issued_has_a_named_failure(text: str) -> None:
    result = _verified(text)

    assert not result.trusted
    assert any(each.rule and each.reason for each in result.checks)


@given(st.data())
def test_a_certificate_with_other_characters_is_not_trusted(data: st.DataObject) -> None:
    characters = list(_genuine())
    for _ in range(data.draw(st.integers(1, 3))):
        characters[data.draw(st.integers(0, len(characters) - 1))] = data.draw(_ALPHABET)
    text = "".join(characters)

    assert _verified(text).trusted == (text == _genuine())


@given(st.data())
def test_a_message_with_other_bytes_is_trusted_only_for_what_was_signed(
    data: st.DataObject,
) -> None:
    content = bytearray(hcert.inflate(base45.decode(hcert.unprefix(_genuine()))))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        content[start : start + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))

    result = _verified(_text(bytes(content)))

    if result.trusted:
        assert cose.read(bytes(content)).payload == _signed_payload()


def _signed_payload() -> bytes:
    return hcert.read(_genuine()).message.payload


@given(st.binary(max_size=300).map(lambda noise: cbor2.dumps([b"", {}, noise, bytes(64)])))
def test_a_payload_of_noise_is_not_reached_without_a_signature(content: bytes) -> None:
    assert _failure(_text(content))[0] in {CheckName.KID, CheckName.COSE}
    assert isinstance(cbor.loads(content), list)
