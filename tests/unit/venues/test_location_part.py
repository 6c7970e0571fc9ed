"""QR codes of venues are those of Cléa: other implementations' read here, and ours as they say."""

from __future__ import annotations

import base64
import csv
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.errors import Rejected
from vigie.venues import contact, ecies, location_part
from vigie.venues.contact import VenueContact
from vigie.venues.location_part import Location, encode, is_genuine, read
from vigie.venues.temporary_key import temporary_id, temporary_key

CLEA = Path(__file__).parents[4] / "shared" / "data" / "tracing" / "clea"
_KEY = ec.generate_private_key(ec.SECP256R1())


def private_key(scalar: str) -> ec.EllipticCurvePrivateKey:
    """A key on P-256 by its number in hexadecimal."""
    return ec.derive_private_key(int(scalar, 16), ec.SECP256R1())


def _clea(name: str) -> str:
    path = CLEA / name
    if not path.is_file():
        pytest.skip(f"the vectors of Cléa, {name}, are not there")
    return path.read_text()


def _content(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_codes_of_the_c_and_of_the_java_library_are_read() -> None:
    rows = list(csv.DictReader(_clea("testLSPDecoding.csv").splitlines(), skipinitialspace=True))
    genuine = []
    for row in rows:
        part = read(_content(row["lsp_base64"]))
        location = location_part.decrypt(part, private_key(row["SK_SA"]))
        assert part.id.hex() == row["LTId"].replace("-", "")
        assert location.model_dump(exclude={"contact", "key"}) == {
            "staff": row["staff"] == "1",
            "renewal": int(row["CRIexp"]),
            "venue_type": int(row["venueType"]),
            "category1": int(row["venueCat1"]),
            "category2": int(row["venueCat2"]),
            "period_hours": int(row["periodDuration"]),
            "period_start": int(row["ct_periodStart"]),
            "code_start": int(row["t_qrStart"]),
        }
        assert location.key.hex() == row["LTKey"]
        genuine.append(is_genuine(part, location))
    # The Java library's rows have an id that was made up.
    assert genuine == [True] * 5 + [False] * 5


@pytest.mark.parametrize("place", range(4))
def test_what_cleas_encoders_are_given_comes_back(place: int) -> None:
    asked = json.loads(_clea("encode_in.json"))[place]
    period_start = 1_063_212
    secret = bytes.fromhex(asked["SK_L"])
    authority, callers = private_key(asked["SK_SA"]), private_key(asked["SK_MCTA"])
    said = None
    if "locationPhone" in asked:
        said = VenueContact(
            phone=asked["locationPhone"],
            region=asked["locationRegion"],
            pin=asked["locationPIN"],
            period_start=period_start * 3600,
        )
    location = Location(
        staff=bool(asked["staff"]),
        renewal=asked["CRIexp"],
        venue_type=asked["venueType"],
        category1=asked["venueCategory1"],
        category2=asked["venueCategory2"],
        period_hours=asked["periodDuration"],
        period_start=period_start,
        code_start=period_start * 3600 + 60,
        key=temporary_key(secret, period_start * 3600),
        contact=None if said is None else contact.seal(said, callers.public_key()),
    )
    content = encode(location, authority.public_key())
    part = read(content)
    assert len(content) == (110 if said is None else 175)
    assert location_part.decrypt(part, authority) == location
    assert is_genuine(part, location)
    if location.contact is not None:
        assert contact.opened(location.contact, callers) == said


def test_a_contact_has_the_layout_of_clea() -> None:
    """`testLocationDecoding.csv` of Cléa: its first row in clear."""
    said = VenueContact(phone="3380013000", region=1, pin="012345", period_start=0xE423FAC0)
    sealed = contact.seal(said, _KEY.public_key())
    clear = ecies.decrypt(sealed, _KEY, b"")
    assert clear.hex() == "3380013000fffff001012345e423fac0"


locations = st.builds(
    Location,
    staff=st.booleans(),
    renewal=st.integers(0, 31),
    venue_type=st.integers(0, 31),
    category1=st.integers(0, 15),
    category2=st.integers(0, 15),
    period_hours=st.integers(0, 255),
    period_start=st.integers(0, 2**24 - 1),
    code_start=st.integers(0, 2**32 - 1),
    key=st.binary(min_size=32, max_size=32),
    contact=st.none() | st.binary(min_size=65, max_size=65),
)


@given(locations)
@settings(max_examples=40)
def test_every_code_says_what_was_put_into_it(location: Location) -> None:
    part = read(encode(location, _KEY.public_key()))
    assert location_part.decrypt(part, _KEY) == location
    assert part.id == temporary_id(location.key)


@given(locations, st.integers(0, 8 * 110 - 1))
@settings(max_examples=40)
def test_no_bit_of_a_code_can_be_changed(location: Location, bit: int) -> None:
    content = bytearray(encode(location, _KEY.public_key()))
    content[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Rejected):
        location_part.decrypt(read(bytes(content)), _KEY)
