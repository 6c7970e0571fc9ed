"""Who asks: the network address of a client, which is never kept."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from typing import Any

# A household has all addresses of a prefix of IPv6, of 64 bits.
_PREFIX_BYTES = 8
_TAG_BYTES = 16


def client_network(event: dict[str, Any]) -> bytes:
    """The address of a client, or the network of an IPv6 address; empty if it is not told.

    CloudFront and the API each add at the end of `X-Forwarded-For` whom they are asked by, so
    the client is the last one that is not CloudFront; what stands before is the client's own word.

    Args:
        event: of an HTTP API, payload format 2.0.
    """
    asked_by = str(event.get("requestContext", {}).get("http", {}).get("sourceIp", ""))
    forwarded = str(event.get("headers", {}).get("x-forwarded-for", "")).split(",")
    addresses = [one.strip() for one in forwarded if one.strip()] or [asked_by]
    if len(addresses) > 1 and addresses[-1] == asked_by:
        addresses.pop()
    try:
        address = ipaddress.ip_address(addresses[-1])
    except ValueError:
        return b""
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return address.packed[:_PREFIX_BYTES] if mapped is None else mapped.packed
    return address.packed


def client_tag(hour_key: bytes, network: bytes) -> str:
    """What stands for a client for an hour; without the hour's key it leads to no address.

    Args:
        hour_key: 32 random bytes that are deleted after the hour.
        network: as `client_network` gives it.
    """
    return hmac.digest(hour_key, network, hashlib.sha256)[:_TAG_BYTES].hex()
