"""Texts that mean harm, or nothing: whatever is shown to a verifier ends in a named failure."""

import json
import tracemalloc
import zlib
from datetime import timedelta
from functools import cache

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.dcc.issuing import ISSUED, issuer_of, negative_test
from vigie.business_rules.shipped import french
from vigie.dcc import base45, cbor, cose, hcert, value_sets, verification_answer
from vigie.dcc.acceptance import Destination
from vigie.dcc.signer import by_kid
from vigie.dcc.verification import CheckName, References, State, Verification, verify

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


def _signed(claims: object) -> str:
    """A text that a signer of the trust list signed, whatever it says."""
    message = cose.unsigned(
        claims if isinstance(claims, bytes) else cbor2.dumps(claims), issuer_of().signer.kid
    )
    return hcert.assemble(message, issuer_of().sign(message))


def _claims(certificate: object, **times: object) -> dict[int, object]:
    issued, expires = times.get("issued", 1625184000), times.get("expires", 1650672000)
    return {1: "FR", 4: expires, 6: issued, -260: {1: certificate}}


@pytest.mark.parametrize("time", [float("nan"), float("inf"), 1e300, -1e300, 2**63, "2021", [1]])
def test_a_time_that_is_none_is_refused(time: object) -> None:
    assert _failure(_signed(_claims({}, expires=time))) == (CheckName.CLAIMS, "claims-time")
    assert _failure(_signed(_claims({}, issued=time))) == (CheckName.CLAIMS, "claims-time")


def test_a_time_in_a_float_is_read() -> None:
    certificate = negative_test().to_map()
    times = {"issued": 1625184000.5, "expires": 1650672000.0}
    assert _verified(_signed(_claims(certificate, **times))).trusted


@pytest.mark.parametrize(
    "tagged",
    [
        cbor2.CBORTag(2, b"\xff" * 40_000),
        cbor2.CBORTag(4, [2**62, 1]),
        cbor2.CBORTag(28, [cbor2.CBORTag(29, 0)]),
        cbor2.CBORTag(35, "(a+)+$"),
        cbor2.CBORTag(0, cbor2.CBORTag(1, cbor2.CBORTag(0, "2021-07-01"))),
        cbor2.CBORTag(1, 2**64),
        cbor2.CBORTag(1, "2021-07-01"),
    ],
    ids=lambda tag: str(tag.tag),
)
def test_tags_that_have_no_place_in_a_certificate_are_refused(tagged: cbor2.CBORTag) -> None:
    name, rule = _failure(_signed(_claims(negative_test().to_map() | {"dob": tagged})))
    assert (name, rule.partition("-")[0]) in {
        (CheckName.CLAIMS, "claims"),
        (CheckName.PREFIX, "text"),
    }


def test_a_payload_of_nested_tags_is_refused_for_its_depth() -> None:
    assert _failure(_signed(b"\xc0" * 5_000 + b"\x00")) == (CheckName.CLAIMS, "cbor-depth")
    assert _failure(_signed(b"\xa1\x01" * 5_000 + b"\x00")) == (CheckName.CLAIMS, "cbor-depth")


def test_a_key_that_stands_twice_is_refused() -> None:
    twice = b"\xa2\x04\x1a\x70\x00\x00\x00\x04\x1a\x7f\x00\x00\x00"
    assert _failure(_signed(twice)) == (CheckName.CLAIMS, "cbor-key")
    nested = cbor2.dumps(_claims({"ver": "1.3.0"})).replace(
        b"\xa1\x63ver\x651.3.0", b"\xa2\x63ver\x651.3.0\x63ver\x651.0.0"
    )
    assert _failure(_signed(nested)) == (CheckName.CLAIMS, "cbor-key")


def test_a_huge_number_of_doses_ends_in_the_schema_or_the_rules() -> None:
    entry = {"dn": 2**64 - 1, "sd": -(2**64)}
    result = _verified(_signed(_claims({"ver": "1.3.0", "v": [entry]})))
    assert [check.name for check in result.checks if check.state is State.FAILED] == [
        CheckName.SCHEMA
    ]


def test_lengths_that_the_data_does_not_have_are_refused() -> None:
    for head in (b"\x9b", b"\xbb", b"\x5b", b"\x7b"):
        rule = _failure(_signed(head + b"\xff" * 8))[1]
        assert rule in {"cbor-truncated", "cbor-size"}


_CONTENT = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*"vtr", "dn", "sd", "dt", "ver", "co"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["v", "t", "r", "ver", "nam", "dob"]), _CONTENT))
def test_a_signed_content_of_noise_ends_in_checks(certificate: dict[str, object]) -> None:
    rules = tuple(document.rule for document in french())
    references = References(value_sets.shipped(), None, Destination("FR", rules))
    signers = by_kid([issuer_of().signer])

    result = verify(_signed(_claims(certificate)), signers, NOW, references)

    assert not result.trusted
    assert result.checks[-1].state is not State.NOT_REACHED
    json.dumps(verification_answer.document(result, "fr"), allow_nan=False)
