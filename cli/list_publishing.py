"""Publishing of lists for verifiers: where they are kept, and who signs them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from vigie import aws
from vigie.lists.list_bucket import ListBucket
from vigie.lists.list_signer import ListSigner
from vigie.lists.publication import ListFile

if TYPE_CHECKING:
    from datetime import datetime

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


def bulk_file(name: str, body: bytes, signer: ListSigner, now: datetime) -> ListFile:
    """All of a list as one signed file: a JWS over the list and when it was signed (`iat`).

    Args:
        name: of the file, below `lists/`.
        body: of the list, a JSON object.
        signer: who signs it.
        now: aware, in UTC.

    Raises:
        Unavailable: KMS did not sign.
    """
    payload = {"iat": int(now.timestamp()), **json.loads(body)}
    signed = signer.jws(json.dumps(payload, separators=(",", ":")).encode())
    return ListFile(signed.encode(), content_type="application/jose", public_path=f"lists/{name}")
