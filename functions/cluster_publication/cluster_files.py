"""The files that phones download: an index, and the clusters of each prefix of temporary ids.

`clusterIndex.json` is `{"i": iteration, "c": [prefixes that have a file]}`, and
`<iteration>/<prefix>.json` a list of `{"ltid", "exp": [{"s", "d", "r"}]}`. A phone asks for the
prefixes of places that it was at alone, so that nobody learns more of it than those few digits.

Source: the files that Cléa's server published, which its specification calls otherwise.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cluster_publication.clusters import Cluster


def slices(found: Iterable[Cluster], digits: int) -> dict[str, str]:
    """The content of each file, by its prefix, in the order of prefixes.

    Args:
        found: by their ids.
        digits: of a prefix.
    """
    by_prefix: dict[str, list[object]] = {}
    for cluster in found:
        by_prefix.setdefault(cluster.id[:digits], []).append(_written(cluster))
    return {prefix: _json(by_prefix[prefix]) for prefix in sorted(by_prefix)}


def index(iteration: int, prefixes: Iterable[str]) -> str:
    """The content of the index."""
    return _json({"i": iteration, "c": list(prefixes)})


def digest(files: Mapping[str, str]) -> str:
    """What tells the files of one iteration from those of another."""
    content = "\n".join(f"{prefix}\n{content}" for prefix, content in files.items())
    return hashlib.sha256(content.encode()).hexdigest()


def _written(cluster: Cluster) -> dict[str, object]:
    return {
        "ltid": str(UUID(cluster.id)),
        "exp": [
            {"s": str(period.start), "d": period.duration, "r": period.risk}
            for period in cluster.periods
        ],
    }


def _json(content: object) -> str:
    return json.dumps(content, separators=(",", ":"))
