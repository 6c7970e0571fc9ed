"""Whether a certificate is revoked, by the slices that a device has."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from vigie.dcc.hcert import Contents
from vigie.revocation.bloom_filter import BloomFilter
from vigie.revocation.device_list import ListedSigner, Partition, kid_text
from vigie.revocation.hash_list import HashList
from vigie.revocation.hashes import HashType, of_certificate
from vigie.revocation.partition import WHOLE, Mode, Place, place_of
from vigie.revocation.slices import read_filter


class RevocationList:
    """Looks certificates up, first under their signer and then under none.

    Slices are read when they are first asked for.

    Args:
        signers: of `/lists`.
        partitions: of all signers.
        contents: of slices, by name; one that is missing counts as empty.
    """

    def __init__(
        self,
        signers: Iterable[ListedSigner],
        partitions: Iterable[Partition],
        contents: Mapping[str, bytes],
    ) -> None:
        self._signers = {signer.kid: signer for signer in signers}
        self._partitions = {(found.kid, found.id or WHOLE): found for found in partitions}
        self._contents = contents
        self._filters: dict[str, BloomFilter | HashList] = {}

    def is_revoked(self, contents: Contents, at: datetime) -> bool:
        """Whether a certificate is on the list at a time.

        Args:
            contents: what stands in its text.
            at: aware.

        Raises:
            Rejected: `filter-malformed`, a slice cannot be read.
        """
        hashes = of_certificate(contents)
        return any(
            self.has(kid, hashes, at) for kid in {kid_text(contents.message.kid), kid_text(None)}
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
        partition = self._partitions.get((kid, place.partition))
        if partition is None:
            return
        for expires, listed in partition.chunks.get(place.chunk, {}).items():
            content = self._contents.get(listed.hash)
            if content is None or datetime.fromisoformat(expires) <= at:
                continue
            if listed.hash not in self._filters:
                self._filters[listed.hash] = read_filter(content, listed.type)
            yield self._filters[listed.hash]
