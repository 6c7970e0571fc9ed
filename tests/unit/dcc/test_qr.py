"""The QR code: what is drawn is read back."""

import io
import re

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.unit.dcc.issuing import issuer_of, negative_test
from vigie.dcc import base45, qr
from vigie.dcc.correction_level import CorrectionLevel
from vigie.dcc.errors import EncodingError


def _read(image: Image.Image) -> zxingcpp.Barcode:
    (code,) = zxingcpp.read_barcodes(image)
    return code


def _drawn(
    text: str, scale: int = 6, level: CorrectionLevel = CorrectionLevel.MEDIUM
) -> Image.Image:
    return Image.open(io.BytesIO(qr.png(text, level=level, scale=scale)))


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=700), st.sampled_from(CorrectionLevel))
def test_a_drawn_code_is_read_back_with_the_correction_asked_for(
    data: bytes, level: CorrectionLevel
) -> None:
    text = f"HC1:{base45.encode(data)}"

    code = _read(_drawn(text, 3, level))

    assert code.text == text
    assert code.ec_level == level


@pytest.mark.parametrize("scale", [1, 2, 3, 5, 8, 11])
def test_the_picture_has_one_bit_and_four_white_modules_around(scale: int) -> None:
    image = _drawn("HC1:ABC", scale)
    border = 4 * scale

    assert image.mode == "1"
    assert image.size == ((21 + 8) * scale, (21 + 8) * scale)
    assert image.getpixel((border, border)) == 0
    side = image.size[0]
    for box in (
        (0, 0, side, border),
        (0, side - border, side, side),
        (0, 0, border, side),
        (side - border, 0, side, side),
    ):
        assert image.crop(box).getextrema() == (255, 255)


def test_the_alphabet_is_written_in_alphanumeric_mode() -> None:
    # In byte mode a code of level Q holds 1,663 characters.
    text = (base45.ALPHABET * 54)[:2420]

    code = _read(_drawn(text, 4, CorrectionLevel.QUARTILE))

    assert (code.text, code.ec_level) == (text, "Q")


def test_a_certificate_is_read_back() -> None:
    text = issuer_of().issue(negative_test())

    assert _read(_drawn(text)).text == text


@pytest.mark.parametrize(("length", "level"), [(2420, "Q"), (2421, "M"), (3392, "L"), (4296, "L")])
def test_a_text_that_is_too_long_for_a_correction_gets_less_of_it(length: int, level: str) -> None:
    assert _read(_drawn("A" * length, 4, CorrectionLevel.QUARTILE)).ec_level == level


def test_a_text_that_no_code_holds_is_refused() -> None:
    with pytest.raises(EncodingError) as refused:
        qr.png("A" * 4297)

    assert refused.value.rule == "qr-length"


def test_the_svg_draws_the_same_modules() -> None:
    text = issuer_of().issue(negative_test())
    picture = _drawn(text, 1)

    assert _dark_modules(qr.svg(text)) == {
        (x, y)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y)) == 0
    }
    assert f'viewBox="0 0 {picture.width} {picture.height}"' in qr.svg(text)


def _dark_modules(svg: str) -> set[tuple[int, int]]:
    (lines,) = re.findall(r'stroke="#000" d="([^"]*)"', svg)
    dark = set()
    for line in lines.split("M")[1:]:
        start, row, steps = re.fullmatch(r"(\d+) (\d+)\.5(.*)", line).groups()  # type: ignore[union-attr]
        x, y = int(start), int(row)
        for step, length in re.findall(r"([hm])(\d+)", steps):
            if step == "h":
                dark |= {(x + offset, y) for offset in range(int(length))}
            x += int(length)
    return dark
