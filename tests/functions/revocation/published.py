"""Slices of a signer in the bucket, as a publication leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.revocation.device_list import (
    listed_signer,
    partitions,
    write_listed,
    write_lists,
    write_partition,
    write_partitions,
)
from vigie.revocation.slices import SliceType, signer_list

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from vigie.revocation.revocation_bucket import RevocationBucket
    from vigie.revocation.slices import Revoked


def publish_slices(
    bucket: RevocationBucket, kid: bytes, revoked: Iterable[Revoked], now: datetime
) -> None:
    """Put all that is revoked of a signer; `/lists` has it alone, or nothing."""
    made = signer_list(revoked, SliceType.VARHASHLIST, 1e-12)
    if not made.slices:
        bucket.put_lists(write_lists([]), "")
        return
    for one in made.slices:
        bucket.put_slice(one.name, one.content)
    listed, found = listed_signer(kid, made, now), partitions(kid, made, now)
    bucket.put_partitions(
        kid,
        write_partitions(found),
        {one.name: write_partition(one) for one in found},
        made_of=made.slices[0].name,
        listed=write_listed(listed),
    )
    bucket.put_lists(write_lists([listed]), "")
