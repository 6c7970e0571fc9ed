"""CBOR from outside: what another library writes, and what is hostile."""

import struct
from contextlib import suppress

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.dcc import cbor
from vigie.dcc.cbor import Tagged
from vigie.dcc.errors import DecodingError

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=30)
    | st.binary(max_size=30)
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(max_size=9) | st.integers(-300, 300), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(_VALUES)
def test_it_reads_what_another_writes(value: object) -> None:
    assert cbor.loads(cbor2.dumps(value)) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(DecodingError):
        cbor.loads(data)


def test_it_reads_indefinite_lengths() -> None:
    data = bytes.fromhex("bf6161 9f01820203ff 6162 7f62c3a9 6178ff 6163 5f4101 4102ff ff")

    assert cbor.loads(data) == {"a": [1, [2, 3]], "b": "éx", "c": b"\x01\x02"}


@pytest.mark.parametrize(
    ("data", "number"), [(struct.pack(">Be", 0xF9, 1.5), 1.5), (b"\xfb" + bytes(8), 0.0)]
)
def test_it_reads_floats_of_any_width(data: bytes, number: float) -> None:
    assert cbor.loads(data) == number


def test_a_tag_stays_a_tag() -> None:
    assert cbor.loads(bytes.fromhex("d82362 2828")) == Tagged(35, "((")


@pytest.mark.parametrize("length", [0, 1, 23, 24, 255, 256, 65_535, 65_536])
def test_a_byte_string_is_written_as_another_writes_it(length: int) -> None:
    data = bytes(length)

    assert cbor.byte_string(data) == cbor2.dumps(data)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "cbor-truncated"),
        (b"\x62a", "cbor-truncated"),
        (b"\x9b" + b"\xff" * 8, "cbor-truncated"),
        (b"\xbb\x00" + b"\xff" * 7, "cbor-truncated"),
        (b"\x5b" + b"\x7f" * 8, "cbor-truncated"),
        (b"\x9f\x01", "cbor-truncated"),
        (b"\x18", "cbor-truncated"),
        (b"\x19\x00", "cbor-truncated"),
        (b"\xfb" + bytes(7), "cbor-truncated"),
        (b"\x81\x58\x05abcd", "cbor-truncated"),
        (b"\x01\x01", "cbor-trailing"),
        (b"\x81" * 17 + b"\x00", "cbor-depth"),
        (b"\xc1" * 50_000 + b"\x00", "cbor-depth"),
        (b"\x99\x10\x00" + b"\x00" * 4096, "cbor-size"),
        (b"\x9f" + b"\x00" * 5000 + b"\xff", "cbor-size"),
        (b"\xb9\x10\x00" + b"\x00" * 8192, "cbor-size"),
        (b"\x5a\x00\x01\x00\x00" + bytes(64 * 1024), "cbor-size"),
        (b"\xa1\x00" * 17 + b"\x00", "cbor-depth"),
        (b"\x9f" * 17 + b"\xff" * 17, "cbor-depth"),
        (b"\xa1\x80\x00", "cbor-key"),
        (b"\xa1\xf5\x00", "cbor-key"),
        (b"\xa2\x01\x00\x01\x00", "cbor-key"),
        (b"\x62\xff\xff", "cbor-text"),
        (b"\xf8\xff", "cbor-type"),
        (b"\x1f", "cbor-type"),
        (b"\x1c", "cbor-type"),
        (b"\x7f\x41a\xff", "cbor-type"),
        (b"\xff", "cbor-type"),
    ],
)
def test_what_is_broken_or_unbounded_is_refused_by_name(data: bytes, rule: str) -> None:
    with pytest.raises(DecodingError) as refused:
        cbor.loads(data)

    assert refused.value.rule == rule


def test_the_bounds_themselves_are_allowed() -> None:
    cbor.loads(b"\x81" * 16 + b"\x00")
    cbor.loads(b"\x99\x0f\xff" + b"\x00" * 4095)
    cbor.loads(b"\x59\xff\xfd" + bytes(64 * 1024 - 3))
