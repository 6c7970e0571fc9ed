"""A poster is one A4 page whose code opens the app, and whose name is text and nothing else."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec

from vigie.venues.venue_code import CodeMaker, new_secret
from vigie.venues.venue_poster import poster
from vigie.venues.venue_rules import Venue

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

_NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
_LINK = "vigie-tracing://venue?v=0#"
_KEY = ec.generate_private_key(ec.SECP256R1())
_CODE = CodeMaker(_KEY.public_key(), Venue(type=1, category1=0, category2=0), new_secret()).poster(
    _NOW
)


def _page(name: str, *, staff: bool = False) -> bytes:
    return poster(_LINK, _CODE, name=name, staff=staff, now=_NOW)


def _scanned(image: Image.Image) -> list[str]:
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    return [code.text for code in zxingcpp.read_barcodes(image, formats=formats)]


@pytest.mark.parametrize("name", ["", "Chez Paul & Fils #1 *gras* $x$", "É" * 80])
def test_a_scanner_reads_what_opens_the_app(name: str) -> None:
    page = _page(name)
    document = pypdfium2.PdfDocument(page)
    assert len(document) == 1
    assert document[0].get_size() == pytest.approx((595.3, 841.9), abs=0.5)
    assert _scanned(document[0].render(scale=2).to_pil()) == [f"{_LINK}{_CODE}"]
    text = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert name[:40] in text
    assert "Scan this code" in text
    assert ("People who work here" in text) is False


def test_a_poster_for_staff_says_so() -> None:
    text = pypdfium2.PdfDocument(_page("", staff=True))[0].get_textpage().get_text_bounded()
    assert "People who work here" in " ".join(text.split())


def test_it_says_what_pdf_a_and_pdf_ua_ask_for() -> None:
    root: Any = pypdf.PdfReader(io.BytesIO(_page("Chez Paul"))).trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "Chez Paul" not in metadata


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="Poppler is not there")
def test_poppler_draws_it_alike(tmp_path: Path) -> None:
    from PIL import Image  # noqa: PLC0415 - only where Poppler is

    path = tmp_path / "poster.pdf"
    path.write_bytes(_page("Chez Paul"))
    subprocess.run(  # noqa: S603 - our own arguments
        ["pdftoppm", "-r", "100", "-png", "-singlefile", str(path), str(tmp_path / "poster")],  # noqa: S607
        check=True,
    )
    assert _scanned(Image.open(tmp_path / "poster.png")) == [f"{_LINK}{_CODE}"]
