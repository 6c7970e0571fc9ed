"""How many certificates a mass reissue is about: counted, or estimated from a sample."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from statistics import fmean, stdev
from typing import TYPE_CHECKING, NamedTuple

from vigie.certificates.certificate_scan import PAGE
from vigie.certificates.reissue_job import Position

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from random import Random

    from vigie.certificates.certificate_scan import CertificateScan
    from vigie.certificates.reissue_job import Criteria

SAMPLED = 64
# Amazon DynamoDB divides a table no finer.
_MOST_PARTS = 1_000_000
# 95 % of a normal distribution are so many standard errors around the mean.
_Z = 1.96


class Group(NamedTuple):
    """Certificates that are counted together.

    Attributes:
        kind: such as `test`.
        kid: of the signer, hexadecimal; empty where the item does not say.
    """

    kind: str
    kid: str


class Number(NamedTuple):
    """A number, and by how much it may be wrong either way (95 %); 0 where it was counted."""

    value: int
    error: int


class Counted(NamedTuple):
    """What was found.

    Attributes:
        groups: the number of each.
        total: of all.
        parts: in which the table was divided.
        parts_read: of them.
        read: items.
    """

    groups: Mapping[Group, Number]
    total: Number
    parts: int
    parts_read: int
    read: int

    @property
    def sampled(self) -> bool:
        """Whether not all of the table was read."""
        return self.parts_read < self.parts


def count(
    scan: CertificateScan, criteria: Criteria, now: datetime, *, exact: bool, random: Random
) -> Counted:
    """Count certificates that match, in the whole table or in parts of it chosen by chance.

    A part is a range of hashes of the keys, so that one is as good as another.

    Args:
        scan: of the certificates table.
        criteria: which certificates.
        now: aware.
        exact: read the whole table, however large.
        random: chooses.

    Raises:
        Unavailable: the table did not answer.
    """
    parts = min(_MOST_PARTS, max(1, scan.about_items() // PAGE))
    if exact or parts <= SAMPLED:
        found, read = _read(scan, criteria, [0], 1, now)
        return _summed(found, 1, read)
    chosen = random.sample(range(parts), SAMPLED)
    found, read = _read(scan, criteria, chosen, parts, now)
    return _summed(found, parts, read)


def _read(
    scan: CertificateScan, criteria: Criteria, chosen: Sequence[int], parts: int, now: datetime
) -> tuple[list[Counter[Group]], int]:
    found, read = [], 0
    for part in chosen:
        numbers: Counter[Group] = Counter()
        position = Position(segment=part)
        while not position.ended:
            page = scan.page(criteria, position, parts, now)
            numbers.update(Group(one.certificate.partition("#")[0], one.kid) for one in page.found)
            read += page.read
            position = Position(segment=part, after=page.after, ended=page.after is None)
        found.append(numbers)
    return found, read


def _summed(found: Sequence[Counter[Group]], parts: int, read: int) -> Counted:
    groups = sorted({group for numbers in found for group in numbers})
    return Counted(
        groups={group: _number([one[group] for one in found], parts) for group in groups},
        total=_number([one.total() for one in found], parts),
        parts=parts,
        parts_read=len(found),
        read=read,
    )


def _number(sample: Sequence[int], parts: int) -> Number:
    read = len(sample)
    if read == parts:
        return Number(sum(sample), 0)
    error = _Z * stdev(sample) / sqrt(read) * sqrt(1 - read / parts)
    return Number(round(parts * fmean(sample)), round(parts * error))
