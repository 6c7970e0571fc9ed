"""QR codes of certificates, against segno."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno

from tests.bench.ratio import Ratio, at_least, measure
from tests.unit.dcc.issuing import issuer_of, negative_test
from vigie.dcc import qr

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCALE = 6


def ratios() -> Iterator[Ratio]:
    """The picture that a person downloads, and that of a page."""
    text = issuer_of().issue(negative_test())
    yield measure(
        "QR code as PNG",
        lambda: qr.png(text, scale=_SCALE),
        "segno, PNG, correction M",
        lambda: _segno_png(text),
        at_least(30),
    )
    yield measure(
        "QR code as SVG",
        lambda: qr.svg(text),
        "segno, SVG, correction M",
        lambda: segno.make_qr(text, error="m", boost_error=False).svg_inline(),
        at_least(30),
    )


def _segno_png(text: str) -> bytes:
    picture = io.BytesIO()
    segno.make_qr(text, error="m", boost_error=False).save(picture, kind="png", scale=_SCALE)
    return picture.getvalue()
