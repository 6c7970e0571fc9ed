"""The text of a certificate as it is sealed: without the base45 that only a QR code needs."""

from vigie.dcc import base45
from vigie.dcc.hcert import PREFIX, unprefix


def packed(text: str) -> bytes:
    """The zlib stream that an `HC1:` text stands for, a third shorter.

    Raises:
        DecodingError: it is no such text.
    """
    return base45.decode(unprefix(text))


def unpacked(content: bytes) -> str:
    """The `HC1:` text of what was packed, or of a text that was sealed as it is (schema 1).

    A zlib stream never begins as the text does (RFC 1950: its first byte is 0x78 there).
    """
    if content.startswith(PREFIX.encode()):
        return content.decode("ascii")
    return PREFIX + base45.encode(content)
