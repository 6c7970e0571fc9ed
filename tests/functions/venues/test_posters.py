"""A venue manager gets a poster whose code the service opens, and nothing is kept of it."""

from __future__ import annotations

import base64
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from tests.functions.venues.poster_world import LINK, PosterWorld
from vigie.venues.location_part import decrypt, is_genuine, read
from vigie.venues.venue_code import code_bytes

pytestmark = pytest.mark.usefixtures("mocked_aws")


def _scanned(answer: dict[str, Any]) -> str:
    page = pypdfium2.PdfDocument(base64.b64decode(answer["body"]))[0]
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    (code,) = zxingcpp.read_barcodes(page.render(scale=2).to_pil(), formats=formats)
    return code.text


def test_each_poster_is_another_place_that_the_service_opens() -> None:
    world = PosterWorld()
    asked = {"venueType": 4, "venueCategory1": 2, "staff": True, "name": "Canariville"}
    answers = [world.post(asked) for _ in range(2)]
    assert [answer["statusCode"] for answer in answers] == [200, 200]
    assert answers[0]["headers"]["Content-Type"] == "application/pdf"
    ids = set()
    for answer in answers:
        text = _scanned(answer)
        part = read(code_bytes(text.removeprefix(LINK)) or b"")
        location = decrypt(part, world.key)
        assert is_genuine(part, location)
        assert (location.venue_type, location.category1, location.category2) == (4, 2, 0)
        assert location.staff is True
        ids.add(part.id)
    assert len(ids) == 2
    assert "Canariville" not in world.log.getvalue()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"venueType": 32}, 422),
        ({"venueType": 1, "name": "x" * 61}, 422),
        ({"venueType": 1, "phone": "1"}, 422),
        ("{", 400),
        ("x" * 2049, 413),
    ],
)
def test_a_request_that_breaks_a_rule_is_told_so(body: object, status: int) -> None:
    assert PosterWorld().post(body)["statusCode"] == status


def test_without_a_key_there_are_no_posters() -> None:
    answer = PosterWorld(installed=False).post({"venueType": 1})
    assert answer["statusCode"] == 503
    assert "no-venue-key" in answer["body"]
