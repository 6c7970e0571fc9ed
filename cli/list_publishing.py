"""Publishing of lists for verifiers: where they are kept, and who signs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie import aws
from vigie.lists.list_bucket import ListBucket
from vigie.lists.list_signer import ListSigner

if TYPE_CHECKING:
    from cli.deployed import Deployed


def list_bucket(deployed: Deployed) -> ListBucket:
    """The bucket of published lists of an environment.

    Raises:
        Rejected: `environment-unknown`.
        Unavailable: a parameter could not be read.
    """
    return ListBucket(aws.s3(), deployed.parameter("buckets/verifier-lists"))


def list_signer(deployed: Deployed) -> ListSigner:
    """Who signs the lists of an environment.

    Raises:
        Rejected: `environment-unknown`.
        Unavailable: a parameter could not be read.
    """
    return ListSigner(aws.kms(), deployed.parameter("keys/lists"))
