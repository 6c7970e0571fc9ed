"""`python -m tests.bench.revocation`: slices of revoked certificates beside the entropy bound.

A set of n hashes that takes what is not in it for a member at a rate p needs log2(1/p) bits for
each at least, however it is written. Hashes of one signer expire in as many months as are asked
for. Times are the processor's; memory is the process's peak.
"""

from __future__ import annotations

import argparse
import base64
import math
import random
import resource
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from vigie.revocation.device_list import listed_signer, partitions
from vigie.revocation.hashes import HASH_BYTES, HashType
from vigie.revocation.lookup import RevocationList, SliceReader
from vigie.revocation.partition import place_of
from vigie.revocation.slices import Revoked, SliceType, archive, signer_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vigie.revocation.slices import SignerList, Slice

_SEED = 20261124
_KID = bytes(8)
_KID_TEXT = base64.b64encode(_KID).decode()
_NOW = datetime(2026, 12, 1, tzinfo=UTC)
_RATE = 1e-12
_LOOKUPS = 50_000
_KIB = 1024
_MB = 1e6


def main() -> None:
    """Build, look up, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hashes", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=1)
    parser.add_argument("--type", type=SliceType, default=SliceType.VARHASHLIST)
    asked = parser.parse_args()
    whole = random.Random(_SEED).randbytes(asked.hashes * HASH_BYTES)  # noqa: S311 - the same again
    began = time.process_time()
    signer = signer_list(_revoked(whole, asked.months), asked.type, _RATE)
    built = time.process_time() - began
    table = Table("measured", "figure", title=f"{asked.hashes:,} hashes, {asked.type}, p = {_RATE}")
    for name, figure in _figures(signer, asked.hashes, whole):
        table.add_row(name, figure)
    table.add_row("build", f"{built:,.1f} s, {asked.hashes / built:,.0f} hashes/s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
    table.add_row("peak of memory", f"{peak / _MB:,.0f} MB")
    Console(width=100).print(table)


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
    contents = {one.name: one.content for one in signer.slices}
    found = RevocationList(
        [listed_signer(_KID, signer, _NOW)],
        partitions(_KID, signer, _NOW),
        SliceReader(contents.get),
    )
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
