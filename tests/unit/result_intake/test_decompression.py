"""Gzip streams are read to their end, within bounds, and damage is told."""

import gzip

import pytest

from result_intake import decompression
from result_intake.decompression import decompressed
from tests.unit.result_intake.hl7_message import SOUND
from vigie.errors import Rejected


@pytest.mark.parametrize("chunk", [1, 7, 10_000])
def test_members_and_padding(chunk: int) -> None:
    content = gzip.compress(SOUND) + gzip.compress(SOUND * 3) + b"\0" * 100
    chunks = [content[at : at + chunk] for at in range(0, len(content), chunk)]
    assert b"".join(decompressed(chunks)) == SOUND * 4


def test_what_is_damaged_is_told_at_the_end_at_the_latest() -> None:
    content = bytearray(gzip.compress(SOUND * 50))
    content[-6] ^= 1  # of the checksum
    for damaged in (bytes(content), bytes(content)[:-20]):
        pieces = decompressed([damaged])
        with pytest.raises(Rejected) as caught:
            list(pieces)
        assert caught.value.code == "gzip-malformed"


def test_garbage_after_the_end() -> None:
    with pytest.raises(Rejected) as caught:
        list(decompressed([gzip.compress(SOUND) + b"garbage"]))
    assert caught.value.code == "gzip-malformed"


def test_the_total_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompression, "MAX_DECOMPRESSED", len(SOUND) * 2)
    with pytest.raises(Rejected) as caught:
        list(decompressed([gzip.compress(SOUND * 3)]))
    assert caught.value.code == "file-too-large"


def test_the_members_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompression, "MAX_MEMBERS", 3)
    member = gzip.compress(b"x")
    assert b"".join(decompressed([member * 3])) == b"xxx"
    with pytest.raises(Rejected) as caught:
        list(decompressed([member * 4]))
    assert caught.value.code == "file-too-large"
