"""Making the QR codes of a venue: one for a poster, or a series that a screen shows in turn.

A poster's code stays for good. A screen's is renewed every 2**n seconds, and its temporary key
with each period, so that who copies a code can warn of nothing but that time.
"""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from vigie.model import Frozen
from vigie.venues import contact as venue_contact
from vigie.venues.contact import VenueContact
from vigie.venues.location_part import STATIC, UNLIMITED_HOURS, Location, encode
from vigie.venues.ntp import HOUR_SECONDS, ntp_seconds
from vigie.venues.temporary_key import SECRET_BYTES, temporary_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric import ec

    from vigie.venues.venue_rules import Venue

# 1,024 seconds, as Cléa proposes.
RENEWAL = 10


class ContactDetails(Frozen):
    """Whom those who call venues may call.

    Attributes:
        phone: up to 15 digits, country code first.
        region: 0 to 255.
        pin: six digits.
    """

    phone: str
    region: int
    pin: str


class CodeMaker:
    """Makes the codes of one venue.

    Args:
        authority: the public key that codes are encrypted to, on P-256.
        venue: what kind of place it is.
        secret: of the venue, 51 bytes, by which its temporary ids are linked; see `new_secret`.
        staff: whether the codes are for who works there.
        contact: whom to call, with the public key of those who do; None for nobody.
    """

    def __init__(
        self,
        authority: ec.EllipticCurvePublicKey,
        venue: Venue,
        secret: bytes,
        *,
        staff: bool = False,
        contact: tuple[ContactDetails, ec.EllipticCurvePublicKey] | None = None,
    ) -> None:
        self._authority = authority
        self._venue = venue
        self._secret = secret
        self._staff = staff
        self._contact = contact

    def poster(self, now: datetime) -> str:
        """The text of a code that stays for good."""
        seconds = ntp_seconds(now)
        return self._code(_hour(seconds), UNLIMITED_HOURS, seconds, STATIC)

    def series(
        self, start: datetime, end: datetime, *, period_hours: int, renewal: int = RENEWAL
    ) -> Iterator[tuple[int, str]]:
        """The codes of a screen, each with the NTP second that it is shown from.

        Args:
            start: aware; periods begin at the hour that it is in.
            end: aware, exclusive.
            period_hours: how long a temporary key is used, 1 to 254.
            renewal: a code is shown for 2**renewal seconds.
        """
        first, last = _hour(ntp_seconds(start)), ntp_seconds(end)
        for period in range(first, last, period_hours * HOUR_SECONDS):
            for shown in range(period, period + period_hours * HOUR_SECONDS, 1 << renewal):
                if ntp_seconds(start) < shown + (1 << renewal) and shown < last:
                    yield shown, self._code(period, period_hours, shown, renewal)

    def _code(self, period: int, hours: int, shown: int, renewal: int) -> str:
        location = Location(
            staff=self._staff,
            renewal=renewal,
            venue_type=self._venue.type,
            category1=self._venue.category1,
            category2=self._venue.category2,
            period_hours=hours,
            period_start=period // HOUR_SECONDS,
            code_start=shown,
            key=temporary_key(self._secret, period),
            contact=self._sealed(period),
        )
        return code_text(encode(location, self._authority))

    def _sealed(self, period: int) -> bytes | None:
        if self._contact is None:
            return None
        details, callers = self._contact
        said = VenueContact(**details.model_dump(), period_start=period)
        return venue_contact.seal(said, callers)


def new_secret() -> bytes:
    """A secret for a venue."""
    return secrets.token_bytes(SECRET_BYTES)


def code_text(content: bytes) -> str:
    """Base64url without padding, as it stands behind the `#` of a code's link."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def code_bytes(text: str) -> bytes | None:
    """The bytes of such a text, in the standard alphabet too; None if it is not base64."""
    bare = text.rstrip("=").replace("+", "-").replace("/", "_")
    try:
        content = base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except ValueError:
        return None
    # Characters of no alphabet are passed over in reading.
    return content if code_text(content) == bare else None


def _hour(seconds: int) -> int:
    return seconds // HOUR_SECONDS * HOUR_SECONDS
