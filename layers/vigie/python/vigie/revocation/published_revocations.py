"""Whether a certificate is revoked, by what is published, for whoever verifies near the bucket."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from vigie.errors import Unavailable
from vigie.revocation.device_list import kid_text, read_listed, read_partitions
from vigie.revocation.hashes import of_certificate
from vigie.revocation.lookup import RevocationList, SliceReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vigie.dcc.hcert import Contents
    from vigie.revocation.revocation_bucket import Document, RevocationBucket

_LIFETIME_SECONDS = 300
# Of JSON, which takes some five times as much in memory.
_MOST_BYTES = 16 * 1024 * 1024


class _Held(NamedTuple):
    """A signer's list until when it is believed, and the document that it was read from."""

    until: float
    tag: str
    size: int
    found: RevocationList


class PublishedRevocations:
    """Looks certificates up in the bucket.

    A signer's partitions are read at most every 5 minutes, and a slice, which never changes, once;
    of both, so much is held. A slice stays for a day after the last document that named it.

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
        self._published = False

    def judge(self) -> Callable[[Contents, datetime], bool] | None:
        """What tells whether a certificate is revoked; None before a list is first published.

        Raises:
            Unavailable: the bucket did not answer.
        """
        self._published = self._published or self._bucket.lists() is not None
        return self.is_revoked if self._published else None

    def is_revoked(self, contents: Contents, at: datetime) -> bool:
        """Whether a certificate is revoked at a time.

        Args:
            contents: what stands in its text.
            at: aware; what has expired by then does not count.

        Raises:
            Rejected: what is published is malformed.
            Unavailable: the bucket did not answer, or lacks a slice.
        """
        hashes = of_certificate(contents)
        kids = {contents.message.kid, None}
        return any(self._list(kid).has(kid_text(kid), hashes, at) for kid in kids)

    def _list(self, kid: bytes | None) -> RevocationList:
        now = self._clock()
        held = self._held.pop(kid, None)
        if held is None or now >= held.until:
            held = self._read(kid, now + _LIFETIME_SECONDS, held)
        if held.size + sum(other.size for other in self._held.values()) > _MOST_BYTES:
            self._held.clear()
        self._held[kid] = held
        return held.found

    def _read(self, kid: bytes | None, until: float, held: _Held | None) -> _Held:
        document = self._bucket.partitions(kid)
        if document is None:
            return _Held(until, "", 0, RevocationList((), (), self._slices))
        if held is not None and held.tag == document.tag:
            return held._replace(until=until)
        return _Held(until, document.tag, len(document.content), self._parsed(document))

    def _parsed(self, document: Document) -> RevocationList:
        # Not `/lists`: how a signer's hashes are split is to be what its partitions say.
        signer = read_listed(document.listed)
        return RevocationList((signer,), read_partitions(document.content), self._slices)

    def _slice(self, name: str) -> bytes:
        content = self._bucket.slice(name)
        if content is None:
            # Taken for empty, it would let through what is revoked.
            raise Unavailable("revocation-bucket:slice-missing")
        return content
