"""The trust list as it is published: the file `signers.json` of the list `trust`."""

from datetime import datetime

from vigie.model import Frozen

TRUST = "trust"
SIGNERS_FILE = "signers.json"


class ListedSigner(Frozen):
    """A document signer that verifiers trust.

    Attributes:
        number: its place in the order of resumption, from 1; never given again.
        kid: first 8 bytes of the SHA-256 of its certificate, base64; two may share one.
        country: ISO 3166-1 alpha-2, of its CSCA.
        certificate: DER in base64.
        added_at: when it was first published, in UTC.
    """

    number: int
    kid: str
    country: str
    certificate: str
    added_at: datetime


class RemovedSigner(Frozen):
    """A document signer that verifiers trust no longer.

    Attributes:
        kid: base64, which no listed signer has.
        removed_at: when, in UTC.
    """

    kid: str
    removed_at: datetime


class SignerList(Frozen):
    """The signers in the order of their numbers, and those that were taken out.

    Attributes:
        signers: whom to trust.
        removed: for verifiers that ask what changed.
        last_number: the last that was given.
    """

    signers: tuple[ListedSigner, ...] = ()
    removed: tuple[RemovedSigner, ...] = ()
    last_number: int = 0
