"""The QR code of a certificate (ISO/IEC 18004), as PNG and as SVG.

The alphanumeric mode follows from the alphabet of the text (hcert-spec section 4.2.2). A text
that is too long for the level of error correction asked for gets the next lower one. This
module is imported only by functions that draw: it needs the layer of documents.
"""

import zxingcpp

from vigie.dcc import symbol
from vigie.dcc.correction_level import CorrectionLevel
from vigie.dcc.errors import EncodingError

QUIET_ZONE_MODULES = 4

# Trying all eight masks takes seven eighths of the time. Which one is used stands in the
# code itself, and deflated bytes have none of the patterns that the choice should avoid.
_MASK = 0


def png(text: str, *, level: CorrectionLevel = CorrectionLevel.MEDIUM, scale: int = 6) -> bytes:
    """Draw the code as a 1-bit greyscale PNG with its quiet zone.

    Args:
        text: of a certificate.
        level: of error correction.
        scale: pixels for a side of a module.

    Raises:
        EncodingError: `qr-length` if no code holds the text.
    """
    return symbol.png(rows(text, level), quiet=QUIET_ZONE_MODULES, scale=scale)


def svg(text: str, *, level: CorrectionLevel = CorrectionLevel.MEDIUM) -> str:
    """Draw the code as SVG with its quiet zone, one unit for a module, without a fixed size.

    Args:
        text: of a certificate.
        level: of error correction.

    Raises:
        EncodingError: `qr-length` if no code holds the text.
    """
    return symbol.svg(rows(text, level), quiet=QUIET_ZONE_MODULES)


def rows(text: str, level: CorrectionLevel) -> list[str]:
    """The modules of the code without its quiet zone, as `vigie.dcc.symbol.rows` gives them.

    Raises:
        EncodingError: `qr-length` if no code holds the text.
    """
    return symbol.rows(_barcode(text, level))


def _barcode(text: str, wanted: CorrectionLevel) -> zxingcpp.Barcode:
    for level in wanted.and_less():
        try:
            return zxingcpp.create_barcode(
                text, zxingcpp.BarcodeFormat.QRCode, ec_level=level.value, data_mask=_MASK
            )
        except ValueError:
            continue
    raise EncodingError("qr-length", "no QR code holds a text of this length")
