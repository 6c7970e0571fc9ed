"""The HMAC over keys is that of the reference, in both of its forms."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.tracing.key_hmac import BoundKey, is_bound, key_hmac, key_hmac_without_risks

# `pkg/verification/utils_test.go` of the Exposure Notification key server.
SECRET = bytes(range(1, 17))
KEYS = (
    BoundKey("z2Cx9hdz2SlxZ8GEgqTYpA==", 1, 144, 3),
    BoundKey("dPCphLzfG4uzXneNimkPRQ==", 144, 144, 5),
)
WITHOUT_RISKS = tuple(key._replace(transmission_risk=0) for key in KEYS)


def mac(text: str) -> bytes:
    return base64.b64decode(text)


def test_the_vectors_of_the_reference() -> None:
    assert key_hmac(KEYS, SECRET) == mac("2u1nHt5WWurJytFLF3xitNzM99oNrad2y4YGOL53AeY=")
    assert key_hmac(WITHOUT_RISKS, SECRET) == mac("mFNI9zhTA17n4ndd1Vu5tsn4XQX0gPrIKyjeh/9noUE=")
    assert key_hmac_without_risks(KEYS, SECRET) == mac(
        "J9S7xVebH/66dm14wGsIcAnSUR3PHD4NtDQEOGZbDUo="
    )


def test_the_shorter_form_binds_only_keys_without_a_risk() -> None:
    assert is_bound(WITHOUT_RISKS, SECRET, key_hmac_without_risks(WITHOUT_RISKS, SECRET))
    assert is_bound(WITHOUT_RISKS, SECRET, key_hmac(WITHOUT_RISKS, SECRET))
    assert not is_bound(KEYS, SECRET, key_hmac_without_risks(KEYS, SECRET))


@pytest.mark.parametrize(
    "changed",
    [
        KEYS[0]._replace(key="z2Cx9hdz2SlxZ8GEgqTYpA"),
        KEYS[0]._replace(rolling_start_number=2),
        KEYS[0]._replace(rolling_period=143),
        KEYS[0]._replace(transmission_risk=4),
    ],
)
def test_whatever_is_changed_is_not_bound(changed: BoundKey) -> None:
    bound = key_hmac(KEYS, SECRET)
    assert not is_bound((changed, KEYS[1]), SECRET, bound)
    assert not is_bound(KEYS[:1], SECRET, bound)
    assert not is_bound(KEYS, SECRET + b"\x00\x01", bound)


@given(st.permutations([*KEYS, BoundKey("+/", 7, 7, 0), BoundKey("\ud800", 7, 7, 0)]))
def test_the_order_of_keys_does_not_matter(keys: list[BoundKey]) -> None:
    assert key_hmac(keys, SECRET) == key_hmac(sorted(keys), SECRET)
