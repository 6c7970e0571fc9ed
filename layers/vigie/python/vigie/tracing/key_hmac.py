"""The HMAC that binds a verification certificate to the keys that it permits to publish.

The app makes it before it asks for the certificate, under a secret of its own; the secret
comes with the keys. So whoever issues the certificate learns no key.

Source: "Exposure Notification Verification Server: verification protocol", and
`pkg/verification/utils.go` of the Exposure Notification key server.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import NamedTuple

MAC_BYTES = 32


class BoundKey(NamedTuple):
    """What of a key the HMAC is over.

    Attributes:
        key: base64, written exactly as it is sent.
        rolling_start_number: as it is sent.
        rolling_period: as it is sent.
        transmission_risk: as it is sent.
    """

    key: str
    rolling_start_number: int
    rolling_period: int
    transmission_risk: int


def key_hmac(keys: Sequence[BoundKey], secret: bytes) -> bytes:
    """HMAC-SHA256 over keys, whatever their order, with their transmission risks: 32 bytes."""
    return _over((f"{_times(one)}.{one.transmission_risk}" for one in _in_order(keys)), secret)


def key_hmac_without_risks(keys: Sequence[BoundKey], secret: bytes) -> bytes:
    """The same of the shorter form, for apps that give no key a transmission risk: 32 bytes."""
    return _over((_times(one) for one in _in_order(keys)), secret)


def is_bound(keys: Sequence[BoundKey], secret: bytes, mac: bytes) -> bool:
    """Whether an HMAC is over keys: in the longer form, or the shorter one if no key has a risk."""
    if hmac.compare_digest(key_hmac(keys, secret), mac):
        return True
    without_risks = all(one.transmission_risk == 0 for one in keys)
    return without_risks and hmac.compare_digest(key_hmac_without_risks(keys, secret), mac)


def _in_order(keys: Sequence[BoundKey]) -> list[BoundKey]:
    return sorted(keys, key=lambda one: one.key.encode(errors="surrogatepass"))


def _times(one: BoundKey) -> str:
    return f"{one.key}.{one.rolling_start_number}.{one.rolling_period}"


def _over(parts: Iterable[str], secret: bytes) -> bytes:
    return hmac.digest(secret, ",".join(parts).encode(errors="surrogatepass"), hashlib.sha256)
