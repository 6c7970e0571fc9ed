"""The QR code of a certificate (ISO/IEC 18004), as PNG and as SVG.

Error correction is level Q, as hcert-spec section 4.2.2 recommends, or M where the text
is too long for Q. The alphanumeric mode follows from the alphabet of the text. This
module is imported only by functions that draw: it needs the layer of documents.
"""

import re
import struct
import zlib
from functools import cache

import zxingcpp

from vigie.dcc.errors import EncodingError

QUIET_ZONE_MODULES = 4

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NO_FILTER = b"\x00"
_GREYSCALE_ONE_BIT = bytes((1, 0, 0, 0, 0))
_LEVELS = ("Q", "M")
# Trying all eight masks takes seven eighths of the time. Which one is used stands in the
# code itself, and deflated bytes have none of the patterns that the choice should avoid.
_MASK = 0
_FASTEST = 1
_BITS = bytes(ord("1") if level else ord("0") for level in range(256))
_RUN = re.compile("0+|1+")
_LARGEST_SIDE = 177
# A row is a line of strokes (`h`) and moves (`m`).
_STROKES = {"0" * length: f"h{length}" for length in range(1, _LARGEST_SIDE + 1)} | {
    "1" * length: f"m{length} 0" for length in range(1, _LARGEST_SIDE + 1)
}


def png(text: str, *, scale: int = 6) -> bytes:
    """Draw the code as a 1-bit greyscale PNG with its quiet zone.

    Args:
        text: of a certificate.
        scale: pixels for a side of a module.

    Raises:
        EncodingError: `qr-length` if no code holds the text.
    """
    rows = _rows(text)
    modules = len(rows) + 2 * QUIET_ZONE_MODULES
    size = modules * scale
    width = (size + 7) // 8
    whole_bytes = (modules + 7) // 8
    margin = "1" * QUIET_ZONE_MODULES
    end = "1" * (whole_bytes * 8 - modules + QUIET_ZONE_MODULES)
    pixels = _pixels(scale)
    blank = (_NO_FILTER + b"\xff" * width) * (QUIET_ZONE_MODULES * scale)
    lines = [blank]
    for row in rows:
        packed = int(margin + row + end, 2).to_bytes(whole_bytes, "big")
        line = b"".join(map(pixels.__getitem__, packed))[:width]
        lines.append((_NO_FILTER + line) * scale)
    lines.append(blank)
    header = struct.pack(">II", size, size) + _GREYSCALE_ONE_BIT
    return b"".join(
        (
            _PNG_SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(b"".join(lines), _FASTEST)),
            _chunk(b"IEND", b""),
        )
    )


def svg(text: str) -> str:
    """Draw the code as SVG with its quiet zone, one unit for a module, without a fixed size.

    Raises:
        EncodingError: `qr-length` if no code holds the text.
    """
    rows = _rows(text)
    size = len(rows) + 2 * QUIET_ZONE_MODULES
    lines = "".join(
        f"M{QUIET_ZONE_MODULES} {y}.5" + "".join(map(_STROKES.__getitem__, _RUN.findall(row)))
        for y, row in enumerate(rows, start=QUIET_ZONE_MODULES)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/>'
        f'<path stroke="#000" d="{lines}"/></svg>'
    )


@cache
def _pixels(scale: int) -> list[bytes]:
    """For each byte of eight modules, its pixels, eight to a byte."""
    bits = ("".join([bit * scale for bit in f"{modules:08b}"]) for modules in range(256))
    return [int(line, 2).to_bytes(scale, "big") for line in bits]


def _rows(text: str) -> list[str]:
    """The modules, one string for a row, `1` for a light one and `0` for a dark one."""
    drawn = zxingcpp.write_barcode_to_image(_barcode(text), add_quiet_zones=False)
    image = memoryview(drawn)  # type: ignore[arg-type]  # it has the buffer protocol, its stub not
    size = image.shape[0] if image.shape else 0
    modules = image.tobytes().translate(_BITS).decode("ascii")
    return [modules[start : start + size] for start in range(0, size * size, size)]


def _barcode(text: str) -> zxingcpp.Barcode:
    for level in _LEVELS:
        try:
            return zxingcpp.create_barcode(
                text, zxingcpp.BarcodeFormat.QRCode, ec_level=level, data_mask=_MASK
            )
        except ValueError:
            continue
    raise EncodingError("qr-length", "no QR code holds a text of this length")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
