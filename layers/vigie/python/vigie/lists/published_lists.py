"""The current versions of the lists, as a running function holds them."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from vigie.errors import Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.lists.list_bucket import ListBucket
    from vigie.lists.publication import Publication

_LOGGER = logging.getLogger(__name__)
_LIFETIME_SECONDS = 60
# While the bucket does not answer: how soon it is asked again, and how long what is held is given.
_RETRY_SECONDS = 5
_MOST_AGE_SECONDS = 3600

T = TypeVar("T")


@dataclass(slots=True)
class _Held:
    """A pointer, since and until when it is believed, and what was read of its version."""

    since: float
    until: float
    publication: Publication
    parsed: dict[str, object] = field(default_factory=dict)


class PublishedLists:
    """Reads the pointer of a list at most once a minute, and each file of a version once.

    While the bucket does not answer, what is held is given for an hour, and the log says so.

    Args:
        bucket: where they are.
        clock: seconds that never go back.
    """

    def __init__(self, bucket: ListBucket, clock: Callable[[], float] = time.monotonic) -> None:
        self._bucket = bucket
        self._clock = clock
        self._held: dict[str, _Held] = {}

    def current(self, name: str) -> Publication:
        """The current version of a list.

        Raises:
            Rejected: `list-unpublished`, there is none.
            Unavailable: the bucket did not answer.
        """
        return self._hold(name).publication

    def file(self, name: str, file: str, parse: Callable[[bytes], T]) -> T:
        """A file of the current version; else as `versioned`.

        Raises:
            Rejected: as `versioned`.
            Unavailable: as `versioned`.
        """
        return self.versioned(name, file, parse)[1]

    def versioned(self, name: str, file: str, parse: Callable[[bytes], T]) -> tuple[Publication, T]:
        """The current version and a file of it, read and parsed once for each version.

        Between two calls another version may become the current one.

        Args:
            name: of the list.
            file: its name.
            parse: what makes of it what is kept in memory; the same for every call of a file.

        Raises:
            Rejected: `list-unpublished`.
            Unavailable: the bucket did not answer, or has no such file.
        """
        held = self._hold(name)
        if file not in held.parsed:
            held.parsed[file] = parse(self._bucket.read(name, held.publication.version, file))
        # Parsed by the same function.
        return held.publication, held.parsed[file]  # type: ignore[return-value]

    def _hold(self, name: str) -> _Held:
        now = self._clock()
        held = self._held.get(name)
        if held is not None and now < held.until:
            return held
        try:
            publication = self._bucket.current(name)
        except Unavailable:
            if held is None or now >= held.since + _MOST_AGE_SECONDS:
                raise
            _LOGGER.warning("list-held")
            held.until = now + _RETRY_SECONDS
            return held
        if publication is None:
            raise Rejected("list-unpublished", "the list was never published")
        if held is None or held.publication.version != publication.version:
            held = self._held[name] = _Held(now, now, publication)
        held.since, held.until = now, now + _LIFETIME_SECONDS
        return held
