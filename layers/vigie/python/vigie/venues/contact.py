"""How a venue can be called: encrypted to those who call venues, and to nobody else.

60 bits of the number's digits (BCD, filled up with F), 4 reserved, 8 of the region, 24 of the
PIN's digits, 32 of the period's start.

Source: Cléa specification v0, locContactMsg.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.venues import ecies
from vigie.venues.ntp import LATEST

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

MESSAGE_BYTES = 16
SEALED_BYTES = MESSAGE_BYTES + ecies.OVERHEAD_BYTES

_PHONE_DIGITS = 15
_PIN_DIGITS = 6
_FILL = "f"


class VenueContact(Frozen):
    """Whom to call about a venue.

    Attributes:
        phone: up to 15 digits, country code first (E.164 without its sign).
        region: that its calls are made from, 0 to 255.
        pin: six digits, by which the venue knows that it is the health authority that calls.
        period_start: NTP seconds, of the code's period.
    """

    phone: Annotated[str, Field(pattern=r"^[0-9]{1,15}$")]
    region: Annotated[int, Field(ge=0, le=255)]
    pin: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    period_start: Annotated[int, Field(ge=0, le=LATEST)]


def seal(contact: VenueContact, public_key: ec.EllipticCurvePublicKey) -> bytes:
    """The 65 bytes of a contact, encrypted to those who call venues (PK_MCTA)."""
    text = (
        f"{contact.phone.ljust(_PHONE_DIGITS, _FILL)}0"
        f"{contact.region:02x}{contact.pin}{contact.period_start:08x}"
    )
    return ecies.encrypt(bytes.fromhex(text), public_key, b"")


def opened(sealed: bytes, private_key: ec.EllipticCurvePrivateKey) -> VenueContact:
    """The contact that was sealed.

    Raises:
        Rejected: `ecies`, or `contact-content` where it is not one.
    """
    text = ecies.decrypt(sealed, private_key, b"").hex()
    phone, rest = text[:_PHONE_DIGITS], text[_PHONE_DIGITS + 1 :]
    try:
        return VenueContact(
            phone=phone.rstrip(_FILL),
            region=int(rest[:2], 16),
            pin=rest[2 : 2 + _PIN_DIGITS],
            period_start=int(rest[2 + _PIN_DIGITS :], 16),
        )
    except ValueError:
        raise Rejected("contact-content", "it is not a contact") from None
