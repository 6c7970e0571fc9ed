"""Pseudonyms: what stands for a person, or a contact, outside the sealed fields."""

import base64
import hashlib
import hmac

from vigie.person.identity import Contact, Identity
from vigie.person.normalisation import normalise_identity


class Pseudonymiser:
    """Keyed, versioned pseudonyms, without a call to AWS for each.

    Args:
        key: 32 secret bytes; see `vigie.sealing.derived_key`.
        version: the version of the key, which each pseudonym carries.
    """

    def __init__(self, key: bytes, version: int) -> None:
        self._key = key
        self._version = version

    def person(self, identity: Identity) -> str:
        """The pseudonym of a person: `p<version>.` and 32 characters of base32."""
        return f"p{self._version}.{self._tag(b'person', normalise_identity(identity))}"

    def contact(self, contact: Contact) -> str | None:
        """A tag equal for equal contact details; None where there are none."""
        if contact.email is None and contact.phone is None:
            return None
        written = f"{(contact.email or '').casefold()}\x1f{contact.phone or ''}".encode()
        return f"c{self._version}.{self._tag(b'contact', written)}"

    def _tag(self, purpose: bytes, content: bytes) -> str:
        digest = hmac.digest(self._key, purpose + b"\x00" + content, hashlib.sha256)
        return base64.b32encode(digest[:20]).decode().lower()
