"""`python -m tests.bench.revocation`: slices of revoked certificates beside the entropy bound.

A set of n hashes that takes what is not in it for a member at a rate p needs log2(1/p) bits for
each at least, however it is written. Hashes of one signer expire in as many months as are asked
for. Times are the processor's; memory is the process's peak. The rate of false positives is
counted on a set of the same code whose rate is one that can be counted.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import math
import random
import resource
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from tests.bench.ratio import at_most, measure
from vigie.revocation.bloom_filter import BloomFilter
from vigie.revocation.device_list import listed_signer, partitions
from vigie.revocation.hashes import HASH_BYTES, HashType
from vigie.revocation.lookup import RevocationList, SliceReader, among
from vigie.revocation.partition import place_of
from vigie.revocation.slices import Revoked, SliceType, archive, signer_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.ratio import Ratio
    from vigie.revocation.slices import SignerList, Slice

_SEED = 20261124
_KID = bytes(8)
_KID_TEXT = base64.b64encode(_KID).decode()
_NOW = datetime(2026, 12, 1, tzinfo=UTC)
_RATE = 1e-12
_LOOKUPS = 50_000
# A false positive of a thousand is counted some 200 times, to within a tenth.
_COUNTED_RATE = 1e-3
# As many as are split into 256 slices only: in a small one the rounding lowers the rate.
_COUNTED_HASHES = 16_000
_COUNTED_LOOKUPS = 200_000
_FEW = 50_000
_KIB = 1024
_MB = 1e6


def main() -> None:
    """Build, look up, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hashes", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=1)
    parser.add_argument("--type", type=SliceType, default=SliceType.VARHASHLIST)
    asked = parser.parse_args()
    _show(asked.type, asked.hashes, asked.months)


def show() -> None:
    """Print the figures of few hashes, in both forms."""
    for slice_type in SliceType:
        _show(slice_type, _FEW, 1)


def ratios() -> Iterator[Ratio]:
    """Building a filter and looking up in it, against the hashing alone that its bits take."""
    whole = _random(_FEW)
    hashes = [_at(whole, number) for number in range(_FEW // 25)]
    made = BloomFilter.of(hashes, _RATE)
    seeded = [each + bytes((seed,)) for each in hashes for seed in range(made.functions)]

    def hash_alone() -> None:
        for each in seeded:
            hashlib.sha256(each).digest()

    reference = "SHA-256 alone, as often for each"
    for name, call in (
        ("Bloom filter of 2,000 hashes built", lambda: BloomFilter.of(hashes, _RATE)),
        ("2,000 members looked up in it", lambda: [each in made for each in hashes]),
    ):
        yield measure(name, call, reference, hash_alone, at_most(3), items=len(hashes))


def _show(slice_type: SliceType, hashes: int, months: int) -> None:
    whole = _random(hashes)
    began = time.process_time()
    signer = signer_list(_revoked(whole, months), slice_type, _RATE)
    built = time.process_time() - began
    table = Table("measured", "figure", title=f"{hashes:,} hashes, {slice_type}, p = {_RATE}")
    for name, figure in _figures(signer, hashes, whole):
        table.add_row(name, figure)
    table.add_row("build", f"{built:,.1f} s, {hashes / built:,.0f} hashes/s")
    table.add_row("false positives", _false_positives(slice_type))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
    table.add_row("peak of memory", f"{peak / _MB:,.0f} MB")
    Console(width=100).print(table)


def _random(hashes: int) -> bytes:
    return random.Random(_SEED).randbytes(hashes * HASH_BYTES)  # noqa: S311 - the same again


def _false_positives(slice_type: SliceType) -> str:
    """How many are found that are not in a set whose rate can be counted."""
    signer = signer_list(_revoked(_random(_COUNTED_HASHES), 1), slice_type, _COUNTED_RATE)
    found = _lookup_in(signer)
    others = random.Random(_SEED + 2)  # noqa: S311 - the same again
    count = sum(
        found.has(_KID_TEXT, {HashType.SIGNATURE: others.randbytes(HASH_BYTES)}, _NOW)
        for _ in range(_COUNTED_LOOKUPS)
    )
    return f"{count / _COUNTED_LOOKUPS:.2g} where {_COUNTED_RATE:.2g} is configured"


def _lookup_in(signer: SignerList) -> RevocationList:
    contents = {one.name: one.content for one in signer.slices}
    return RevocationList(
        [listed_signer(_KID, signer, _NOW)],
        among(partitions(_KID, signer, _NOW)),
        SliceReader(contents.get, most_bytes=sys.maxsize),
    )


def _revoked(whole: bytes, months: int) -> Iterator[Revoked]:
    ends = [_NOW + timedelta(days=31 * (month + 1)) for month in range(months)]
    for number, at in enumerate(range(0, len(whole), HASH_BYTES)):
        yield Revoked(HashType.SIGNATURE, whole[at : at + HASH_BYTES], ends[number % months])


def _figures(signer: SignerList, hashes: int, whole: bytes) -> Iterator[tuple[str, str]]:
    bound = hashes * math.log2(1 / _RATE) / 8
    raw = sum(len(one.content) for one in signer.slices)
    sent = sum(len(archive(_KID_TEXT, some)) for some in _chunks(signer))
    yield "split", f"{signer.mode}, {len(signer.slices):,} slices"
    yield "entropy bound", f"{bound / _MB:,.2f} MB"
    yield "slices", f"{raw / _MB:,.2f} MB, {raw / bound:.2f} of the bound"
    yield "as sent (tar, gzip)", f"{sent / _MB:,.2f} MB, {sent / bound:.2f} of the bound"
    for name, members in (("lookups of members", True), ("lookups of others", False)):
        yield name, f"{_lookups(signer, whole, members=members):,.0f} a second"


def _chunks(signer: SignerList) -> list[list[Slice]]:
    """What a device downloads at a time."""
    chunks: dict[object, list[Slice]] = defaultdict(list)
    for one in signer.slices:
        chunks[one.place].append(one)
    return list(chunks.values())


def _lookups(signer: SignerList, whole: bytes, *, members: bool) -> float:
    chosen = random.Random(_SEED + 1)  # noqa: S311 - the same again
    asked = [
        _at(whole, chosen.randrange(len(whole) // HASH_BYTES))
        if members
        else chosen.randbytes(HASH_BYTES)
        for _ in range(_LOOKUPS)
    ]
    found = _lookup_in(signer)
    present = {one.place for one in signer.slices}
    # Read beforehand, as an application does once.
    warm = {place_of(each, signer.mode): each for each in asked}
    for place, each in warm.items():
        if place in present:
            found.has(_KID_TEXT, {HashType.SIGNATURE: each}, _NOW)
    began = time.process_time()
    answers = [found.has(_KID_TEXT, {HashType.SIGNATURE: each}, _NOW) for each in asked]
    passed = time.process_time() - began
    if answers != [members] * _LOOKUPS:
        raise AssertionError("a lookup is wrong")
    return _LOOKUPS / passed


def _at(whole: bytes, number: int) -> bytes:
    return whole[number * HASH_BYTES : (number + 1) * HASH_BYTES]


if __name__ == "__main__":
    main()
