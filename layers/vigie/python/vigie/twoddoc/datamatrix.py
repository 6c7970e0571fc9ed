"""The DataMatrix of a 2D-DOC (ISO/IEC 16022, ECC 200), as PNG and as SVG.

This module is imported only by functions that draw: it needs the layer of documents.
"""

import zxingcpp

from vigie.dcc import symbol
from vigie.dcc.errors import EncodingError

# The norm asks for one; phones that take pictures of paper do better with more.
QUIET_ZONE_MODULES = 4


def png(text: str, *, scale: int = 6) -> bytes:
    """Draw the code as a 1-bit greyscale PNG with its quiet zone.

    Args:
        text: of a 2D-DOC.
        scale: pixels for a side of a module.

    Raises:
        EncodingError: `datamatrix-length` if no code holds the text.
    """
    return symbol.png(symbol.rows(_barcode(text)), quiet=QUIET_ZONE_MODULES, scale=scale)


def svg(text: str) -> str:
    """Draw the code as SVG with its quiet zone, one unit for a module, without a fixed size.

    Raises:
        EncodingError: `datamatrix-length` if no code holds the text.
    """
    return symbol.svg(symbol.rows(_barcode(text)), quiet=QUIET_ZONE_MODULES)


def _barcode(text: str) -> zxingcpp.Barcode:
    try:
        return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix)
    except ValueError:
        raise EncodingError(
            "datamatrix-length", "no DataMatrix holds a text of this length"
        ) from None
