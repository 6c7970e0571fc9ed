"""Signatures over exports, by keys that never leave KMS."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import AwareDatetime, Field

from vigie.errors import Rejected
from vigie.kms_signature import ecdsa_over
from vigie.model import Frozen
from vigie.tracing.export_format import MOST_SIGNATURES, SignatureInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_kms.client import KMSClient

_NAME = r"^[A-Za-z0-9_]{1,64}$"
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class VerificationKey(Frozen):
    """A key that signs exports, by the names that phones verify it under.

    Attributes:
        arn: KMS key of type ECC_NIST_P256.
        id: `verification_key_id`: the mobile country code.
        version: `verification_key_version`.
        since: from when on it signs; always, if None.
        until: until when it signs, exclusive; for good, if None.
    """

    arn: str
    id: Annotated[str, Field(pattern=_NAME)]
    version: Annotated[str, Field(pattern=_NAME)]
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    def signs_at(self, now: datetime) -> bool:
        """Whether it signs what is exported at a time."""
        return (self.since or _EVER) <= now and (self.until is None or now < self.until)


def signing_at(keys: Sequence[VerificationKey], now: datetime) -> list[VerificationKey]:
    """The keys that sign at a time, the newest first, at most ten.

    Raises:
        Rejected: `export-signers`: no key signs at that time.
    """
    signing = sorted(
        (key for key in keys if key.signs_at(now)), key=lambda key: key.since or _EVER, reverse=True
    )
    if not signing:
        raise Rejected("export-signers", "no key signs exports at this time")
    return signing[:MOST_SIGNATURES]


class Signed(NamedTuple):
    """A signature, and who made it."""

    info: SignatureInfo
    signature: bytes


class ExportSigner:
    """Signs with ECDSA on P-256 and SHA-256, with every key whose time it is.

    Args:
        kms: the KMS client.
        keys: those that sign, have signed or will.
    """

    def __init__(self, kms: KMSClient, keys: Sequence[VerificationKey]) -> None:
        self._kms = kms
        self._keys = keys

    def infos(self, now: datetime) -> tuple[SignatureInfo, ...]:
        """Who signs at a time, the newest key first.

        Raises:
            Rejected: `export-signers`: nobody does.
        """
        return tuple(_info(key) for key in signing_at(self._keys, now))

    def sign(self, binary: bytes, now: datetime) -> list[Signed]:
        """The signatures of an `export.bin` in DER, others at every call; as many as infos.

        Raises:
            Rejected: `export-signers`: nobody signs at that time.
            Unavailable: KMS did not sign.
        """
        digest = hashlib.sha256(binary).digest()
        return [
            Signed(_info(key), ecdsa_over(digest, self._kms, key.arn))
            for key in signing_at(self._keys, now)
        ]


def _info(key: VerificationKey) -> SignatureInfo:
    return SignatureInfo(verification_key_id=key.id, verification_key_version=key.version)
