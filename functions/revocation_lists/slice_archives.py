"""Slices of a partition, packed for a device."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from vigie.errors import Unavailable
from vigie.revocation.device_list import read_kid_in_path, read_partition
from vigie.revocation.partition import Place
from vigie.revocation.slices import Slice, archive

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.revocation.device_list import Partition
    from vigie.revocation.revocation_bucket import RevocationBucket

_PARALLEL = 16


@dataclass(frozen=True, slots=True)
class SliceArchives:
    """Finds partitions and packs their slices.

    Attributes:
        bucket: keeps documents and slices.
    """

    bucket: RevocationBucket

    def partition(self, kid: str, partition_id: str) -> Partition | None:
        """A partition of a signer; None if there is none.

        Args:
            kid: in base64url.
            partition_id: its digits, or `null`.

        Raises:
            Rejected: `kid-malformed`.
            Unavailable: the bucket did not answer.
        """
        of = read_kid_in_path(kid)
        generation = self.bucket.generation(of)
        if generation is None:
            return None
        content = self.bucket.partition(of, generation, partition_id)
        return None if content is None else read_partition(content)

    def packed(
        self,
        partition: Partition,
        chunk: Callable[[str], bool],
        name: Callable[[str], bool],
    ) -> bytes | None:
        """The slices of a partition that are asked for, packed; None if there are none.

        Args:
            partition: of a signer.
            chunk: whether a chunk is asked for.
            name: whether a slice is, by its name.

        Raises:
            Unavailable: the bucket did not answer, or lacks a slice.
        """
        wanted = [
            (Place(partition.name, each), datetime.fromisoformat(expires), listed.hash)
            for each, ends in partition.chunks.items()
            if chunk(each)
            for expires, listed in ends.items()
            if name(listed.hash)
        ]
        with ThreadPoolExecutor(_PARALLEL) as pool:
            found = list(pool.map(lambda one: Slice(one[0], one[1], self._slice(one[2])), wanted))
        return archive(partition.kid, found) if found else None

    def _slice(self, name: str) -> bytes:
        content = self.bucket.slice(name)
        if content is None:
            # Left out, it would let through what is revoked.
            raise Unavailable("revocation-bucket:slice-missing")
        return content
