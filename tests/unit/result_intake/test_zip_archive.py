"""Zip archives are read within bounds, and nothing that they say of themselves is believed."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from result_intake import zip_archive
from result_intake.archive import Archive
from result_intake.decompression import MAX_RATIO, RATIO_FROM
from result_intake.zip_archive import SpanReader, content_of, entries_of, is_zip
from vigie.errors import Rejected
from vigie.inbox import ByteSpan

TEXT = b"some lines of a laboratory\r\n" * 40


def packed(*contents: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for number, content in enumerate(contents, start=1):
            archive.writestr(f"{number}.txt", content)
    return held.getvalue()


def streamed(*contents: bytes) -> bytes:
    """Written without going back: sizes and checksums stand behind each entry."""

    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.held = b""

        def writable(self) -> bool:
            return True

        def write(self, content: object) -> int:
            self.held += bytes(content)  # type: ignore[call-overload]
            return len(content)  # type: ignore[arg-type]

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents, start=1):
            archive.writestr(f"{number}.txt", content)
    return stream.held


def reader(content: bytes, piece: int = 1000) -> SpanReader:
    def read(span: ByteSpan) -> Iterator[bytes]:
        for at in range(span.first, span.end, piece):
            yield content[at : min(at + piece, span.end)]

    return read


def unpacked(content: bytes, piece: int = 1000) -> list[bytes]:
    read = reader(content, piece)
    return [b"".join(content_of(each, read)) for each in entries_of(read, len(content))]


def refusal(content: bytes) -> str:
    with pytest.raises(Rejected) as caught:
        unpacked(content)
    return caught.value.code


def patched(content: bytes, signature: bytes, at: int, form: str, value: int) -> bytes:
    """A value of the first header of a kind, replaced."""
    changed = bytearray(content)
    struct.pack_into(f"<{form}", changed, content.index(signature) + at, value)
    return bytes(changed)


@pytest.mark.parametrize("piece", [1, 7, 10_000])
@pytest.mark.parametrize("pack", [packed, streamed])
def test_every_entry_is_unpacked(pack: Callable[..., bytes], piece: int) -> None:
    contents = [TEXT, b"x", bytes(range(256)) * 10]
    assert unpacked(pack(*contents), piece) == contents


def test_stored_entries_and_those_without_content() -> None:
    content = packed(TEXT, b"", b"y", method=zipfile.ZIP_STORED)
    assert unpacked(content) == [TEXT, b"y"]
    assert [each.ordinal for each in entries_of(reader(content), len(content))] == [1, 3]


@given(st.lists(st.binary(max_size=3000), max_size=4), st.sampled_from([1, 500]))
def test_what_python_packs_is_unpacked(contents: list[bytes], piece: int) -> None:
    assert unpacked(packed(*contents), piece) == [each for each in contents if each]


def test_an_archive_is_known_by_its_beginning() -> None:
    assert is_zip(packed(TEXT))
    assert is_zip(packed())
    assert not is_zip(b"MSH|^~\\&|")


def test_an_archive_without_content_is_empty() -> None:
    for content in (packed(), packed(b"", b"")):
        with pytest.raises(Rejected) as caught:
            Archive(reader(content), len(content))
        assert caught.value.code == "file-empty"


@pytest.mark.parametrize(
    ("signature", "at"), [(b"PK\x01\x02", 8), (b"PK\x03\x04", 6)], ids=["directory", "entry"]
)
def test_an_encrypted_archive_is_told(signature: bytes, at: int) -> None:
    assert refusal(patched(packed(TEXT), signature, at, "H", 1)) == "zip-encrypted"


@pytest.mark.parametrize("cut", [1, 10, 40, 100])
def test_an_archive_that_is_cut_short_is_damaged(cut: int) -> None:
    assert refusal(packed(TEXT, TEXT)[:-cut]) == "zip-malformed"


@pytest.mark.parametrize("size", [0x10, len(TEXT) - 1, len(TEXT) + 1, 0xFFFFFF])
def test_a_size_that_lies_is_found_out(size: int) -> None:
    content = patched(packed(TEXT), b"PK\x01\x02", 24, "L", size)
    assert refusal(content) in {"zip-malformed", "file-too-large"}


def test_no_more_is_unpacked_than_an_entry_says() -> None:
    content = patched(packed(b"\0" * 10_000_000), b"PK\x01\x02", 24, "L", 1000)
    read = reader(content)
    (entry,) = entries_of(read, len(content))
    pieces = content_of(entry, read)
    with pytest.raises(Rejected) as caught:
        next(pieces)
    assert caught.value.code == "zip-malformed"


def test_a_packed_size_that_lies_is_found_out() -> None:
    content = packed(TEXT)
    size = struct.unpack_from("<L", content, content.index(b"PK\x01\x02") + 20)[0]
    for lie in (size - 1, size + 1, size + 10_000):
        assert refusal(patched(content, b"PK\x01\x02", 20, "L", lie)) == "zip-malformed"


def test_a_wrong_checksum_is_found_out() -> None:
    assert refusal(patched(packed(TEXT), b"PK\x01\x02", 16, "L", 7)) == "zip-malformed"


def test_entries_cannot_overlap() -> None:
    content = packed(TEXT, TEXT)
    second = content.rindex(b"PK\x01\x02")
    overlapping = bytearray(content)
    struct.pack_into("<L", overlapping, second + 42, 0)
    assert refusal(bytes(overlapping)) == "zip-malformed"
    # One that begins inside another leaves that one too little room.
    struct.pack_into("<L", overlapping, second + 42, 31)
    assert refusal(bytes(overlapping)) == "zip-malformed"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    content = packed(b"\0" * (RATIO_FROM + 1))
    assert len(content) * MAX_RATIO < RATIO_FROM
    with pytest.raises(Rejected) as caught:
        entries_of(reader(content), len(content))
    assert caught.value.code == "file-too-large"


def test_the_total_and_the_entries_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "MAX_DECOMPRESSED", len(TEXT) * 2)
    assert unpacked(packed(TEXT, TEXT)) == [TEXT, TEXT]
    assert refusal(packed(TEXT, TEXT, b"x")) == "file-too-large"
    monkeypatch.setattr(zip_archive, "MAX_ENTRIES", 3)
    assert refusal(packed(*[b"x"] * 4)) == "file-too-large"


def test_other_methods_and_zip64_are_told() -> None:
    assert refusal(packed(TEXT, method=zipfile.ZIP_LZMA)) == "zip-unsupported"
    assert refusal(patched(packed(TEXT), b"PK\x05\x06", 10, "H", 0xFFFF)) == "zip-unsupported"
    assert refusal(patched(packed(TEXT), b"PK\x05\x06", 4, "H", 1)) == "zip-unsupported"


@given(st.data())
def test_damage_anywhere_is_refused_by_name_or_harmless(data: st.DataObject) -> None:
    content = bytearray(packed(TEXT, b"another", TEXT))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Rejected):
        assert set(unpacked(bytes(content))) <= {TEXT, b"another"}


def test_a_size_or_place_of_65535_is_not_told_in_zip64() -> None:
    """Only in fields of two bytes does that number stand for another."""
    held = bytes(range(256)) * 256
    sized = packed(held[:0xFFFF], TEXT, method=zipfile.ZIP_STORED)
    assert unpacked(sized) == [held[:0xFFFF], TEXT]
    before = 30 + len("1.txt")
    placed = packed(held[: 0xFFFF - before], TEXT, method=zipfile.ZIP_STORED)
    assert zipfile.ZipFile(io.BytesIO(placed)).infolist()[1].header_offset == 0xFFFF
    assert unpacked(placed) == [held[: 0xFFFF - before], TEXT]
