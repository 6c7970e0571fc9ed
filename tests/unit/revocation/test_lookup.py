"""A device finds what is revoked in the slices that it downloads, and nothing else."""

import gzip
import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.dcc.issuing import issuer_of, negative_test
from vigie.dcc import hcert
from vigie.errors import Rejected
from vigie.revocation.device_list import (
    kid_in_path,
    kid_text,
    listed_signer,
    partitions,
    read_kid_in_path,
    read_lists,
    read_partitions,
    write_lists,
    write_partition,
    write_partitions,
)
from vigie.revocation.expiry import shared_ends
from vigie.revocation.hashes import HashType, of_certificate
from vigie.revocation.lookup import RevocationList, SliceReader, among
from vigie.revocation.partition import Mode, Place, mode_for
from vigie.revocation.slices import (
    Revoked,
    SignerList,
    Slice,
    SliceType,
    archive,
    read_archive,
    signer_list,
)

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SOON, LATER = NOW + timedelta(days=30), NOW + timedelta(days=90)
KID = bytes.fromhex("c8b1cb36f4a5e36f")


def hashes(count: int, of: str = "in") -> list[bytes]:
    return [hashlib.sha256(f"{of}{number}".encode()).digest()[:16] for number in range(count)]


def downloaded(
    kid: bytes | None, revoked: list[Revoked], slice_type: SliceType
) -> tuple[RevocationList, Mode]:
    """The list after it went through the documents and archives that a device gets."""
    made = signer_list(revoked, slice_type, 1e-12)
    signers = read_lists(write_lists([listed_signer(kid, made, NOW)]))
    found = read_partitions(write_partitions(partitions(kid, made, NOW)))
    contents = read_archive(archive(kid_text(kid), made.slices))
    return RevocationList(signers, among(found), SliceReader(contents.get)), made.mode


@pytest.mark.parametrize("slice_type", SliceType)
@pytest.mark.parametrize(
    ("count", "mode"), [(40, Mode.POINT), (41, Mode.VECTOR), (81, Mode.COORDINATE)]
)
def test_what_is_revoked_is_found_and_what_is_not_is_not(
    monkeypatch: pytest.MonkeyPatch, slice_type: SliceType, count: int, mode: Mode
) -> None:
    monkeypatch.setattr("vigie.revocation.partition._POINT_LIMIT", 40)
    monkeypatch.setattr("vigie.revocation.partition._VECTOR_LIMIT", 80)
    members = hashes(count)
    revoked = [
        Revoked(HashType.UCI, each, SOON if number % 2 else LATER)
        for number, each in enumerate(members)
    ]
    found, used = downloaded(KID, revoked, slice_type)
    kid = kid_text(KID)
    assert used is mode
    assert all(found.has(kid, {HashType.UCI: each}, NOW) for each in members[::7])
    assert not any(found.has(kid, {HashType.UCI: each}, NOW) for each in hashes(500, "out"))
    # Its entries are no hashes of signatures, and of no other signer.
    assert not found.has(kid, {HashType.SIGNATURE: members[0]}, NOW)
    assert not found.has(kid_text(bytes(8)), {HashType.UCI: members[0]}, NOW)
    # What has expired is revoked no longer, from the month's end on: its batch may be gone.
    over = datetime(2027, 1, 1, tzinfo=UTC)
    assert [found.has(kid, {HashType.UCI: each}, over) for each in members[:2]] == [True, False]


def test_a_signer_has_no_more_than_sixteen_times_of_expiry_however_many_there_are() -> None:
    ends = [NOW + timedelta(days=day) for day in range(2000)]
    shared = shared_ends(ends)
    assert len(set(shared.values())) == 16
    assert all(end <= shared[end] for end in ends)
    assert shared[NOW] == NOW
    assert shared[ends[1]] == shared[ends[31]] == datetime(2027, 1, 1, tzinfo=UTC)
    assert shared[ends[-1]] == datetime(2032, 6, 1, tzinfo=UTC)
    assert shared_ends([]) == {}


