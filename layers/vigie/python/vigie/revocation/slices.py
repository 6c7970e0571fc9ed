"""The slices of one signer: what a verifier's device downloads and looks certificates up in.

Source: eu-digital-green-certificates/dgca-revocation-distribution-service, `PartitionGenerator-
Service`, `RevocationListService`. A slice is named by the SHA-256 of its content, so it never
changes; partitions say which slices there are.
"""

import gzip
import hashlib
import io
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from vigie.errors import Rejected
from vigie.revocation.bloom_filter import BloomFilter
from vigie.revocation.expiry import shared_ends
from vigie.revocation.hash_list import HashList
from vigie.revocation.hashes import HashType
from vigie.revocation.partition import Mode, Place, mode_for, place_of

VERSION = "1.0"
_MOST_ARCHIVE_BYTES = 64 * 1024 * 1024


class SliceType(StrEnum):
    """The form of a slice's content."""

    VARHASHLIST = "VARHASHLIST"
    BLOOMFILTER = "BLOOMFILTER"


class Revoked(NamedTuple):
    """A revoked certificate.

    Attributes:
        hash_type: what of it is hashed.
        hash: 16 bytes.
        expires: when it cannot be valid any more.
    """

    hash_type: HashType
    hash: bytes
    expires: datetime


@dataclass(frozen=True, slots=True)
class Slice:
    """The hashes of one chunk that expire at one time.

    Attributes:
        place: partition and chunk.
        expires: of all in it.
        content: a Bloom filter or hash list, as applications read it.
    """

    place: Place
    expires: datetime
    content: bytes

    @property
    def name(self) -> str:
        """Its name: SHA-256 of the content, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class SignerList:
    """All slices of a signer.

    Attributes:
        mode: how they are split.
        hash_types: of the hashes in them.
        slice_type: their form.
        slices: by partition, chunk and expiry.
    """

    mode: Mode
    hash_types: tuple[HashType, ...]
    slice_type: SliceType
    slices: tuple[Slice, ...]


def filter_of(
    hashes: Iterable[bytes], slice_type: SliceType, rate: float, *, known_bits: int = 0
) -> BloomFilter | HashList:
    """A filter of hashes that keeps a false-positive rate."""
    distinct = frozenset(hashes)
    if slice_type is SliceType.BLOOMFILTER:
        return BloomFilter.of(distinct, rate)
    return HashList.of(distinct, rate, known_bits=known_bits)


def read_filter(content: bytes, slice_type: SliceType) -> BloomFilter | HashList:
    """Read a slice's content.

    Raises:
        Rejected: `filter-malformed`.
    """
    reader = BloomFilter if slice_type is SliceType.BLOOMFILTER else HashList
    return reader.read(content)


def signer_list(revoked: Iterable[Revoked], slice_type: SliceType, rate: float) -> SignerList:
    """Split what is revoked of a signer into slices.

    Args:
        revoked: all of the signer; of two times of expiry of a hash the later counts, and those
            of one month, with its end, share their slices (`vigie.revocation.expiry`).
        slice_type: the form of the slices.
        rate: false positives of each slice; a certificate is looked up in one for each of its
            hashes and each time of expiry.
    """
    ends: dict[bytes, datetime] = {}
    types = set()
    for one in revoked:
        types.add(one.hash_type)
        ends[one.hash] = max(one.expires, ends.get(one.hash, one.expires))
    mode = mode_for(len(ends))
    shared = shared_ends(set(ends.values()))
    chunks: dict[tuple[Place, datetime], list[bytes]] = defaultdict(list)
    for hashed, end in ends.items():
        chunks[place_of(hashed, mode), shared[end]].append(hashed)
    slices = tuple(
        Slice(
            place,
            end,
            filter_of(hashes, slice_type, rate, known_bits=mode.known_bits).write(),
        )
        for (place, end), hashes in sorted(chunks.items())
    )
    return SignerList(mode, tuple(sorted(types)), slice_type, slices)


def archive(kid: str, slices: Iterable[Slice]) -> bytes:
    """Slices in a gzipped tar, as the service gives them: `<kid>/<partition>/<chunk>/<name>`.

    The same slices are the same bytes.

    Args:
        kid: in base64.
        slices: of that signer.
    """
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for one in slices:
            header = tarfile.TarInfo(f"{kid}/{one.place.partition}/{one.place.chunk}/{one.name}")
            header.size = len(one.content)
            tar.addfile(header, io.BytesIO(one.content))
    return gzip.compress(written.getvalue(), mtime=0)


def read_archive(content: bytes) -> Mapping[str, bytes]:
    """The contents of an archive's slices, by their names.

    Raises:
        Rejected: `archive-malformed`, over 64 MiB unpacked, or a content is not that of its name.
    """
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            unpacked = stream.read(_MOST_ARCHIVE_BYTES + 1)
        if len(unpacked) > _MOST_ARCHIVE_BYTES:
            raise _malformed()
        return dict(_members(unpacked))
    except (OSError, EOFError, tarfile.TarError, ValueError):
        raise _malformed() from None


def _members(unpacked: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as tar:
        for header in tar:
            stream = tar.extractfile(header)
            content = b"" if stream is None else stream.read()
            name = header.name.rpartition("/")[2]
            if hashlib.sha256(content).hexdigest() != name:
                raise _malformed()
            yield name, content


def _malformed() -> Rejected:
    return Rejected("archive-malformed", "not an archive of slices, each named by its SHA-256")
