"""The QR code of a certificate (ISO/IEC 18004), as PNG and as SVG.

Error correction is level Q, as hcert-spec section 4.2.2 recommends, or M where the text
is too long for Q. The alphanumeric mode follows from the alphabet of the text. This
module is imported only by functions that draw: it needs the layer of documents.
"""

import struct
import zlib

import zxingcpp

from vigie.dcc.errors import EncodingError

QUIET_ZONE_MODULES = 4

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREYSCALE_ONE_BIT = bytes((1, 0, 0, 0, 0))
_LEVELS = ("Q", "M")


def png(text: str, *, scale: int = 6) -> bytes:
    """Draw the code as a 1-bit greyscale PNG with its quiet zone.

    Args:
        text: of a certificate.
        scale: pixels for a side of a module.

    Raises:
        EncodingError: `qr-length` if no code holds the text.
    """
    rows = _rows(text)
    size = (len(rows) + 2 * QUIET_ZONE_MODULES) * scale
    white, black = "1" * scale, "0" * scale
    margin = white * QUIET_ZONE_MODULES
    width = (size + 7) // 8
    padding = width * 8 - size
    blank = b"\x00" + b"\xff" * width
    lines = [blank * (QUIET_ZONE_MODULES * scale)]
    for row in rows:
        pixels = margin + row.replace("1", white).replace("0", black) + margin
        line = b"\x00" + (int(pixels, 2) << padding).to_bytes(width, "big")
        lines.append(line * scale)
    lines.append(lines[0])
    header = struct.pack(">II", size, size) + _GREYSCALE_ONE_BIT
    return b"".join(
        (
            _PNG_SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(b"".join(lines))),
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
    path = "".join(
        f"M{start + QUIET_ZONE_MODULES} {y + QUIET_ZONE_MODULES}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _dark_runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/>'
        f'<path d="{path}"/></svg>'
    )


def _rows(text: str) -> list[str]:
    """The modules, one string for a row, `1` for a light one and `0` for a dark one."""
    drawn = zxingcpp.write_barcode_to_image(_barcode(text), add_quiet_zones=False)
    image = memoryview(drawn)  # type: ignore[arg-type]  # it has the buffer protocol, its stub not
    size = image.shape[0] if image.shape else 0
    modules = image.tobytes().translate(_BITS).decode("ascii")
    return [modules[start : start + size] for start in range(0, size * size, size)]


_BITS = bytes(ord("1") if level else ord("0") for level in range(256))


def _barcode(text: str) -> zxingcpp.Barcode:
    for level in _LEVELS:
        try:
            return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
        except ValueError:
            continue
    raise EncodingError("qr-length", "no QR code holds a text of this length")


def _dark_runs(row: str) -> list[tuple[int, int]]:
    runs = []
    start = row.find("0")
    while start >= 0:
        end = row.find("1", start)
        end = len(row) if end < 0 else end
        runs.append((start, end - start))
        start = row.find("0", end)
    return runs


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
