"""Base45 against RFC 9285, and from both sides."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vigie.dcc import base45
from vigie.dcc.errors import DecodingError


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
        (b"", ""),
        (b"\xff\xff", "FGW"),
        (b"\xff", "U5"),
    ],
)
def test_the_vectors_of_rfc_9285(data: bytes, text: str) -> None:
    assert base45.encode(data) == text
    assert base45.decode(text) == data


def test_every_group_of_two_bytes_has_the_three_digits_of_its_number() -> None:
    numbers = range(0x10000)

    text = base45.encode(struct.pack(f">{len(numbers)}H", *numbers))

    digits = [base45.ALPHABET.index(character) for character in text]
    groups = zip(digits[0::3], digits[1::3], digits[2::3], strict=True)
    assert [low + 45 * middle + 2025 * high for low, middle, high in groups] == list(numbers)


@given(st.binary(max_size=300))
def test_what_is_encoded_is_decoded(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@given(st.text(alphabet=base45.ALPHABET, max_size=60))
@example("GGW")
def test_what_is_decoded_has_one_text_alone(text: str) -> None:
    try:
        data = base45.decode(text)
    except DecodingError:
        return
    assert base45.encode(data) == text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("bB8", "base45-character"),
        ("BB8\n", "base45-character"),
        ("ÉB8", "base45-character"),
        ("A", "base45-length"),
        ("BB8A", "base45-length"),
        ("GGW", "base45-overflow"),
        (":::", "base45-overflow"),
        ("V5", "base45-overflow"),
        ("BB8::", "base45-overflow"),
    ],
)
def test_a_broken_text_is_refused_by_name_and_not_echoed(text: str, rule: str) -> None:
    with pytest.raises(DecodingError) as refused:
        base45.decode(text)

    assert refused.value.rule == rule
    assert text not in str(refused.value)
