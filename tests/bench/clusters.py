"""`python -m tests.bench.clusters`: what a phone downloads of clusters, by digits of the prefix.

A phone that was at some places in 14 days asks for the index each day, and for the files of the
prefixes of its places that the index names. A file without its own place is downloaded in vain:
their share of all files, among phones that were at no cluster, is 1 by definition, so that what is
shown is the chance that such a phone downloads anything, and how many files. Two places never have
one temporary id, of 128 bits: no phone is warned of another's place.

Clusters are drawn at random, and sizes are those of the files that the function makes, as they
are and deflated as CloudFront sends them.
"""

from __future__ import annotations

import random
import zlib
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from cluster_publication.cluster_files import index, slices
from cluster_publication.clusters import Cluster, ClusterPeriod

_SEED = 20261124
_CLUSTERS = (0, 100, 10_000)
_DIGITS = (1, 2, 3)
# Places of a person in 14 days, and of a country.
_VISITED = 30
_PLACES = 1_000_000
_PHONES = 400
# Hours that clusters last, of a fortnight.
_START, _SLOTS = 4_004_000_000, 1800


class Download(NamedTuple):
    """What a phone without a cluster downloads in a day of one iteration.

    Attributes:
        digits: of the prefix.
        clusters: that there are.
        asking: share of the phones that download a file, all of them in vain.
        files: of a phone, on average.
        plain: bytes of a phone, index and all.
        deflated: the same as it travels.
        hidden_among: places of the country that have the prefix of one.
    """

    digits: int
    clusters: int
    asking: float
    files: float
    plain: float
    deflated: float
    hidden_among: float


def main() -> None:
    """Print the table."""
    table = Table(
        "clusters",
        "digits",
        "phones that ask in vain",
        "files",
        "bytes",
        "deflated",
        "places alike",
    )
    for clusters in _CLUSTERS:
        for digits in _DIGITS:
            one = download(clusters, digits)
            table.add_row(
                f"{clusters:,}",
                str(digits),
                f"{one.asking:.1%}",
                f"{one.files:.1f}",
                f"{one.plain:,.0f}",
                f"{one.deflated:,.0f}",
                f"{one.hidden_among:,.0f}",
            )
        table.add_section()
    Console(width=120).print(table)


def download(clusters: int, digits: int) -> Download:
    """Draw clusters, and phones that were at none of them."""
    drawn = random.Random(_SEED)  # noqa: S311 - a model
    files = slices(sorted(_cluster(drawn) for _ in range(clusters)), digits)
    head = index(1, files)
    sizes = {prefix: (len(text), _deflated(text)) for prefix, text in files.items()}
    asking = asked = plain = deflated = 0
    for _ in range(_PHONES):
        prefixes = {f"{drawn.getrandbits(128):032x}"[:digits] for _ in range(_VISITED)}
        found = prefixes & sizes.keys()
        asking += bool(found)
        asked += len(found)
        plain += len(head) + sum(sizes[one][0] for one in found)
        deflated += _deflated(head) + sum(sizes[one][1] for one in found)
    return Download(
        digits=digits,
        clusters=clusters,
        asking=asking / _PHONES,
        files=asked / _PHONES,
        plain=plain / _PHONES,
        deflated=deflated / _PHONES,
        hidden_among=_PLACES / 16**digits,
    )


def _cluster(drawn: random.Random) -> Cluster:
    periods = sorted(
        ClusterPeriod(
            _START + _SLOTS * drawn.randrange(14 * 48),
            drawn.choice((2.0, 3.0)),
            _SLOTS * drawn.randint(5, 12),
        )
        for _ in range(drawn.randint(1, 3))
    )
    return Cluster(f"{drawn.getrandbits(128):032x}", tuple(periods))


def _deflated(text: str) -> int:
    return len(zlib.compress(text.encode(), wbits=31))


if __name__ == "__main__":
    main()
