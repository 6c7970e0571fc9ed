"""The next version of the trust list, from the present one and whom to trust."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count

from vigie.trust.signer_list import ListedSigner, RemovedSigner, SignerList
from vigie.trust.trusted_signer import TrustedSigner

# A verifier that has not asked for longer asks for everything.
REMOVED_KEPT = timedelta(days=400)


def next_list(present: SignerList, trusted: Iterable[TrustedSigner], now: datetime) -> SignerList:
    """List whom to trust: who stays keeps its number, who is new gets the next ones.

    Args:
        present: the version before; an empty one if there is none.
        trusted: of all sources; one that several have is listed once.
        now: aware, in UTC.
    """
    # By certificate: two may share a kid.
    wanted = {one.certificate: one for one in trusted}
    kept = tuple(one for one in present.signers if one.certificate in wanted)
    listed = {one.certificate for one in kept}
    numbers = count(present.last_number + 1)
    new = tuple(
        ListedSigner(number=next(numbers), added_at=now, **one.model_dump())
        for one in sorted(wanted.values(), key=_order)
        if one.certificate not in listed
    )
    signers = (*kept, *new)
    return SignerList(
        signers=signers,
        removed=tuple(_removed(present, {one.kid for one in signers}, now)),
        last_number=present.last_number + len(new),
    )


def _removed(present: SignerList, kids: set[str], now: datetime) -> Iterator[RemovedSigner]:
    """Whoever was taken out and has not come back; a kid that another signer has, stays."""
    for gone in present.removed:
        if gone.kid not in kids and gone.removed_at + REMOVED_KEPT > now:
            yield gone
    for kid in dict.fromkeys(one.kid for one in present.signers):
        if kid not in kids:
            yield RemovedSigner(kid=kid, removed_at=now)


def _order(signer: TrustedSigner) -> tuple[str, str, str]:
    return signer.country, signer.kid, signer.certificate
