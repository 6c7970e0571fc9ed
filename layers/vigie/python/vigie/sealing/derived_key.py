"""A secret key that is derived inside KMS and kept in memory for an hour."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from vigie.aws import aws_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_kms.client import KMSClient

_LIFETIME_SECONDS = 3600


class DerivedKey:
    """HMAC-SHA256 of a label under an HMAC key of KMS: the same 32 bytes at every call.

    The KMS key cannot be read by anyone, so there is no secret to store or to
    rotate by hand, and one call an hour replaces one for each record.

    Args:
        kms: the KMS client.
        key_id: ARN of a key of type HMAC_256.
        label: what the derived key is for; another label gives an unrelated key.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        kms: KMSClient,
        key_id: str,
        label: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kms = kms
        self._key_id = key_id
        self._label = label
        self._clock = clock
        self._held: tuple[float, bytes] | None = None

    def bytes(self) -> bytes:
        """The 32 bytes.

        Raises:
            Unavailable: KMS did not give them.
        """
        now = self._clock()
        if self._held is not None and now < self._held[0]:
            return self._held[1]
        with aws_errors("kms-derived-key"):
            mac = self._kms.generate_mac(
                KeyId=self._key_id, Message=self._label.encode(), MacAlgorithm="HMAC_SHA_256"
            )["Mac"]
        self._held = (now + _LIFETIME_SECONDS, mac)
        return mac
