"""Gzip streams are read to their end, within bounds, and damage is told."""

import gzip

import pytest

from result_intake import decompression
from result_intake.decompression import decompressed
from result_intake.reading import read_items
from result_intake.recognition import recognise
from tests.unit.result_intake.hl7_message import NOW, SOUND
from vigie.errors import Rejected


@pytest.mark.parametrize("chunk", [1, 7, 10_000])
def test_members_and_padding(chunk: int) -> None:
    content = gzip.compress(SOUND) + gzip.compress(SOUND * 3) + b"\0" * 100
    chunks = [content[at : at + chunk] for at in range(0, len(content), chunk)]
    assert b"".join(decompressed(chunks)) == SOUND * 4


def test_a_compressed_file_gives_the_same_items() -> None:
    content = gzip.compress(SOUND * 5)
    items = list(read_items([content], recognise(content), now=NOW))
    assert items == list(read_items([SOUND * 5], recognise(SOUND), now=NOW))


def test_what_comes_before_a_damage_is_read_and_the_damage_is_told() -> None:
    content = gzip.compress(SOUND * 50)[:-20]
    items = list(read_items([content], recognise(content), now=NOW))
    assert [breach.code for breach in items[-1].breaches] == ["gzip-malformed"]
    assert items[-1].ordinal == "rest"
    assert len(items) > 1
    assert all(item.result for item in items[:-1])


def test_garbage_after_the_end() -> None:
    with pytest.raises(Rejected) as caught:
        list(decompressed([gzip.compress(SOUND) + b"garbage"]))
    assert caught.value.code == "gzip-malformed"


def test_a_bomb_is_not_inflated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompression, "_RATIO_FROM", 1024 * 1024)
    pieces = decompressed([gzip.compress(b"\n" * 20_000_000)])
    written: list[int] = []
    with pytest.raises(Rejected) as caught:
        written.extend(len(piece) for piece in pieces)
    assert caught.value.code == "file-too-large"
    assert sum(written) < 7_000_000


def test_the_total_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompression, "MAX_DECOMPRESSED", len(SOUND) * 2)
    with pytest.raises(Rejected) as caught:
        list(decompressed([gzip.compress(SOUND * 3)]))
    assert caught.value.code == "file-too-large"
