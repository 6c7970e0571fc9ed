"""Whether a certificate is revoked, by what is published, for whoever verifies near the bucket."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from vigie.errors import Rejected, Unavailable
from vigie.revocation.device_list import kid_text, read_listed, read_partition
from vigie.revocation.hashes import of_certificate
from vigie.revocation.lookup import RevocationList, SliceReader, among

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from vigie.dcc.hcert import Contents
    from vigie.revocation.device_list import Partition
    from vigie.revocation.revocation_bucket import Generation, RevocationBucket

_LIFETIME_SECONDS = 300
# Of a signer 16 chunks of 16 slices, some 2 kB for each chunk in JSON, and more in memory.
_MOST_PARTITIONS = 512


class _Held(NamedTuple):
    """A signer's list, and until when it is believed."""

    until: float
    found: RevocationList


class PublishedRevocations:
    """Looks certificates up in the bucket.

    What leads to a signer's partitions is read at most every 5 minutes; a partition of it, and a
    slice, which never change, once; of both, so much is held. They stay for a day after the last
    document that named them.

    Args:
        bucket: what is published.
        clock: seconds that never go back.
    """

    def __init__(
        self, bucket: RevocationBucket, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._bucket = bucket
        self._clock = clock
        self._slices = SliceReader(self._slice)
        self._held: dict[bytes | None, _Held] = {}
        self._partitions: dict[tuple[str, str, str], Partition | None] = {}
        self._published = False

    def is_revoked(self, contents: Contents, kids: Collection[bytes], at: datetime) -> bool:
        """Whether a certificate is revoked at a time.

        Args:
            contents: what stands in its text.
            kids: every one that the key has which signed it.
            at: aware; what has expired by then does not count.

        Raises:
            Rejected: `revocations-unpublished`, there is no list yet; or it is malformed.
            Unavailable: the bucket did not answer, or lacks a slice.
        """
        self._published = self._published or self._bucket.lists() is not None
        if not self._published:
            # Whoever has a list of what is revoked is to see it before anyone is let through.
            raise Rejected("revocations-unpublished", "what is revoked was never published")
        hashes = of_certificate(contents)
        return any(
            self._list(kid).has(kid_text(kid), hashes, at)
            for kid in {*kids, contents.message.kid, None}
        )

    def _list(self, kid: bytes | None) -> RevocationList:
        now = self._clock()
        held = self._held.get(kid)
        if held is None or now >= held.until:
            held = self._held[kid] = self._read(kid, now + _LIFETIME_SECONDS)
        return held.found

    def _read(self, kid: bytes | None, until: float) -> _Held:
        generation = self._bucket.generation(kid)
        if generation is None:
            return _Held(until, RevocationList((), among(()), self._slices))
        # Not `/lists`: how a signer's hashes are split is to be what its partitions say.
        signer = read_listed(generation.listed)
        partition = partial(self._partition, kid, generation)
        return _Held(until, RevocationList((signer,), partition, self._slices))

    def _partition(
        self, kid: bytes | None, generation: Generation, text: str, name: str
    ) -> Partition | None:
        key = (text, generation.made_of, name)
        if key not in self._partitions:
            content = self._bucket.partition(kid, generation, name)
            if len(self._partitions) >= _MOST_PARTITIONS:
                self._partitions.clear()
            self._partitions[key] = None if content is None else read_partition(content)
        return self._partitions[key]

    def _slice(self, name: str) -> bytes:
        content = self._bucket.slice(name)
        if content is None:
            # Taken for empty, it would let through what is revoked.
            raise Unavailable("revocation-bucket:slice-missing")
        return content
