"""A poster's code stays; a screen's codes follow each other without a gap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.venues import contact
from vigie.venues.location_part import Location, LocationPart, decrypt, is_genuine, read
from vigie.venues.ntp import ntp_seconds
from vigie.venues.venue_code import (
    CodeMaker,
    ContactDetails,
    code_bytes,
    code_text,
    new_secret,
)
from vigie.venues.venue_rules import Venue

_KEY, _CALLERS = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
_VENUE = Venue(type=9, category1=3, category2=1)
_NOW = datetime(2026, 11, 24, 12, 40, 7, tzinfo=UTC)


def _opened(text: str) -> tuple[LocationPart, Location]:
    content = code_bytes(text)
    assert content is not None
    part = read(content)
    location = decrypt(part, _KEY)
    assert is_genuine(part, location)
    return part, location


def test_a_poster_is_for_good() -> None:
    details = ContactDetails(phone="33139980147", region=11, pin="012345")
    maker = CodeMaker(
        _KEY.public_key(), _VENUE, new_secret(), contact=(details, _CALLERS.public_key())
    )
    _, location = _opened(maker.poster(_NOW))
    assert (location.venue_type, location.category1, location.category2) == (9, 3, 1)
    assert (location.renewal_seconds, location.period_end_seconds) == (None, None)
    assert location.period_start_seconds == ntp_seconds(_NOW.replace(minute=0, second=0))
    assert location.contact is not None
    said = contact.opened(location.contact, _CALLERS)
    assert said.model_dump(exclude={"period_start"}) == details.model_dump()


def test_the_codes_of_a_screen_follow_each_other() -> None:
    maker = CodeMaker(_KEY.public_key(), _VENUE, new_secret())
    end = _NOW + timedelta(hours=5)
    codes = list(maker.series(_NOW, end, period_hours=2))
    shown = [at for at, _ in codes]
    assert shown[0] <= ntp_seconds(_NOW) < shown[1]
    assert max(later - at for at, later in pairwise(shown)) <= 1024
    assert shown[-1] < ntp_seconds(end) <= shown[-1] + 1024
    ids = set()
    for at, text in codes:
        part, location = _opened(text)
        assert location.code_start == at
        assert location.period_start_seconds <= at < (location.period_end_seconds or 0)
        ids.add(part.id)
    # 12 to 14, 14 to 16, and 16 to 18 o'clock.
    assert len(ids) == 3


@given(st.binary(min_size=1, max_size=200))
@settings(max_examples=50)
def test_a_text_is_read_in_either_alphabet(content: bytes) -> None:
    text = code_text(content)
    assert code_bytes(text) == content
    assert code_bytes(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)) == content


@pytest.mark.parametrize("text", ["A", "AB*D", "ABCD EFGH", "AB", "é"])
def test_what_is_not_base64_is_not_read(text: str) -> None:
    assert code_bytes(text) is None
