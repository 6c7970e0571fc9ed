"""The location-specific part (LSP): what a venue's QR code holds.

A byte of version and type, the temporary id in the clear, and a message that is encrypted to the
health authority. The message has 44 bytes: 32 bits (staff 1, contact 1, reserved 12, renewal 5,
venue type 5, category 1 4, category 2 4), the period's duration 1 byte and start 3, the code's
start 4, the temporary key 32; then the venue's contact, if it gives one.

Source: Cléa specification v0, "Location Specific Part".
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationError

from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.venues import ecies
from vigie.venues.contact import SEALED_BYTES
from vigie.venues.ntp import HOUR_SECONDS, LATEST
from vigie.venues.temporary_key import ID_BYTES, KEY_BYTES, temporary_id

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

UNLIMITED_HOURS = 255
STATIC = 31

_HEADER = struct.Struct(f">B{ID_BYTES}s")
_MESSAGE = struct.Struct(f">IB3sI{KEY_BYTES}s")
_SHORT = _HEADER.size + _MESSAGE.size + ecies.OVERHEAD_BYTES
_LONG = _SHORT + SEALED_BYTES
# Version 0 and type 0; the two bits after them are reserved.
_VERSION_AND_TYPE = 0b1111_1100

VenueType = Annotated[int, Field(ge=0, le=31)]
Category = Annotated[int, Field(ge=0, le=15)]


class Location(Frozen):
    """What the health authority reads of a QR code.

    Attributes:
        staff: whether it is for who works there.
        renewal: codes are renewed every 2**renewal seconds; 31 for never.
        venue_type: 0 to 31.
        category1: 0 to 15, of the type.
        category2: 0 to 15, of the type.
        period_hours: how long the temporary key is used; 255 for good.
        period_start: NTP hours.
        code_start: NTP seconds, from when the code was shown.
        key: the temporary key, 32 bytes.
        contact: the venue's contact, encrypted to who calls venues; None if it gives none.
    """

    staff: bool
    renewal: Annotated[int, Field(ge=0, le=31)]
    venue_type: VenueType
    category1: Category
    category2: Category
    period_hours: Annotated[int, Field(ge=0, le=UNLIMITED_HOURS)]
    period_start: Annotated[int, Field(ge=0, lt=2**24)]
    code_start: Annotated[int, Field(ge=0, le=LATEST)]
    key: Annotated[bytes, Field(min_length=KEY_BYTES, max_length=KEY_BYTES)]
    contact: Annotated[bytes, Field(min_length=SEALED_BYTES, max_length=SEALED_BYTES)] | None = None

    @property
    def renewal_seconds(self) -> int | None:
        """How long a code is shown; None for one that is never renewed."""
        return None if self.renewal == STATIC else 1 << self.renewal

    @property
    def period_start_seconds(self) -> int:
        """The start of the period, NTP seconds."""
        return self.period_start * HOUR_SECONDS

    @property
    def period_end_seconds(self) -> int | None:
        """The end of the period, NTP seconds, exclusive; None if there is none."""
        if self.period_hours == UNLIMITED_HOURS:
            return None
        return self.period_start_seconds + self.period_hours * HOUR_SECONDS


class LocationPart(Frozen):
    """A QR code that was read but not decrypted.

    Attributes:
        id: the temporary id, 16 bytes.
        content: all its bytes.
    """

    id: bytes
    content: bytes


def encode(location: Location, public_key: ec.EllipticCurvePublicKey) -> bytes:
    """The 110 bytes of a code, or 175 with a contact; others each time.

    Args:
        location: what it says.
        public_key: of the health authority (PK_SA), on P-256.
    """
    header = _HEADER.pack(0, temporary_id(location.key))
    return header + ecies.encrypt(_packed(location), public_key, header)


def read(content: bytes) -> LocationPart:
    """What everybody can read of a code.

    Raises:
        Rejected: `location-length` or `location-version`.
    """
    if len(content) not in (_SHORT, _LONG):
        raise Rejected("location-length", "it does not have 110 or 175 bytes")
    first, identity = _HEADER.unpack_from(content)
    if first & _VERSION_AND_TYPE:
        raise Rejected("location-version", "its version or type is not 0")
    return LocationPart(id=identity, content=content)


def decrypt(part: LocationPart, private_key: ec.EllipticCurvePrivateKey) -> Location:
    """What the health authority reads of a code.

    Whether the id follows from the key is not looked at: see `is_genuine`.

    Raises:
        Rejected: `ecies`, or `location-content` where its length is not what it says.
    """
    header = part.content[: _HEADER.size]
    return _unpacked(ecies.decrypt(part.content[_HEADER.size :], private_key, header))


def is_genuine(part: LocationPart, location: Location) -> bool:
    """Whether the public id of a code follows from the key in it."""
    return temporary_id(location.key) == part.id


def _packed(location: Location) -> bytes:
    bits = int(location.staff)
    for value, width in (
        (location.contact is not None, 1),
        (0, 12),
        (location.renewal, 5),
        (location.venue_type, 5),
        (location.category1, 4),
        (location.category2, 4),
    ):
        bits = bits << width | value
    start = location.period_start.to_bytes(3, "big")
    fixed = _MESSAGE.pack(bits, location.period_hours, start, location.code_start, location.key)
    return fixed + (location.contact or b"")


def _unpacked(message: bytes) -> Location:
    bits, hours, start, code_start, key = _MESSAGE.unpack_from(message)
    contact = message[_MESSAGE.size :]
    if bool(contact) != bool(bits >> 30 & 1):
        raise Rejected("location-content", "the contact that it names is not there")
    try:
        return Location(
            staff=bool(bits >> 31),
            renewal=bits >> 13 & 31,
            venue_type=bits >> 8 & 31,
            category1=bits >> 4 & 15,
            category2=bits & 15,
            period_hours=hours,
            period_start=int.from_bytes(start, "big"),
            code_start=code_start,
            key=key,
            contact=contact or None,
        )
    except ValidationError:
        raise Rejected("location-content", "a value is out of its range") from None
