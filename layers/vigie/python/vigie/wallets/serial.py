"""The number of a pass."""

import hashlib

from vigie.lists.list_signer import base64url

_PURPOSE = b"vigie:wallet:"
_BYTES = 16


def serial_of(hcert: str) -> str:
    """The number of the pass of a certificate: 22 letters, digits, `-` and `_`.

    The same certificate has the same number, so that a second download replaces the first pass.
    Nobody guesses it: the certificate that it is a hash of holds a random signature. And it is
    another hash than those of revocation lists, so that neither leads to the other.
    """
    return base64url(hashlib.sha256(_PURPOSE + hcert.encode()).digest()[:_BYTES])
