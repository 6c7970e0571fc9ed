"""Filters as the applications of the EU read and write them, at the rate that they state.

Expected values are of the tests of eu-digital-green-certificates/dgc-bloomfilter
(`BloomFilterUnitTest`, `filter-test.json`) and dgca-partialvarhashfilter.
"""

import contextlib
import hashlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.errors import Rejected
from vigie.revocation.bloom_filter import BloomFilter
from vigie.revocation.hash_list import HashList, width_for
from vigie.revocation.slices import SliceType, filter_of, read_filter

HASH_LIST = bytes([0, 1, 45, 47, 235, 255, 0, 0, 0, 7, 2, *range(1, 15)])


def hashes(count: int, of: str = "in") -> list[bytes]:
    return [hashlib.sha256(f"{of}{number}".encode()).digest()[:16] for number in range(count)]


def bloom_words(content: bytes) -> list[int]:
    return list(struct.unpack(f">{(len(content) - 20) // 4}i", content[20:]))


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ("1", [2102098068, 1202697683, 439752268]),
        ("12", [2129861756, 1680563432]),
    ],
)
def test_a_bloom_filter_has_the_bits_of_the_reference(elements: str, words: list[int]) -> None:
    made = BloomFilter.of([each.encode() for each in elements], 1e-4)
    assert bloom_words(made.write()) == words


def test_a_bloom_filter_is_as_large_as_the_reference() -> None:
    made = BloomFilter.of(hashes(10_000), 1e-5).write()
    version, functions, kind, rate, planned, held, words = struct.unpack_from(">hBBfiii", made)
    assert (version, functions, kind, words * 32) == (1, 17, 0, 239_680)
    assert (planned, held) == (10_000, 10_000)
    assert rate == pytest.approx(1e-5)


def test_a_hash_list_of_the_reference_is_read_and_written_again() -> None:
    read = HashList.read(HASH_LIST)
    assert read.write() == HASH_LIST
    assert bytes((3, 4)) in read
    assert bytes((4, 5)) not in read


def test_a_hash_list_is_in_the_order_of_signed_numbers() -> None:
    given = [bytes((first, *range(15))) for first in (0x00, 0x7F, 0x80, 0xFF)]
    written = HashList.of(given, 1e-6).write()
    width = written[10]
    firsts = [written[11 + at * width] for at in range(4)]
    assert firsts == [0x80, 0xFF, 0x00, 0x7F]


@pytest.mark.parametrize(
    ("elements", "rate", "known_bits", "width"),
    [(1, 1e-6, 0, 4), (1000, 1e-12, 4, 7), (2441, 1e-12, 12, 8), (10_000_000, 1e-12, 0, 8)],
)
def test_a_hash_list_has_the_fewest_bytes_that_keep_the_rate(
    elements: int, rate: float, known_bits: int, width: int
) -> None:
    assert width_for(elements, rate, known_bits) == width


@pytest.mark.parametrize("slice_type", SliceType)
@given(members=st.sets(st.binary(min_size=16, max_size=16), min_size=1, max_size=50))
@settings(max_examples=25)
def test_every_member_is_found_after_reading(slice_type: SliceType, members: set[bytes]) -> None:
    content = filter_of(members, slice_type, 1e-12).write()
    read = read_filter(content, slice_type)
    assert all(member in read for member in members)
    assert read.write() == content


def test_a_bloom_filter_keeps_the_rate_that_it_states() -> None:
    made = BloomFilter.of(hashes(2000), 0.01)
    others = hashes(20_000, "out")
    wrong = sum(other in made for other in others)
    # Five standard deviations of 200 expected.
    assert 50 < wrong < 270
    assert made.rate == pytest.approx(0.01)


def test_a_hash_list_keeps_the_rate_that_it_states() -> None:
    # All begin with the same 20 bits, as do those that are looked up: of 32 bits 12 tell.
    def near(each: bytes) -> bytes:
        return bytes((0xAB, 0xCD, 0xE0 | each[2] & 0x0F)) + each[3:]

    made = HashList.of([near(each) for each in hashes(40)], 0.01, known_bits=20)
    assert made.width == 4
    wrong = sum(near(other) in made for other in hashes(20_000, "out"))
    assert 100 < wrong < 200 * 1.35


@pytest.mark.parametrize("slice_type", SliceType)
@given(content=st.binary(max_size=60))
@settings(max_examples=50)
def test_what_is_no_filter_is_refused_and_nothing_worse(
    slice_type: SliceType, content: bytes
) -> None:
    with contextlib.suppress(Rejected):
        read_filter(content, slice_type)
