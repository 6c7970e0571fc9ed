"""What a gateway answers to a batch that it is offered."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from vigie.federation.efgs_signing import bytes_to_sign
from vigie.federation.shared_key import SharedKey

_HASH_CHARACTERS = 16


class Answered(NamedTuple):
    """What became of a batch.

    Attributes:
        refused: whether the gateway took none of it, for what one of its keys may be.
        left: the places of the keys that are to be offered again.
    """

    refused: bool = False
    left: tuple[int, ...] = ()


TAKEN = Answered()
REFUSED = Answered(refused=True)


class Offer(NamedTuple):
    """A batch to be offered.

    Attributes:
        keys: of it.
        tag: of it, which follows from the keys: whoever offers them again, offers the same batch.
        content_hash: SHA-256 of what is signed, in hexadecimal.
    """

    keys: tuple[SharedKey, ...]
    tag: str
    content_hash: str


def offer_of(keys: Iterable[SharedKey], country: str, hour: datetime) -> Offer:
    """The batch of some keys that were released in an hour.

    Its tag is such as `FR-20261124T0600-1f0c2d3e4a5b6c7d`.
    """
    content = tuple(keys)
    digest = hashlib.sha256(bytes_to_sign(content)).hexdigest()
    tag = f"{country}-{hour:%Y%m%dT%H%M}-{digest[:_HASH_CHARACTERS]}"
    return Offer(content, tag, digest)
