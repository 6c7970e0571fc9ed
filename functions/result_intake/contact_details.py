"""E-mail addresses as laboratories write them."""

import re

MAX_EMAIL = 254  # RFC 5321 §4.5.3.1.3
_EMAIL = re.compile(
    r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+"
)


def email_address(text: str) -> str | None:
    """The address, stripped, if it is one that mail can be sent to; None if not."""
    address = text.strip()
    if len(address) > MAX_EMAIL or ".." in address or not _EMAIL.fullmatch(address):
        return None
    return address
