"""The QR code of a certificate (ISO/IEC 18004), as PNG and as SVG.

Error correction is level Q, as hcert-spec section 4.2.2 recommends, or M where the text
is too long for Q. The alphanumeric mode follows from the alphabet of the text. This
module is imported only by functions that draw: it needs the layer of documents.
"""

import zxingcpp

from vigie.dcc import symbol
from vigie.dcc.errors import EncodingError

QUIET_ZONE_MODULES = 4

_LEVELS = ("Q", "M")
# Trying all eight masks takes seven eighths of the time. Which one is used stands in the
# code itself, and deflated bytes have none of the patterns that the choice should avoid.
_MASK = 0


def png(text: str, *, scale: int = 6) -> bytes:
    """Draw the code as a 1-bit greyscale PNG with its quiet zone.

    Args:
        text: of a certificate.
        scale: pixels for a side of a module.

    Raises:
        EncodingError: `qr-length` if no code holds the text.
    """
    return symbol.png(symbol.rows(_barcode(text)), quiet=QUIET_ZONE_MODULES, scale=scale)


def svg(text: str) -> str:
    """Draw the code as SVG with its quiet zone, one unit for a module, without a fixed size.

    Raises:
        EncodingError: `qr-length` if no code holds the text.
    """
    return symbol.svg(symbol.rows(_barcode(text)), quiet=QUIET_ZONE_MODULES)


def _barcode(text: str) -> zxingcpp.Barcode:
    for level in _LEVELS:
        try:
            return zxingcpp.create_barcode(
                text, zxingcpp.BarcodeFormat.QRCode, ec_level=level, data_mask=_MASK
            )
        except ValueError:
            continue
    raise EncodingError("qr-length", "no QR code holds a text of this length")
