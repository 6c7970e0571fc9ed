"""Whether a certificate is revoked, by the slices that a device has."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from vigie.dcc.hcert import Contents
from vigie.revocation.bloom_filter import BloomFilter
from vigie.revocation.device_list import ListedSigner, ListedSlice, Partition, kid_text
from vigie.revocation.hash_list import HashList
from vigie.revocation.hashes import HashType, of_certificate
from vigie.revocation.partition import Mode, Place, place_of
from vigie.revocation.slices import read_filter

_MOST_HELD_BYTES = 64 * 1024 * 1024


class SliceReader:
    """Reads slices when they are first asked for, and holds so many of them.

    Args:
        content: of a slice, by its name; None if it is missing.
        most_bytes: with more than that, all are let go.
    """

    def __init__(
        self, content: Callable[[str], bytes | None], most_bytes: int = _MOST_HELD_BYTES
    ) -> None:
        self._content = content
        self._most_bytes = most_bytes
        self._held: dict[str, BloomFilter | HashList] = {}
        self._bytes = 0

    def read(self, listed: ListedSlice) -> BloomFilter | HashList | None:
        """A slice; None if it is missing.

        Raises:
            Rejected: `filter-malformed`.
        """
        held = self._held.get(listed.hash)
        if held is not None:
            return held
        content = self._content(listed.hash)
        if content is None:
            return None
        found = read_filter(content, listed.type)
        if self._bytes + len(content) > self._most_bytes:
            self._held.clear()
            self._bytes = 0
        self._held[listed.hash] = found
        self._bytes += len(content)
        return found


def among(partitions: Iterable[Partition]) -> Callable[[str, str], Partition | None]:
    """What finds a partition among all of them, by its signer's kid and its own name."""
    found = {(partition.kid, partition.name): partition for partition in partitions}
    return lambda kid, name: found.get((kid, name))


class RevocationList:
    """Looks certificates up, under every kid of their signer and under none.

    Args:
        signers: of `/lists`.
        partition: of a signer, by its kid and its own name; None if there is none.
        slices: reads them; one that is missing counts as empty.
    """

    def __init__(
        self,
        signers: Iterable[ListedSigner],
        partition: Callable[[str, str], Partition | None],
        slices: SliceReader,
    ) -> None:
        self._signers = {signer.kid: signer for signer in signers}
        self._partition = partition
        self._slices = slices

    def is_revoked(self, contents: Contents, kids: Collection[bytes], at: datetime) -> bool:
        """Whether a certificate is on the list at a time.

        Args:
            contents: what stands in its text.
            kids: every one that the key has which signed it.
            at: aware.

        Raises:
            Rejected: `filter-malformed`, a slice cannot be read.
        """
        hashes = of_certificate(contents)
        return any(
            self.has(kid_text(kid), hashes, at) for kid in {*kids, contents.message.kid, None}
        )

    def has(self, kid: str, hashes: Mapping[HashType, bytes], at: datetime) -> bool:
        """Whether any of a certificate's hashes is on the list of a signer at a time.

        Args:
            kid: in base64, or `UNKNOWN_KID`.
            hashes: of the certificate, 16 bytes each.
            at: aware; what has expired by then does not count.

        Raises:
            Rejected: `filter-malformed`, a slice cannot be read.
        """
        signer = self._signers.get(kid)
        if signer is None:
            return False
        asked = [hashes[each] for each in signer.hash_types if each in hashes]
        return any(self._has(kid, signer.mode, hashed, at) for hashed in asked)

    def _has(self, kid: str, mode: Mode, hashed: bytes, at: datetime) -> bool:
        place = place_of(hashed, mode)
        return any(hashed in found for found in self._filters_of(kid, place, at))

    def _filters_of(self, kid: str, place: Place, at: datetime) -> Iterable[BloomFilter | HashList]:
        partition = self._partition(kid, place.partition)
        if partition is None:
            return
        for expires, listed in partition.chunks.get(place.chunk, {}).items():
            if datetime.fromisoformat(expires) <= at:
                continue
            found = self._slices.read(listed)
            if found is not None:
                yield found