def test_the_largest_documents_of_a_signer_are_what_a_function_may_answer() -> None:
    ends = sorted(
        set(shared_ends(NOW + timedelta(days=31 * month) for month in range(99)).values())
    )
    digits = "0123456789abcdef"
    slices = tuple(
        Slice(Place(f"{x}{y}", z), end, f"{x}{y}{z}{end}".encode())
        for x in digits
        for y in digits
        for z in digits
        for end in ends
    )
    whole = SignerList(Mode.COORDINATE, tuple(HashType), SliceType.VARHASHLIST, slices)
    found = partitions(KID, whole, NOW)
    assert len(slices) == 65_536
    assert len(gzip.compress(write_partitions(found))) < 4_000_000
    assert max(len(write_partition(one)) for one in found) < 40_000


def test_a_signer_is_split_where_the_reference_splits_it() -> None:
    assert [mode_for(count) for count in (1000, 1001, 16_000, 16_001)] == [
        Mode.POINT,
        Mode.VECTOR,
        Mode.VECTOR,
        Mode.COORDINATE,
    ]


@pytest.mark.parametrize("hash_type", HashType)
@pytest.mark.parametrize("named", [True, False])
def test_a_certificate_is_revoked_by_any_of_its_hashes(hash_type: HashType, *, named: bool) -> None:
    issuer = issuer_of()
    contents = hcert.read(issuer.issue(negative_test()))
    other = hcert.read(issuer.issue(negative_test(), issued_at=datetime(2021, 7, 3, tzinfo=UTC)))
    revoked = [Revoked(hash_type, of_certificate(contents)[hash_type], LATER)]
    kid = contents.message.kid if named else None
    found, _ = downloaded(kid, revoked, SliceType.VARHASHLIST)
    assert found.is_revoked(contents, (), NOW)
    # Signed again, it has the same identifier.
    assert found.is_revoked(other, (), NOW) == (hash_type is not HashType.SIGNATURE)


def test_the_same_slices_are_the_same_bytes() -> None:
    revoked = [Revoked(HashType.UCI, each, LATER) for each in hashes(30)]
    archives = {
        archive("kid", signer_list(order, SliceType.BLOOMFILTER, 1e-9).slices)
        for order in (revoked, revoked[::-1])
    }
    assert len(archives) == 1


def test_a_slice_that_is_not_what_its_name_says_is_refused() -> None:
    (one,) = signer_list(
        [Revoked(HashType.UCI, bytes(16), LATER)], SliceType.VARHASHLIST, 1e-9
    ).slices
    packed = archive("kid", [one])
    assert list(read_archive(packed)) == [one.name]
    for broken in (packed[:-9], b"", b"\x1f\x8b" + bytes(30)):
        with pytest.raises(Rejected, match="archive"):
            read_archive(broken)


def test_slices_that_are_held_never_take_more_than_so_much() -> None:
    revoked = [Revoked(HashType.UCI, bytes((digit << 4,)) * 16, LATER) for digit in range(16)]
    made = signer_list(revoked, SliceType.VARHASHLIST, 1e-12)
    contents = {one.name: one.content for one in made.slices}
    asked: list[str] = []

    def content(name: str) -> bytes | None:
        asked.append(name)
        return contents.get(name)

    size = len(made.slices[0].content)
    reader = SliceReader(content, most_bytes=4 * size)
    found = RevocationList(
        [listed_signer(KID, made, NOW)], among(partitions(KID, made, NOW)), reader
    )
    for _ in range(2):
        for one in revoked:
            assert found.has(kid_text(KID), {HashType.UCI: one.hash}, NOW)
            assert found.has(kid_text(KID), {HashType.UCI: one.hash}, NOW)
    assert len(asked) == 32


def test_a_kid_in_a_path_is_read_with_padding_or_without() -> None:
    kid = bytes((0xFB, 0xFF, *range(6)))
    assert kid_in_path(kid) == "-_8AAQIDBAU="
    assert [read_kid_in_path(text) for text in ("-_8AAQIDBAU=", "-_8AAQIDBAU")] == [kid, kid]
    assert read_kid_in_path(kid_in_path(None)) is None
    for text in ("", "AA", "-_8AAQIDBAUG", "é"):
        with pytest.raises(Rejected):
            read_kid_in_path(text)
