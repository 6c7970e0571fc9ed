"""Batches are read as strictly as they are written."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.errors import Rejected
from vigie.revocation.batch import batch_of, read_batch, write_batch
from vigie.revocation.hashes import HashType

EXPIRES = datetime(2027, 1, 1, tzinfo=UTC)
KID = bytes.fromhex("c8b1cb36f4a5e36f")


def document(**changes: object) -> bytes:
    sound: dict[str, Any] = {
        "country": "FR",
        "expires": "2027-01-01T00:00:00+00:00",
        "kid": "yLHLNvSl428=",
        "hashType": "SIGNATURE",
        "entries": [{"hash": base64.b64encode(bytes(16)).decode()}],
    }
    return json.dumps({**sound, **changes}).encode()


@given(
    hashes=st.lists(st.binary(min_size=16, max_size=16), min_size=1, max_size=20),
    kid=st.none() | st.binary(min_size=8, max_size=8),
    hash_type=st.sampled_from(HashType),
)
@settings(max_examples=25)
def test_a_batch_comes_back_as_it_was(
    hashes: list[bytes], kid: bytes | None, hash_type: HashType
) -> None:
    batch = batch_of("FR", EXPIRES, kid, hash_type, hashes)
    assert read_batch(write_batch(batch)) == batch
    assert batch.hashes == tuple(hashes)


def test_a_batch_is_written_as_the_gateway_writes_it() -> None:
    batch = batch_of("FR", EXPIRES, KID, HashType.UCI, [bytes(16)])
    assert json.loads(write_batch(batch)) == {
        "country": "FR",
        "expires": "2027-01-01T00:00:00Z",
        "kid": "yLHLNvSl428=",
        "hashType": "UCI",
        "entries": [{"hash": "AAAAAAAAAAAAAAAAAAAAAA=="}],
    }
    assert json.loads(write_batch(batch.model_copy(update={"kid": None})))["kid"] == "UNKNOWN_KID"


def test_a_time_of_another_zone_is_read() -> None:
    paris = timezone(timedelta(hours=1))
    read = read_batch(document(expires="2027-01-01T01:00:00+01:00"))
    assert read.expires == datetime(2027, 1, 1, 1, tzinfo=paris)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"entries": []}, "entries"),
        ({"entries": [{"hash": base64.b64encode(bytes(16)).decode()}] * 1001}, "entries"),
        ({"entries": [{"hash": base64.b64encode(bytes(15)).decode()}]}, "entries.0.hash"),
        ({"entries": [{"hash": "canary"}]}, "entries.0.hash"),
        ({"kid": "canary"}, "kid"),
        ({"country": "canary"}, "country"),
        ({"expires": "2027-01-01T00:00:00"}, "expires"),
        ({"hashType": "canary"}, "hashType"),
        ({"canary": 1}, "canary"),
    ],
)
def test_what_is_no_batch_is_refused_at_its_place(changes: dict[str, object], place: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_batch(document(**changes))
    assert (refused.value.code, refused.value.place) == ("batch-malformed", place)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff", b" " * 200_000])
def test_nothing_else_is_read(content: bytes) -> None:
    with pytest.raises(Rejected):
        read_batch(content)
