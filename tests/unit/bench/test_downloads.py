"""What phones download grows with phones and keys; what reaches the bucket does not."""

import pytest

from tests.bench.downloads import bytes_of_a_key, day


def test_the_bucket_is_asked_the_same_however_many_phones_there_are() -> None:
    few, many = day(10_000, 19.0, phones=1_000), day(10_000, 19.0, phones=60_000_000)
    assert few.origin_requests == many.origin_requests < 10_000
    assert many.gigabytes == pytest.approx(60_000 * few.gigabytes)


def test_a_phone_downloads_each_key_and_the_index_when_it_looks() -> None:
    with_keys, without = day(1_000, 20.0, phones=1), day(0, 20.0, phones=1)
    assert (with_keys.gigabytes - without.gigabytes) * 1e9 == pytest.approx(1_000 * 14 * 20)
    assert without.requests == 12


def test_a_key_takes_little_more_than_its_sixteen_bytes() -> None:
    assert 16 < bytes_of_a_key() < 24
