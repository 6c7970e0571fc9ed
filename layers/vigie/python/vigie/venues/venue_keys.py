"""The private keys that open venues' QR codes: they follow from a key of KMS that nobody can read.

KMS derives two times 32 bytes for each version; their 512 bits, modulo the order of P-256, are the
private key (FIPS 186-5 appendix A.2.1). It is never stored, and its holder asks KMS for it once an
hour, whatever the number of codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec

from vigie.sealing import DerivedKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_kms.client import KMSClient

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class VenueKey:
    """One version of the private key.

    Args:
        kms: the KMS client.
        key_arn: of a key of type HMAC_256 that serves nothing else.
        version: another version gives an unrelated key.
    """

    def __init__(self, kms: KMSClient, key_arn: str, version: str) -> None:
        self._halves = [
            DerivedKey(kms, key_arn, f"venues {version} {half}") for half in ("high", "low")
        ]
        self._made: tuple[bytes, ec.EllipticCurvePrivateKey] | None = None

    def private_key(self) -> ec.EllipticCurvePrivateKey:
        """The key, on P-256.

        Raises:
            Unavailable: KMS did not give it.
        """
        secret = b"".join(half.bytes() for half in self._halves)
        if self._made is None or self._made[0] != secret:
            number = int.from_bytes(secret, "big") % (_ORDER - 1) + 1
            self._made = secret, ec.derive_private_key(number, ec.SECP256R1())
        return self._made[1]


def venue_keys(kms: KMSClient, key_arn: str, versions: Sequence[str]) -> tuple[VenueKey, ...]:
    """The keys of all versions that posters still hang of, the newest first."""
    return tuple(VenueKey(kms, key_arn, version) for version in versions)
