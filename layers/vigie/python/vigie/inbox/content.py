"""A fingerprint of what a file says: equal for equal items, in whatever order and parts.

It is the sum of a number for each item, so that parts which are read on their own add up. The
bytes of a file would not tell: the same export, made an hour later, has another date in its
header, and S3 encrypts each upload under another data key, so that not even its ETag repeats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGITS = 32
_NUMBERS = 1 << (4 * _DIGITS)


def fingerprint(hashes: Iterable[str]) -> str:
    """The fingerprint of items, or of parts of a file.

    Args:
        hashes: of each item at least 128 bits of a hash, or of each part the fingerprint;
            hexadecimal.

    Returns:
        128 bits, hexadecimal.
    """
    total = sum(int(one[:_DIGITS], 16) for one in hashes) % _NUMBERS
    return f"{total:0{_DIGITS}x}"
