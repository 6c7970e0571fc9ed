"""Publishing clusters: what changed gets files of its own, and then the index names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from cluster_publication import cluster_files
from cluster_publication.clusters import clusters
from cluster_publication.log_codes import LogCode
from vigie.venues.slot import oldest_day
from vigie.venues.venue_rules import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cluster_publication.cluster_bucket import ClusterBucket
    from cluster_publication.exposure_reader import ExposureReader
    from vigie.venues.venue_rules import VenueRules

# A phone that read the index just before may still ask for what it names.
_STILL_ASKED_FOR = timedelta(hours=1)


class Tell(Protocol):
    """Told the code of each thing that happens, and how many there were of it."""

    def __call__(self, code: LogCode, count: int = 1) -> None:
        """Log and count it."""


@dataclass(frozen=True, slots=True)
class ClusterPublication:
    """Makes the files of clusters.

    Attributes:
        exposures: the counters of venues.
        bucket: where the files are.
        rules: every release.
        prefix_digits: of the names of files.
        tell: told of each end.
    """

    exposures: ExposureReader
    bucket: ClusterBucket
    rules: tuple[VenueRules, ...]
    prefix_digits: int
    tell: Tell

    def run(self, now: datetime) -> None:
        """Forget what is older than 14 days, and publish the clusters of the rest.

        The index is read before the counters and replaced only if it is still the same one: of
        two runs at once one is heard, and neither mixes its files into the other's.

        Raises:
            Rejected: something was written by a newer version of the system, or no rules are in
                force.
            Unavailable: AWS did not answer; the next run begins anew.
        """
        present = self.bucket.index()
        oldest = oldest_day(now)
        deleted = self.exposures.delete_before(oldest)
        if deleted:
            self.tell(LogCode.EXPOSURES_DELETED, deleted)
        found = clusters(self.exposures.since(oldest), in_force(self.rules, now.date()))
        files = cluster_files.slices(found, self.prefix_digits)
        digest = cluster_files.digest(files)
        if present is not None and present.digest == digest:
            self.tell(LogCode.CLUSTERS_UNCHANGED)
            if present.put_at < now - _STILL_ASKED_FOR:
                self._retire((present.iteration,), now)
            return
        iteration = self.exposures.next_iteration()
        for prefix, content in files.items():
            self.bucket.keep(iteration, prefix, content)
        content = cluster_files.index(iteration, files)
        if not self.bucket.replace_index(content, digest, present):
            self.tell(LogCode.PUBLISHED_BY_ANOTHER)
            return
        self.tell(LogCode.CLUSTERS_PUBLISHED, len(found))
        # However old the files are that the index named until just now, they are asked for.
        self._retire((iteration,) if present is None else (iteration, present.iteration), now)

    def _retire(self, kept: Iterable[int], now: datetime) -> None:
        deleted = self.bucket.delete_others(kept, now - _STILL_ASKED_FOR)
        if deleted:
            self.tell(LogCode.ITERATIONS_DELETED, deleted)
