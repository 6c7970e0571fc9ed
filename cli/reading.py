"""Finding the text of a certificate in what an operator has: a text, a picture or a PDF.

A certificate is an HCERT (`HC1:`) in a QR code, or a French 2D-DOC (`DC`) in a DataMatrix.
"""

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image

from vigie.dcc.hcert import PREFIX
from vigie.twoddoc import code

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PAGES = 20

_TEXT = re.compile(
    re.escape(PREFIX) + r"[0-9A-Z $%*+\-./:]+"
    r"|DC0[2-4][A-Z0-9]{18}[\x1d\x1e -Z]*\x1f[A-Z2-7=]+"
)
_PDF = b"%PDF-"
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_PICTURE_FORMATS = ("PNG", "JPEG")
# A printed code has 97 modules or more on 35 mm: 200 dpi gives a module 3 pixels.
_DOTS_PER_INCH = 200
_POINTS_PER_INCH = 72
_LONGEST_SIDE_PIXELS = 5000


class ReadingError(Exception):
    """What was given holds no certificate, or cannot be read; the message says why."""


def find_text(source: str) -> str:
    """Find the text of a certificate in an argument or a file.

    Args:
        source: the text itself, or a link or the path of a text file, a PNG, a JPEG or a PDF
            with it.

    Raises:
        ReadingError: if there is no such file, it is too large, or it holds no certificate.
    """
    carried = code.carried(source)
    if carried.startswith(PREFIX) or code.is_code(carried):
        return carried.rstrip(" \r\n")
    content = read_file(Path(source))
    if content.startswith(_PDF):
        return _first(_texts_in_pdf(content))
    if content.startswith(_PICTURES):
        return _first(texts_in_picture(content))
    return _first(_TEXT.findall(content.decode("utf-8", errors="replace")))


def read_file(path: Path) -> bytes:
    """Read a file of at most 20 MiB.

    Raises:
        ReadingError: if it cannot be read or is larger.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ReadingError(f"the file cannot be read ({error.strerror})") from None
    if len(content) > MAX_FILE_BYTES:
        raise ReadingError("the file is larger than 20 MiB")
    return content


def _first(texts: Iterable[str]) -> str:
    for text in map(code.carried, texts):
        if text.startswith(PREFIX) or code.is_code(text):
            return text.rstrip(" \r\n")
    raise ReadingError("no certificate was found: nothing begins with HC1: or is a 2D-DOC")


def texts_in_picture(content: bytes) -> list[str]:
    """The texts of the QR codes and DataMatrices in a PNG or JPEG.

    Raises:
        ReadingError: if it is neither, or has more than 50 million pixels.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_PICTURE_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ReadingError("the picture has more than 50 million pixels")
            return _texts_in_image(_on_white(image))
    except (Image.DecompressionBombError, OSError, SyntaxError):
        raise ReadingError("the picture cannot be read") from None


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in grey; what is transparent shows the paper, not black."""
    if not image.has_transparency_data:
        return image.convert("L")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("L")


def _texts_in_pdf(content: bytes) -> Iterator[str]:
    try:
        with pypdfium2.PdfDocument(content) as document:
            for number in range(min(len(document), MAX_PAGES)):
                page = document[number]
                scale = min(
                    _DOTS_PER_INCH / _POINTS_PER_INCH,
                    _LONGEST_SIDE_PIXELS / max(page.get_size()),
                )
                yield from _texts_in_image(page.render(scale=scale, grayscale=True).to_pil())
    except pypdfium2.PdfiumError:
        raise ReadingError("the PDF cannot be read") from None


def _texts_in_image(image: Image.Image) -> list[str]:
    formats = zxingcpp.BarcodeFormats(
        [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix]
    )
    # As it is: by default the separators of a 2D-DOC are written out, such as `<GS>`.
    codes = zxingcpp.read_barcodes(image, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return [code.text for code in codes]
